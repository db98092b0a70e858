/** Bytes as base64 (RFC 4648, section 4): by the platform where it can (ECMAScript 2026), which is many times as fast. */
import { IbexError } from '../errors.js'

/** So many characters at once can be made of bytes by a call. */
const STRETCH = 8192

export function toBase64(bytes: Uint8Array & { toBase64?: () => string }): string {
  if (bytes.toBase64) return bytes.toBase64()
  let text = ''
  for (let from = 0; from < bytes.length; from += STRETCH) {
    text += String.fromCharCode(...bytes.subarray(from, from + STRETCH))
  }
  return btoa(text)
}

/** Throws `malformed-bytes`. */
export function fromBase64(text: string): Uint8Array {
  const platform = Uint8Array as typeof Uint8Array & { fromBase64?: (text: string) => Uint8Array }
  try {
    if (platform.fromBase64) return platform.fromBase64(text)
    const characters = atob(text)
    const bytes = new Uint8Array(characters.length)
    for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at)
    return bytes
  } catch (cause) {
    throw new IbexError('malformed-bytes', 'Not base64.', { cause })
  }
}
