/** CRC-32C (Castagnoli): reflected polynomial 0x82f63b78, a byte at a time. RFC 3720, appendix B.4 has test vectors. */
let table: Int32Array | undefined

/** The checksum, an unsigned 32-bit number, of `bytes` from `start` up to `end`. */
export function crc32c(bytes: Uint8Array, start: number = 0, end: number = bytes.length): number {
  // A local name, and the table made on first use: importing this does no work.
  const steps = (table ??= Int32Array.from({ length: 256 }, (_, byte) => {
    for (let bit = 0; bit < 8; bit++) byte = (byte >>> 1) ^ (byte & 1 ? 0x82f63b78 : 0)
    return byte
  }))
  let crc = -1
  for (let i = start; i < end; i++) crc = (crc >>> 8) ^ steps[(crc ^ bytes[i]!) & 255]!
  return ~crc >>> 0
}
