/** The small descriptions that head files: "ibex", three letters, version (1) | unsigned 32-bit numbers | CRC-32C of these. */
import { crc32c } from '../value/crc32c.js'
import { newerVersion } from './failure.js'

const VERSION = 1

export function blockSize(count: number): number {
  return 12 + 4 * count
}

export function encodeBlock(letters: string, numbers: readonly number[]): Uint8Array {
  const end = blockSize(numbers.length) - 4
  const bytes = new Uint8Array(end + 4)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < 7; i++) bytes[i] = `ibex${letters}`.charCodeAt(i)
  bytes[7] = VERSION
  numbers.forEach((number, i) => view.setUint32(8 + 4 * i, number))
  view.setUint32(end, crc32c(bytes, 0, end))
  return bytes
}

/** The `count` numbers of the block at `at`, if it verifies; throws `newer-version`. */
export function decodeBlock(bytes: Uint8Array, letters: string, count: number, at: number = 0): number[] | undefined {
  const end = at + blockSize(count) - 4
  if (end + 4 > bytes.length) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let i = 0; i < 7; i++) if (bytes[at + i] !== `ibex${letters}`.charCodeAt(i)) return undefined
  if (view.getUint32(end) !== crc32c(bytes, at, end)) return undefined
  if (bytes[at + 7] !== VERSION) throw newerVersion('log', bytes[at + 7]!)
  return Array.from({ length: count }, (_, i) => view.getUint32(at + 8 + 4 * i))
}
