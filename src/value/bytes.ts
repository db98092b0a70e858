/**
 * Writing and reading bytes. Every encoding is canonical: a reader refuses whatever the writer would have written
 * otherwise, so `encode(decode(b))` equals `b` for every accepted `b` (protocol.md, section 2).
 *
 * A value is a tag byte and its content:
 * ```
 * 0 null   1 false   2 true
 * 3 integer   zigzag varint; every safe integer
 * 4 double    8 bytes, little-endian; finite and not a safe integer
 * 5 string    length in bytes, strict UTF-8
 * 6 bytes     length, bytes
 * 7 array     count, values
 * 8 object    count, then key and value, keys ascending by their bytes
 * ```
 * A varint holds 7 bits a byte, the lowest first; all but the last have the high bit; the last is not 0 unless alone.
 */
import { IbexError } from '../errors.js'
import { toHex } from '../ids.js'
import { compareUtf8, decodeUtf8, encodeUtf8, isWellFormed } from './utf8.js'
import type { Value } from './value.js'
import { FORBIDDEN_KEY, isBytes, isPlainObject, MAX_DEPTH } from './value.js'

const NULL = 0
const FALSE = 1
const TRUE = 2
const INTEGER = 3
const DOUBLE = 4
const STRING = 5
const BYTES = 6
const ARRAY = 7
const OBJECT = 8

/** Writes into a buffer that grows. What cannot be encoded throws `invalid-value`. */
export class ByteWriter {
  private buffer: Uint8Array
  private at = 0

  /** `capacity` bytes are reserved at first. */
  constructor(capacity: number = 128) {
    this.buffer = new Uint8Array(capacity)
  }

  /** Bytes written so far. */
  get length(): number {
    return this.at
  }

  /** A copy of all that was written. The writer can go on. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.at)
  }

  /** One byte, 0 to 255. */
  u8(byte: number): void {
    this.reserve(1)
    this.buffer[this.at++] = byte
  }

  /** A whole number from 0 to 2^53 − 1, in one to eight bytes. */
  varuint(n: number): void {
    if (!Number.isSafeInteger(n) || n < 0) throw invalid(n)
    this.reserve(8)
    while (n > 127) {
      this.buffer[this.at++] = (n % 128) | 128
      // Shifting would cut the number to 32 bits.
      n = Math.floor(n / 128)
    }
    this.buffer[this.at++] = n
  }

  /** A safe integer: sign in the lowest bit, then the magnitude, as a varint of 54 bits. */
  zigzag(n: number): void {
    if (!Number.isSafeInteger(n)) throw invalid(n)
    const sign = n < 0 ? 1 : 0
    const magnitude = sign ? -1 - n : n
    const low = (magnitude % 64) * 2 + sign
    if (magnitude < 64) return this.u8(low)
    this.u8(low | 128)
    this.varuint(Math.floor(magnitude / 64))
  }

  /** A finite number in eight bytes, little-endian; −0 is written as 0. */
  f64(n: number): void {
    if (!Number.isFinite(n)) throw invalid(n)
    this.reserve(8)
    new DataView(this.buffer.buffer).setFloat64(this.at, n + 0, true)
    this.at += 8
  }

  /** The bytes alone; the reader must know how many. */
  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.buffer.set(bytes, this.at)
    this.at += bytes.length
  }

  /** The bytes after their length. */
  bytes(bytes: Uint8Array): void {
    this.varuint(bytes.length)
    this.raw(bytes)
  }

  /** The text in UTF-8 after its length in bytes. */
  string(text: string): void {
    const { length } = text
    if (length < 64) {
      this.reserve(length + 1)
      let i = 0
      for (; i < length; i++) {
        const code = text.charCodeAt(i)
        if (code > 127) break
        this.buffer[this.at + 1 + i] = code
      }
      if (i === length) {
        this.buffer[this.at] = length
        this.at += length + 1
        return
      }
    }
    if (!isWellFormed(text)) throw invalid('half a character')
    this.bytes(encodeUtf8(text))
  }

  /** Any value, with its tag. */
  value(value: Value): void {
    this.nested(value, 0)
  }

  private nested(value: Value, depth: number): void {
    if (typeof value === 'string') {
      this.u8(STRING)
      this.string(value)
    } else if (typeof value === 'number') {
      if (Number.isSafeInteger(value)) {
        this.u8(INTEGER)
        this.zigzag(value)
      } else {
        this.u8(DOUBLE)
        this.f64(value)
      }
    } else if (value === null) this.u8(NULL)
    else if (typeof value === 'boolean') this.u8(value ? TRUE : FALSE)
    else if (isBytes(value)) {
      this.u8(BYTES)
      this.bytes(value)
    } else if (depth === MAX_DEPTH) throw invalid(`more than ${MAX_DEPTH} levels`)
    else if (Array.isArray(value)) {
      this.u8(ARRAY)
      this.varuint(value.length)
      for (let i = 0; i < value.length; i++) this.nested(value[i] as Value, depth + 1)
    } else if (isPlainObject(value)) {
      const keys = Object.keys(value).sort(compareUtf8)
      this.u8(OBJECT)
      this.varuint(keys.length)
      for (const key of keys) {
        if (key === FORBIDDEN_KEY) throw invalid(key)
        this.string(key)
        this.nested(value[key] as Value, depth + 1)
      }
    } else throw invalid(typeof value)
  }

  private reserve(more: number): void {
    const needed = this.at + more
    if (needed <= this.buffer.length) return
    const old = this.buffer
    this.buffer = new Uint8Array(Math.max(needed, old.length * 2))
    this.buffer.set(old)
  }
}

/**
 * Reads what a {@link ByteWriter} wrote, and nothing else: all that is wrong throws `malformed-bytes`. A declared length
 * is compared with the bytes that are left before anything is made of that size.
 */
export class ByteReader {
  private readonly input: Uint8Array
  private at = 0

  constructor(bytes: Uint8Array) {
    // A Node Buffer would give views whose `slice` does not copy.
    this.input = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.at
  }

  /** Bytes left. */
  get remaining(): number {
    return this.input.length - this.at
  }

  u8(): number {
    this.require(this.at < this.input.length)
    return this.input[this.at++]!
  }

  varuint(): number {
    let n = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8()
      n += (byte & 127) * scale
      // Too large; or a last byte of 0, which the writer would have left out.
      this.require(n <= Number.MAX_SAFE_INTEGER && scale < 2 ** 50 && (byte > 0 || scale === 1))
      if (byte < 128) return n
    }
  }

  /** A {@link varuint} that counts things of at least `size` bytes each: more than can follow is refused. */
  count(size: number = 1): number {
    const count = this.varuint()
    this.require(count * size <= this.remaining)
    return count
  }

  zigzag(): number {
    const low = this.u8()
    let n = (low & 127) >> 1
    if (low > 127) {
      const high = this.varuint()
      this.require(high > 0)
      n += high * 64
    }
    if (low & 1) n = -1 - n
    this.require(Number.isSafeInteger(n))
    return n
  }

  f64(): number {
    const { buffer, byteOffset } = this.raw(8)
    const n = new DataView(buffer, byteOffset).getFloat64(0, true)
    this.require(Number.isFinite(n) && !Object.is(n, -0))
    return n
  }

  /** The next `length` bytes, as a view: copy what shall outlive the input. */
  raw(length: number): Uint8Array {
    this.require(length <= this.remaining)
    this.at += length
    return this.input.subarray(this.at - length, this.at)
  }

  /** Bytes after their length, as a view: copy what shall outlive the input. */
  bytes(): Uint8Array {
    return this.raw(this.varuint())
  }

  /** The next `length` bytes as hexadecimal digits. */
  hex(length: number): string {
    this.require(length <= this.remaining)
    this.at += length
    return toHex(this.input, this.at - length, this.at)
  }

  string(): string {
    const bytes = this.bytes()
    try {
      return decodeUtf8(bytes)
    } catch {
      return this.fail()
    }
  }

  /** A value with its tag; deeply frozen, and independent of the input. */
  value(): Value {
    let open: Open | undefined
    for (;;) {
      if (open?.keyed) open.key = this.key(open.key)
      const tag = this.u8()
      let done: Value | undefined
      if (tag < ARRAY) done = this.scalar(tag)
      else {
        const depth: number = open ? open.depth + 1 : 1
        this.require(tag <= OBJECT && depth <= MAX_DEPTH)
        const keyed = tag === OBJECT
        open = {
          content: (keyed ? {} : []) as Open['content'],
          keyed,
          key: undefined,
          left: this.count(keyed ? 2 : 1),
          depth,
          outer: open,
        }
      }
      // A finished value goes into what is open; what is full with it is finished too.
      for (;;) {
        if (done === undefined) {
          if (open!.left-- > 0) break
          done = Object.freeze(open!.content) as Value
          open = open!.outer
        }
        if (!open) return done
        open.content[open.keyed ? open.key! : (open.content.length as number)] = done
        done = undefined
      }
    }
  }

  /** Throws if bytes are left. */
  end(): void {
    this.require(this.remaining === 0)
  }

  private scalar(tag: number): Value {
    if (tag === NULL) return null
    if (tag < INTEGER) return tag === TRUE
    if (tag === INTEGER) return this.zigzag()
    if (tag === STRING) return this.string()
    if (tag === BYTES) return new Uint8Array(this.bytes())
    const n = this.f64()
    this.require(!Number.isSafeInteger(n))
    return n
  }

  private key(previous: string | undefined): string {
    const key = this.string()
    this.require((previous === undefined || compareUtf8(previous, key) < 0) && key !== FORBIDDEN_KEY)
    return key
  }

  private require(holds: boolean): void {
    if (!holds) this.fail()
  }

  private fail(): never {
    throw new IbexError('malformed-bytes', `Malformed bytes, at ${this.at} of ${this.input.length}.`)
  }
}

/** An array or object that is being read: as if both were objects, since they are filled alike. */
interface Open {
  readonly content: Record<string | number, Value>
  readonly keyed: boolean
  readonly depth: number
  readonly outer: Open | undefined
  left: number
  key: string | undefined
}

/** One array of bytes after the other. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Whether both have the same bytes. Not in constant time: not for secrets. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function invalid(given: unknown): IbexError {
  return new IbexError('invalid-value', `Cannot be encoded: ${given}.`)
}
