import fc from 'fast-check'
import { expect, test } from 'vitest'
import { afterTime, compareTimes, isAhead, fitsBits, ZERO_TIME } from './time.js'

const time = fc.record({
  ms: fc.oneof(fc.nat(5), fc.nat(2 ** 41)),
  counter: fc.oneof(fc.nat(0xffff), fc.constant(0xffff)),
})

test('I-5: the time after what was seen is the smallest that is later and not before now', () => {
  fc.assert(
    fc.property(time, fc.oneof(fc.nat(5), fc.nat(2 ** 41)), (seen, now) => {
      const after = afterTime(seen, now)
      expect(fitsBits(after)).toBe(true)
      expect(compareTimes(after, seen)).toBeGreaterThan(0)
      expect(after.ms).toBeGreaterThanOrEqual(now)
      const before =
        after.counter > 0 ? { ...after, counter: after.counter - 1 } : { ms: after.ms - 1, counter: 0xffff }
      expect(compareTimes(before, seen) <= 0 || before.ms < now).toBe(true)
    }),
  )
})

test('a clock that stands still or runs backwards counts on', () => {
  let now = ZERO_TIME
  for (let i = 1; i <= 3; i++) expect((now = afterTime(now, 0))).toEqual({ ms: 0, counter: i })
  expect(afterTime({ ms: 7, counter: 0xffff }, -1)).toEqual({ ms: 8, counter: 0 })
})

test('the end of the 48 bits is seen, not wrapped', () => {
  const last = { ms: 2 ** 48 - 1, counter: 0xffff }
  expect(fitsBits(last)).toBe(true)
  expect(fitsBits(afterTime(last, 0))).toBe(false)
  expect(fitsBits({ ms: 0, counter: 0x10000 })).toBe(false)
})

test('a time too far ahead is told, save one tick above the greatest parent', () => {
  const parent = { ms: 1_000_000, counter: 3 }
  expect(isAhead({ ms: 60_000, counter: 0 }, ZERO_TIME, 0)).toBe(false)
  expect(isAhead({ ms: 60_001, counter: 0 }, ZERO_TIME, 0)).toBe(true)
  expect(isAhead({ ms: 1_000_000, counter: 4 }, parent, 0)).toBe(false)
  expect(isAhead({ ms: 1_000_000, counter: 5 }, parent, 0)).toBe(true)
})
