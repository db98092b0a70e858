import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTimeScale, IDLE_MS, lastAtMost } from './scale.js'

const scaleOf = (times: readonly number[]) => createTimeScale(Float64Array.from(times), times.length)

const histories = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: IDLE_MS, max: 1e9 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((steps) => {
    let time = 1.7e12
    return steps.map((step) => (time += step))
  })

test('places ascend with time, and lead back to it', () => {
  fc.assert(
    fc.property(histories, (times) => {
      const scale = scaleOf(times)
      for (const [i, time] of times.entries()) {
        expect(Math.abs(scale.toTime(scale.toPlace(time)) - time)).toBeLessThan(0.01)
        if (i > 0) expect(scale.toPlace(time)).toBeGreaterThanOrEqual(scale.toPlace(times[i - 1]!))
        const between = time + 1000
        expect(Math.abs(scale.toTime(scale.toPlace(between)) - between)).toBeLessThan(0.01)
      }
      expect(scale.toPlace(scale.end)).toBeLessThanOrEqual(scale.length)
    }),
  )
})

test('a long pause takes no more room than a minute, and is marked', () => {
  const day = 86_400_000
  const scale = scaleOf([0, 1000, day, day + 2000])
  expect(scale.length).toBe(1000 + IDLE_MS + 2000)
  expect(scale.pauses).toEqual([{ place: 1000 + IDLE_MS / 2, from: 1000, to: day }])
})

test('a history of some minutes is shown as it was', () => {
  const scale = scaleOf([0, 3 * IDLE_MS, 4 * IDLE_MS])
  expect(scale.length).toBe(4 * IDLE_MS)
  expect(scale.pauses).toEqual([])
})

test('nothing has a place all the same', () => {
  expect(scaleOf([]).length).toBe(1)
  expect(scaleOf([5]).toPlace(5)).toBe(0)
})

test('the last that is at most a value', () => {
  expect([0, 1, 2, 3, 9].map((value) => lastAtMost([1, 2, 2, 5], value))).toEqual([-1, 0, 2, 2, 3])
})
