/**
 * A salted Bloom filter of commit ids: "this I have", in two bytes an id (protocol.md, section 5).
 *
 * 16 bits an id and 8 probes give (1 − e^(−1/2))^8 ≈ 0.06 % false positives. Ids are hashes, so probes are made of their
 * own words by enhanced double hashing (Dillinger and Manolios, "Bloom Filters in Probabilistic Verification", 2004). The
 * salt chooses the words and mixes them: without it an author could grind ids that every filter seems to contain.
 *
 * Bytes: 8 salt | bits, a multiple of 8 bytes, none for no ids. Eight probes for sixteen bits can never set more than half
 * of the bits, so that a filter which claims to contain everything is recognised for what it is.
 */
import type { CommitId } from '../ids.js'

/** Ids in one filter at most; of more, the newest. */
export const MAX_FILTER_IDS = 262_144
export const SALT_BYTES = 8
const PROBES = 8

/** A filter of `ids` with 8 random bytes as its salt. Draw them anew for every filter. */
export function createFilter(ids: readonly CommitId[], salt: Uint8Array): Uint8Array {
  const held = ids.slice(-MAX_FILTER_IDS)
  const filter = new Uint8Array(SALT_BYTES + Math.ceil(held.length / 4) * 8)
  filter.set(salt)
  const set = probe(filter, (bits, at) => {
    bits[at >> 3]! |= 1 << (at & 7)
    return true
  })
  held.forEach(set)
  return filter
}

/** Asks a filter that came from elsewhere; undefined when no honest filter has such bytes. */
export function readFilter(filter: Uint8Array): ((id: CommitId) => boolean) | undefined {
  const size = filter.length - SALT_BYTES
  if (size < 0 || size % 8 > 0 || size > MAX_FILTER_IDS * 2) return undefined
  let ones = 0
  for (let i = SALT_BYTES; i < filter.length; i++) for (let byte = filter[i]!; byte; byte &= byte - 1) ones++
  if (ones > size * 4) return undefined
  return size === 0 ? () => false : probe(filter, (bits, at) => (bits[at >> 3]! & (1 << (at & 7))) > 0)
}

/** A function that visits the probes of an id until `visit` says false, and tells whether it never did. */
function probe(filter: Uint8Array, visit: (bits: Uint8Array, at: number) => boolean): (id: CommitId) => boolean {
  const salt = new DataView(filter.buffer, filter.byteOffset)
  const first = salt.getUint32(0)
  const second = salt.getUint32(4)
  const bits = filter.subarray(SALT_BYTES)
  const size = bits.length * 8
  const word = first & 7
  const other = (word + 1 + ((second >>> 3) % 7)) & 7
  return (id) => {
    let x = mix(id, word, first) % size
    let y = mix(id, other, second) % size
    for (let i = 1; ; i++) {
      if (!visit(bits, x)) return false
      if (i === PROBES) return true
      x = (x + y) % size
      y = (y + i) % size
    }
  }
}

/** One of the eight words of an id, mixed with the salt (finalizer of MurmurHash3): equal low bits do not stay equal. */
function mix(id: CommitId, word: number, salt: number): number {
  let h = Number.parseInt(id.slice(word * 8, word * 8 + 8), 16) ^ salt
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
