import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CommitId } from '../ids.js'
import { commitIdOf } from '../ids.js'
import { createFilter, MAX_FILTER_IDS, readFilter, SALT_BYTES } from './bloom.js'

/** A stream of ids that look like hashes, the same in every run. */
function idsFrom(seed: number): () => CommitId {
  let state = seed
  const word = (): string => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0).toString(16).padStart(8, '0')
  }
  return () => (word() + word() + word() + word() + word() + word() + word() + word()) as CommitId
}
const saltOf = (n: number): Uint8Array => Uint8Array.from({ length: 8 }, (_, i) => (n * 97 + i * 61 + n * n * 13) & 255)
const THEORY = (1 - Math.exp(-1 / 2)) ** 8

test('false positives are within 20 % of theory, 0.06 %, at every size', () => {
  const next = idsFrom(7)
  const strangers = Array.from({ length: 15_000 }, next)
  for (const size of [100, 1000, 5000]) {
    const ids = Array.from({ length: size }, next)
    let found = 0
    const rounds = 20
    for (let round = 0; round < rounds; round++) {
      const has = readFilter(createFilter(ids, saltOf(round)))!
      for (const id of strangers) if (has(id)) found++
    }
    const rate = found / (rounds * strangers.length)
    expect(rate / THEORY, `${size} ids`).toBeGreaterThan(0.8)
    expect(rate / THEORY, `${size} ids`).toBeLessThan(1.2)
  }
})

test('a filter contains what was put into it, in two bytes an id', () => {
  const id = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(commitIdOf)
  const salt = fc.uint8Array({ minLength: 8, maxLength: 8 })
  fc.assert(
    fc.property(fc.array(id, { maxLength: 50 }), salt, (ids, random) => {
      const filter = createFilter(ids, random)
      expect(filter.length).toBe(SALT_BYTES + Math.ceil(ids.length / 4) * 8)
      expect(ids.every(readFilter(filter)!)).toBe(true)
    }),
  )
})

test('an empty filter contains nothing', () => {
  expect(readFilter(createFilter([], saltOf(1)))!(idsFrom(1)())).toBe(false)
})

test('a filter may lie anywhere in a larger buffer', () => {
  const ids = Array.from({ length: 9 }, idsFrom(3))
  const filter = createFilter(ids, saltOf(2))
  const framed = new Uint8Array(filter.length + 5)
  framed.set(filter, 3)
  expect(ids.every(readFilter(framed.subarray(3, 3 + filter.length))!)).toBe(true)
})

test('what is contained by chance under one salt is not under another', () => {
  const next = idsFrom(11)
  const ids = Array.from({ length: 100 }, next)
  const first = readFilter(createFilter(ids, saltOf(1)))!
  const ground: CommitId[] = []
  while (ground.length < 40) {
    const id = next()
    if (first(id)) ground.push(id)
  }
  const other = readFilter(createFilter(ids, saltOf(2)))!
  expect(ground.filter(other).length).toBeLessThan(3)
})

test('ids that are equal in all but one word are told apart by most salts', () => {
  const next = idsFrom(13)
  const ids = Array.from({ length: 64 }, next)
  // As if an author had ground 224 of 256 bits.
  const twin = `${ids[0]!.slice(0, 56)}${next().slice(0, 8)}` as CommitId
  let same = 0
  for (let n = 0; n < 400; n++) if (readFilter(createFilter(ids, saltOf(n)))!(twin)) same++
  expect(same / 400).toBeLessThan(0.85)
})

test('I-14: a filter that claims too much is recognised', () => {
  const ones = new Uint8Array(8 + 512).fill(255)
  expect(readFilter(ones)).toBeUndefined()
  // The fullest that is believed still lacks nearly everything.
  const half = Uint8Array.from(ones, (_, i) => (i < 8 ? i : 0x55))
  const has = readFilter(half)!
  expect(Array.from({ length: 5000 }, idsFrom(5)).filter(has).length).toBeLessThan(50)
  expect(readFilter(Uint8Array.from([...half.subarray(0, 511), 0x57, ...half.subarray(512)]))).toBeUndefined()
})

test('bytes that are no filter are refused', () => {
  for (const length of [0, 7, 9, 15, 8 + MAX_FILTER_IDS * 2 + 8])
    expect(readFilter(new Uint8Array(length))).toBeUndefined()
})

test('of more ids than a filter holds, the newest are kept', () => {
  const idOf = (_: unknown, n: number): CommitId => n.toString(16).padStart(8, '0').repeat(8) as CommitId
  const ids = Array.from({ length: MAX_FILTER_IDS + 1000 }, idOf)
  const filter = createFilter(ids, saltOf(3))
  expect(filter.length).toBe(8 + MAX_FILTER_IDS * 2)
  const has = readFilter(filter)!
  expect(ids.slice(-1000).every(has)).toBe(true)
  expect(ids.slice(0, 1000).filter(has).length).toBeLessThan(10)
})
