/**
 * Lists of whole numbers that are copied out of bytes, not read one by one: the least number, and for each the difference
 * from it, in as many bytes as the largest difference needs. In this machine's order of bytes: for files that never leave it.
 * ```
 * list = varint count | varint least | byte width (0, 1, 2 or 4) | differences
 * ```
 */
import { IbexError } from '../errors.js'
import type { ByteReader, ByteWriter } from './bytes.js'

/** Of the two orders of bytes there are, the one that files of this machine have. */
export const IS_LITTLE_ENDIAN: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Writes numbers of 0 to 2^32 − 1. */
export function writeNumbers(writer: ByteWriter, numbers: ArrayLike<number>): void {
  const { length } = numbers
  let least = length > 0 ? numbers[0]! : 0
  let most = least
  for (let i = 1; i < length; i++) {
    const number = numbers[i]!
    if (number < least) least = number
    else if (number > most) most = number
  }
  const range = most - least
  const width = range === 0 ? 0 : range < 0x100 ? 1 : range < 0x10000 ? 2 : 4
  writer.varuint(length)
  writer.varuint(least)
  writer.u8(width)
  if (width === 0) return
  const differences = arrayOf(width, length)
  for (let i = 0; i < length; i++) differences[i] = numbers[i]! - least
  writer.raw(new Uint8Array(differences.buffer))
}

/** What {@link writeNumbers} wrote. Throws `malformed-bytes` for much of what it did not. */
export function readNumbers(reader: ByteReader): Uint32Array {
  const length = reader.varuint()
  const least = reader.varuint()
  const width = reader.u8()
  if (![0, 1, 2, 4].includes(width) || length > 2 ** 32)
    throw new IbexError('malformed-bytes', 'Not a list of numbers.')
  // A copy, because what it is read from may begin anywhere.
  const bytes = reader.raw(length * width).slice().buffer
  if (width === 4 && least === 0) return new Uint32Array(bytes)
  const numbers = new Uint32Array(length)
  if (width > 0)
    numbers.set(width === 1 ? new Uint8Array(bytes) : width === 2 ? new Uint16Array(bytes) : new Uint32Array(bytes))
  if (least > 0) for (let i = 0; i < length; i++) numbers[i]! += least
  return numbers
}

function arrayOf(
  width: number,
  length: number,
): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> {
  return width === 1 ? new Uint8Array(length) : width === 2 ? new Uint16Array(length) : new Uint32Array(length)
}
