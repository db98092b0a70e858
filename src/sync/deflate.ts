/** Raw deflate that runs everywhere, on fflate. Import it when it is needed: it is larger than the rest of sync. */
import { deflateSync, Inflate } from 'fflate'
import { IbexError } from '../errors.js'
import type { Compression } from './batch.js'

/** Deflate expands by at most 1,032, so that a slice of input can overshoot the declared size by 2 MiB at the worst. */
const SLICE = 2048

export const fflateCompression: Compression = {
  deflate: (bytes) => deflateSync(bytes, { level: 6 }),

  inflate(bytes, size) {
    const whole = new Uint8Array(size)
    let length = 0
    const stream = new Inflate((part) => {
      if (length + part.length > size) throw wrong(`more than the ${size} bytes declared`)
      whole.set(part, length)
      length += part.length
    })
    try {
      for (let at = 0; at < bytes.length || at === 0; at += SLICE) {
        stream.push(bytes.subarray(at, at + SLICE), at + SLICE >= bytes.length)
      }
    } catch (cause) {
      throw cause instanceof IbexError ? cause : wrong('not deflated', cause)
    }
    if (length < size) throw wrong(`fewer than the ${size} bytes declared`)
    return whole
  },
}

function wrong(what: string, cause?: unknown): IbexError {
  return new IbexError('malformed-bytes', `Commits cannot be inflated: ${what}.`, { cause })
}
