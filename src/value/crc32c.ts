/** CRC-32C (Castagnoli, reflected polynomial 0x82f63b78; RFC 3720, appendix B.4), four bytes a step ("slicing by 4"). */
let table: Int32Array | undefined

/** The checksum, an unsigned 32-bit number, of `bytes` from `start` up to `end`. */
export function crc32c(bytes: Uint8Array, start: number = 0, end: number = bytes.length): number {
  const t = (table ??= makeTable())
  let crc = -1
  let i = start
  for (const whole = end - 3; i < whole; i += 4) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    crc = t[768 + (crc & 255)]! ^ t[512 + ((crc >>> 8) & 255)]! ^ t[256 + ((crc >>> 16) & 255)]! ^ t[crc >>> 24]!
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ t[(crc ^ bytes[i]!) & 255]!
  return ~crc >>> 0
}

function makeTable(): Int32Array {
  const t = new Int32Array(1024)
  for (let i = 0; i < 256; i++) {
    let crc = i
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
    t[i] = crc
  }
  for (let i = 256; i < 1024; i++) t[i] = (t[i - 256]! >>> 8) ^ t[t[i - 256]! & 255]!
  return t
}
