import { expect, test } from 'vitest'
import { createThrottle } from './throttle.js'

const rates = [
  { perSecond: 1000, burst: 5000 },
  { perSecond: 10, burst: 20 },
] as const

test('a burst passes, then the rate holds', () => {
  const throttle = createThrottle(...rates)
  expect(throttle.take(5000, 0)).toBe(0)
  expect(throttle.take(500, 0)).toBe(500)
  expect(throttle.take(0, 500)).toBe(0)
  expect(throttle.take(1000, 500)).toBe(1000)
})

test('many small messages are held back too', () => {
  const throttle = createThrottle(...rates)
  for (let i = 0; i < 20; i++) expect(throttle.take(1, 0)).toBe(0)
  expect(throttle.take(1, 0)).toBe(100)
})

test('a pause fills the bucket, but not beyond the burst; a clock that is set back gives nothing', () => {
  const throttle = createThrottle(...rates)
  expect(throttle.take(5000, 1_000_000)).toBe(0)
  expect(throttle.take(1, 0)).toBe(1)
  expect(throttle.take(5000, 100_000)).toBe(0)
  expect(throttle.take(1, 100_000)).toBe(1)
})

test('what is given on request counts as what is sent, but is no message', () => {
  const throttle = createThrottle(...rates)
  for (let i = 0; i < 40; i++) expect(throttle.charge(125, 0)).toBe(0)
  expect(throttle.take(500, 0)).toBe(500)
})
