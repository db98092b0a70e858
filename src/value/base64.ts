/** Bytes as base64, where neither `Buffer` nor `Uint8Array.prototype.toBase64` can be counted on. */
import { IbexError } from '../errors.js'

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

/** Throws `malformed-bytes`. */
export function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch (cause) {
    throw new IbexError('malformed-bytes', 'Not base64.', { cause })
  }
}
