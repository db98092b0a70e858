/**
 * Strict UTF-8. Written by hand for short text, where that is faster than the platform's coders, and for places that
 * have none (Jest's jsdom, older React Native); long text goes through the platform.
 */
const LONG = 100
const LONE_SURROGATE = /[\ud800-\udfff]/u

let encoder: TextEncoder | undefined
let decoder: TextDecoder | undefined

/** Whether `text` has no surrogate without its other half, and so has an encoding in UTF-8. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text)
}

/**
 * Writes `text` at `at`, where there must be room for three bytes a code unit. Returns the end, or −1 if the text is not
 * well formed.
 */
export function writeUtf8(text: string, into: Uint8Array, at: number): number {
  if (text.length > LONG && typeof TextEncoder === 'function') {
    if (!isWellFormed(text)) return -1
    return at + (encoder ??= new TextEncoder()).encodeInto(text, into.subarray(at)).written
  }
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i)
    if (code < 0x80) into[at++] = code
    else {
      if (code < 0x800) into[at++] = 0xc0 | (code >> 6)
      else {
        if ((code & 0xf800) !== 0xd800) into[at++] = 0xe0 | (code >> 12)
        else {
          const next = text.charCodeAt(++i)
          if (code > 0xdbff || (next & 0xfc00) !== 0xdc00) return -1
          code = 0x10000 + ((code & 0x3ff) << 10) + (next & 0x3ff)
          into[at++] = 0xf0 | (code >> 18)
          into[at++] = 0x80 | ((code >> 12) & 63)
        }
        into[at++] = 0x80 | ((code >> 6) & 63)
      }
      into[at++] = 0x80 | (code & 63)
    }
  }
  return at
}

/** The text of the bytes from `start` up to `end`, or `undefined` if they are not strict UTF-8 (RFC 3629, section 4). */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start > LONG && typeof TextDecoder === 'function') {
    try {
      return (decoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })).decode(bytes.subarray(start, end))
    } catch {
      return undefined
    }
  }
  let text = ''
  for (let i = start; i < end;) {
    let code = bytes[i++]!
    if (code < 0x80) text += String.fromCharCode(code)
    else {
      const more = code > 0xef ? 3 : code > 0xdf ? 2 : 1
      if (code < 0xc2 || code > 0xf4 || i + more > end) return undefined
      code &= 63 >> more
      for (const stop = i + more; i < stop; i++) {
        if ((bytes[i]! & 0xc0) !== 0x80) return undefined
        code = (code << 6) | (bytes[i]! & 63)
      }
      // Too long an encoding, beyond Unicode, half of a surrogate pair.
      if (code < 1 << (more * 5 + 1) || code > 0x10ffff || (code & 0x1ff800) === 0xd800) return undefined
      text += String.fromCodePoint(code)
    }
  }
  return text
}

/** Negative, zero or positive: the order of two well-formed strings by their bytes in UTF-8, which is that of code points. */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    // Surrogates stand for code points above all others, but below U+E000 as code units.
    if (x !== y) return rise(x) - rise(y)
  }
  return a.length - b.length
}

function rise(unit: number): number {
  return (unit & 0xf800) === 0xd800 ? unit + 0x10000 : unit
}
