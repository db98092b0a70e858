import { expect, test } from 'vitest'
import type { TimelineEntry } from '../../../src/index.js'
import { firstFrom } from './first-from.js'

test('the first that is not before a time, also where several are at one, or none', () => {
  const times = [10, 20, 20, 30]
  const entries = times.map((at) => ({ at }) as TimelineEntry)
  const timeline = { count: entries.length, slice: (from: number, to: number) => entries.slice(from, to) }
  expect([0, 10, 11, 20, 21, 30, 31].map((time) => firstFrom(timeline, time))).toEqual([0, 0, 1, 1, 3, 3, 4])
  expect(firstFrom({ count: 0, slice: () => [] }, 5)).toBe(0)
})
