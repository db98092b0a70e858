import { expect, test } from 'vitest'
import { ClockOffset } from './clock-offset.js'

const HOUR = 3_600_000

test('a clock that was set back is found out at once, one that was set ahead at the second word', () => {
  const offset = new ClockOffset()
  offset.begin(10_000, 9_000)
  expect(offset.ms).toBe(1000)
  expect(offset.hear(HOUR + 20_000, 20_000)).toBe(true)
  expect(offset.ms).toBe(HOUR)
  expect(offset.hear(HOUR + 40_000, HOUR + 40_000)).toBe(false)
  expect(offset.ms).toBe(HOUR)
  expect(offset.hear(HOUR + 55_000, HOUR + 55_100)).toBe(true)
  expect(offset.ms).toBe(-100)
})

test('words that were long under way do not put the time back', () => {
  const offset = new ClockOffset()
  offset.begin(1000, 1000)
  // A device wakes up, and finds what came while it slept.
  for (let said = 15_000; said <= 60_000; said += 15_000) expect(offset.hear(said, HOUR)).toBe(false)
  expect(offset.ms).toBe(0)
  expect(offset.hear(HOUR + 15_000, HOUR + 15_000)).toBe(false)
  expect(offset.ms).toBe(0)
  // The network's delay changes nothing, a smaller delay is nearer to the truth.
  offset.hear(HOUR + 30_000, HOUR + 30_500)
  expect(offset.ms).toBe(0)
  offset.hear(HOUR + 45_300, HOUR + 45_000)
  expect(offset.ms).toBe(300)
})

test('after our clock was set back it holds again with the next word', () => {
  const offset = new ClockOffset()
  offset.begin(10_000_000, 10_000_000)
  expect(offset.holds(10_000_001)).toBe(true)
  expect(offset.holds(6_400_000)).toBe(false)
  offset.hear(10_001_000, 6_401_000)
  expect(offset.ms).toBe(3_600_000)
  expect(offset.holds(6_401_000)).toBe(true)
})
