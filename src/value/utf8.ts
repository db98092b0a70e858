/**
 * Strict UTF-8 by the platform's coders, which are the fastest for all but short ASCII text; by `encodeURIComponent`,
 * which is part of the language and as strict, where there are none (Jest's jsdom, older React Native).
 */
import { toHex } from '../ids.js'

const SHORT = 16
const LONE_SURROGATE = /[\ud800-\udfff]/u

let encoder: TextEncoder | undefined
let decoder: TextDecoder | undefined

/** Whether `text` has no surrogate without its other half, and so has an encoding in UTF-8. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text)
}

/** The bytes of `text`, which must be well formed: platforms replace other characters in silence. */
export function encodeUtf8(text: string): Uint8Array {
  if (typeof TextEncoder === 'function') return (encoder ??= new TextEncoder()).encode(text)
  const parts = encodeURIComponent(text).match(/%..|./g) ?? []
  return Uint8Array.from(parts, (part) => (part[1] ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0)))
}

/** The text of `bytes`; throws what the platform throws if they are not strict UTF-8 (RFC 3629, section 4). */
export function decodeUtf8(bytes: Uint8Array): string {
  const hasDecoder = typeof TextDecoder === 'function'
  if (bytes.length <= SHORT || !hasDecoder) {
    let text = ''
    let bits = 0
    for (let i = 0; i < bytes.length; i++) {
      bits |= bytes[i]!
      text += String.fromCharCode(bytes[i]!)
    }
    if (bits < 128) return text
    if (!hasDecoder) return decodeURIComponent(toHex(bytes).replace(/../g, '%$&'))
  }
  return (decoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })).decode(bytes)
}

/** Negative, zero or positive: the order of two well-formed strings by their bytes in UTF-8, which is that of code points. */
export function compareUtf8(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = rise(a.charCodeAt(i)) - rise(b.charCodeAt(i))
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** Surrogates stand for code points above all others, but below U+E000 as code units. */
function rise(unit: number): number {
  return unit >> 11 === 27 ? unit + 0x10000 : unit
}
