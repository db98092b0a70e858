/** Raw deflate by Node's own zlib, on its threads. */
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import { IbexError } from '../errors.js'
import type { Compression } from '../sync/batch.js'

const deflateAsync = promisify<Uint8Array, { level: number }, Buffer>(deflateRaw)
const inflateAsync = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflateRaw)

export const nodeCompression: Compression = {
  deflate: (bytes) => deflateAsync(bytes, { level: 6 }),

  async inflate(bytes, size) {
    let inflated: Buffer | undefined
    let cause: unknown
    try {
      // It stops as soon as there is more.
      inflated = await inflateAsync(bytes, { maxOutputLength: size })
    } catch (error) {
      cause = error
    }
    if (inflated?.length === size) return inflated
    throw new IbexError('malformed-bytes', `Commits do not inflate to the ${size} bytes declared.`, { cause })
  },
}
