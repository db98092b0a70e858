/**
 * CRC-32C (Castagnoli): reflected polynomial 0x82f63b78. RFC 3720, appendix B.4 has test vectors. Eight bytes at a time by
 * eight tables ("slicing by eight", Kounavis and Berry, 2005), which is three times as fast as by one.
 */
let tables: Int32Array | undefined

/** Steps for one byte, with 0 to 7 bytes of zeros after it. */
function makeTables(): Int32Array {
  const steps = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
    steps[byte] = crc
  }
  for (let i = 256; i < steps.length; i++) steps[i] = (steps[i - 256]! >>> 8) ^ steps[steps[i - 256]! & 255]!
  return steps
}

/** The checksum, an unsigned 32-bit number, of `bytes` from `start` up to `end`. */
export function crc32c(bytes: Uint8Array, start: number = 0, end: number = bytes.length): number {
  // A local name, and the tables made on first use: importing this does no work.
  const steps = (tables ??= makeTables())
  let crc = -1
  let i = start
  for (; i + 8 <= end; i += 8) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    crc =
      steps[1792 + (crc & 255)]! ^
      steps[1536 + ((crc >>> 8) & 255)]! ^
      steps[1280 + ((crc >>> 16) & 255)]! ^
      steps[1024 + (crc >>> 24)]! ^
      steps[768 + bytes[i + 4]!]! ^
      steps[512 + bytes[i + 5]!]! ^
      steps[256 + bytes[i + 6]!]! ^
      steps[bytes[i + 7]!]!
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ steps[(crc ^ bytes[i]!) & 255]!
  return ~crc >>> 0
}
