import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IbexError } from '../errors.js'
import { COMMIT_KINDS } from '../graph/header.js'
import { type ItemId, sessionIdOf, toHex } from '../ids.js'
import { seededRandom } from '../testing/virtual-time.js'
import { type Brief, decodeBriefs, encodeBriefs, MARKS, markOf } from './briefs.js'
import { fflateCompression } from './deflate.js'

const number = fc.nat(2 ** 40)
const sessions = [1, 2, 3].map((n) => sessionIdOf(new Uint8Array(16).fill(n)))
const brief: fc.Arbitrary<Brief> = fc
  .record({
    prefix: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => toHex(bytes)),
    time: fc.record({ ms: number, counter: fc.nat(9) }),
    kind: fc.constantFrom(...COMMIT_KINDS),
    session: fc.constantFrom(...sessions),
    size: number,
    actions: fc.nat(9),
    items: fc.nat(5),
    all: fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: MARKS, maxLength: MARKS }),
  })
  .map(({ all, ...rest }) => ({ ...rest, size: rest.size + rest.actions, marks: all.slice(0, rest.items) }))

test('what is encoded is decoded', () => {
  fc.assert(
    fc.property(fc.array(brief, { maxLength: 20 }), (briefs) => {
      expect(decodeBriefs(encodeBriefs(briefs))).toEqual(briefs)
    }),
  )
})

test('I-4: noise, and what is cut, gives an IbexError and nothing else', () => {
  const decode = (bytes: Uint8Array): unknown => {
    try {
      return decodeBriefs(bytes)
    } catch (error) {
      expect(error).toBeInstanceOf(IbexError)
      return undefined
    }
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void decode(bytes)),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(fc.array(brief, { minLength: 1, maxLength: 4 }), fc.nat(), (briefs, at) => {
      const bytes = encodeBriefs(briefs)
      expect(decode(bytes.subarray(0, at % bytes.length))).toBeUndefined()
    }),
  )
})

test('a commit takes 24 bytes at most', () => {
  const random = seededRandom(7)
  let time = 1_800_000_000_000
  const briefs = Array.from({ length: 4096 }, (): Brief => {
    const [gap, size, session, items] = random.bytes(4) as unknown as [number, number, number, number]
    time -= gap ** 2
    const marks = Array.from({ length: items % 4 === 0 ? 2 : 1 }, (_, i) =>
      markOf(`task-${size}-${gap}-${i}` as ItemId),
    )
    return {
      prefix: toHex(random.bytes(8)),
      time: { ms: time, counter: 0 },
      actions: 1,
      kind: session % 10 === 0 ? 'seal' : 'change',
      session: sessions[session % 3]!,
      size: 200 + size,
      items: marks.length,
      marks,
    }
  })
  const bytes = encodeBriefs(briefs)
  expect(bytes.length / briefs.length).toBeLessThan(24)
  expect((fflateCompression.deflate(bytes) as Uint8Array).length / briefs.length).toBeLessThan(20)
})
