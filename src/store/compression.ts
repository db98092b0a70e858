/** The platform's deflate, which costs an app no code; where it has none, JavaScript's is loaded when it is needed. */
import { asIbexError, IbexError } from '../errors.js'
import type { Compression } from '../sync/batch.js'

/** Safari has had raw deflate since 16.4, Firefox since 113, Chromium since 103. */
export function platformCompression(): Compression {
  return typeof CompressionStream === 'function' && typeof DecompressionStream === 'function' ? native : onDemand
}

const native: Compression = {
  deflate: (bytes) => pump(bytes, new CompressionStream('deflate-raw'), Number.POSITIVE_INFINITY),
  async inflate(bytes, size) {
    let inflated: Uint8Array
    try {
      inflated = await pump(bytes, new DecompressionStream('deflate-raw'), size)
    } catch (cause) {
      throw asIbexError(cause, 'malformed-bytes', 'Commits cannot be inflated.')
    }
    if (inflated.length !== size)
      throw new IbexError('malformed-bytes', `Commits of ${inflated.length} bytes, not ${size}.`)
    return inflated
  },
}

const onDemand: Compression = {
  deflate: async (bytes) => (await import('../sync/deflate.js')).fflateCompression.deflate(bytes),
  inflate: async (bytes, size) => (await import('../sync/deflate.js')).fflateCompression.inflate(bytes, size),
}

/** Sends bytes through a stream; throws `malformed-bytes` as soon as more than `most` come out. */
async function pump(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter()
  // What fails here fails the reader too, which says so.
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => {})
  writer.close().catch(() => {})
  const parts: Uint8Array[] = []
  let length = 0
  const reader = stream.readable.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value)
    length += next.value.length
    if (length <= most) continue
    await reader.cancel().catch(() => {})
    throw new IbexError('malformed-bytes', `Commits inflate to more than the ${most} bytes declared.`)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
