import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeFrames, FRAME_HEADER, scanFrames } from './frame.js'

const payloads = fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 12 })
const MARKER = 0x01020304

test('frames are found as they were written', () => {
  fc.assert(
    fc.property(payloads, fc.nat(1000), fc.nat(50), (records, first, reserve) => {
      const { bytes, starts } = encodeFrames(MARKER, first, records, reserve)
      const { frames, gaps, end, next } = scanFrames(bytes, MARKER, reserve, first)
      expect([gaps, end, next]).toEqual([[], bytes.length, first + records.length])
      records.forEach((record, i) => {
        expect(frames[2 * i]).toBe(starts[i]! + FRAME_HEADER)
        expect(bytes.slice(frames[2 * i], frames[2 * i]! + frames[2 * i + 1]!)).toEqual(record)
      })
    }),
  )
})

test('after damage the scan goes on; no byte is given that was not written, and the count of the lost is right', () => {
  fc.assert(
    fc.property(
      payloads,
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 4 }),
      (records, hits) => {
        const { bytes } = encodeFrames(MARKER, 0, records, 0)
        for (const [at, mask] of hits) bytes[at % bytes.length]! ^= mask
        const { frames, gaps, end, next } = scanFrames(bytes, MARKER, 0, 0)
        const found: Uint8Array[] = []
        for (let i = 0; i < frames.length; i += 2) found.push(bytes.slice(frames[i], frames[i]! + frames[i + 1]!))
        let at = 0
        for (const payload of found) {
          while (at < records.length && !same(records[at]!, payload)) at++
          expect(at++).toBeLessThan(records.length)
        }
        expect(found.length + gaps.reduce((sum, gap) => sum + gap.records, 0)).toBe(next)
        expect(end).toBeLessThanOrEqual(bytes.length)
        expect(records.length - found.length).toBeLessThanOrEqual(hits.length)
      },
    ),
  )
})

test('frames of another file, and frames out of their order, do not count', () => {
  const a = new Uint8Array([1, 2, 3])
  const { bytes } = encodeFrames(MARKER, 0, [a, a, a], 0)
  expect(scanFrames(bytes, MARKER + 1, 0, 0)).toMatchObject({ frames: [], end: 0, next: 0 })
  const length = FRAME_HEADER + 3
  bytes.copyWithin(length, 0, length)
  expect(scanFrames(bytes, MARKER, 0, 0)).toMatchObject({
    gaps: [{ offset: length, bytes: length, records: 1 }],
    next: 3,
  })
})

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
