/**
 * From a commit's id, or its first digits, to its number: an open-addressing table over the first 8 bytes of the ids, which
 * lie elsewhere. Ids are text only where somebody asks for it.
 *
 * They are hashes, but their authors can grind them. So where an id lies in the table is decided by two secret random
 * multipliers ("multiply-shift", Dietzfelbinger et al., 1997); and ids that begin alike, which is 2^32 hashes of work, are
 * told apart by all of their bytes.
 */
import { type CommitId, HEX_CODES } from '../ids.js'
import type { Random } from '../ports.js'
import { WORDS } from './columns.js'

/** Words of the first 16 digits. */
const PREFIX_WORDS = 2
const SMALLEST = 64
/** In a smaller table nobody can do harm, and chance is not asked. */
const SECRET_FROM = 4096

/** Identity: grows with the ids. */
export class IdTable {
  /** A number and 1, or 0 for an empty place; a power of two of them, at most three quarters in use. */
  private places: Uint32Array = new Uint32Array(SMALLEST)
  private shift: number = 32 - Math.log2(SMALLEST)
  private first: number = 0x9e3779b1
  private second: number = 0x85ebca6b
  private random: Random | undefined

  constructor(random: Random | undefined) {
    this.random = random
  }

  /** The number of an id among `ids`, eight words each; −1: it is not there. */
  find(ids: Int32Array, id: CommitId): number {
    return this.search(ids, id, WORDS)
  }

  /** The least number of an id that begins with these 16 digits; −1: none. */
  findPrefix(ids: Int32Array, digits: string): number {
    return digits.length === PREFIX_WORDS * 8 ? this.search(ids, digits, PREFIX_WORDS) : -1
  }

  /** Notes that there are `size` ids now, one more than before. */
  add(ids: Int32Array, size: number): void {
    if (size > this.places.length * 0.75) this.fill(ids, size)
    else this.place(ids, size - 1)
  }

  /** Knows these `size` ids and no others from now on. */
  fill(ids: Int32Array, size: number): void {
    let length = SMALLEST
    while (size > length * 0.75) length *= 2
    if (this.random && length >= SECRET_FROM) {
      const bytes = this.random.bytes(8)
      const view = new DataView(bytes.buffer, bytes.byteOffset)
      this.first = view.getUint32(0) | 1
      this.second = view.getUint32(4) | 1
      this.random = undefined
    }
    this.places = new Uint32Array(length)
    this.shift = 32 - Math.log2(length)
    // Ascending, so that of ids that begin alike the first is found first.
    for (let n = 0; n < size; n++) this.place(ids, n)
  }

  private search(ids: Int32Array, digits: string, words: number): number {
    const { places } = this
    const first = wordOf(digits, 0)
    const second = wordOf(digits, 1)
    for (let at = this.startOf(first, second); ; at = (at + 1) & (places.length - 1)) {
      const n = places[at]! - 1
      if (n < 0) return -1
      const from = n * WORDS
      if (ids[from] !== first || ids[from + 1] !== second) continue
      let same = PREFIX_WORDS
      while (same < words && ids[from + same] === wordOf(digits, same)) same++
      if (same === words) return n
    }
  }

  private startOf(first: number, second: number): number {
    return (Math.imul(first, this.first) + Math.imul(second, this.second)) >>> this.shift
  }

  private place(ids: Int32Array, n: number): void {
    const { places } = this
    let at = this.startOf(ids[n * WORDS]!, ids[n * WORDS + 1]!)
    while (places[at] !== 0) at = (at + 1) & (places.length - 1)
    places[at] = n + 1
  }
}

/** The number of 32 bits, with a sign, that eight of the digits write: others are slow for engines to hand on. */
function wordOf(digits: string, index: number): number {
  let word = 0
  for (let i = index * 8, end = i + 8; i < end; i++) {
    const code = digits.charCodeAt(i)
    // A letter's last bits say how much it is worth above 9.
    word = (word << 4) | ((code & 15) + (code >> 6) * 9)
  }
  return word
}

const words: number[] = new Array<number>(WORDS)

/** The words of an id, until the next call. */
export function wordsOf(id: CommitId): readonly number[] {
  for (let i = 0; i < WORDS; i++) words[i] = wordOf(id, i)
  return words
}

const codes: number[] = new Array<number>(WORDS * 8)

/** The id with the number `n`. */
export function idAt(ids: Int32Array, n: number): CommitId {
  for (let i = 0, at = 0; i < WORDS; i++) {
    const word = ids[n * WORDS + i]!
    for (let shift = 28; shift >= 0; shift -= 4) codes[at++] = HEX_CODES[(word >>> shift) & 15]!
  }
  return String.fromCharCode.apply(null, codes) as CommitId
}
