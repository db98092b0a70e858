import { expect, test } from 'vitest'
import type { TimelineEntry } from '../../../src/index.js'
import { firstFrom, placeOf } from './first-from.js'

test('the first that is not before a time, also where several are at one, or none', () => {
  const times = [10, 20, 20, 30]
  const entries = times.map((at) => ({ at }) as TimelineEntry)
  const timeline = { count: entries.length, slice: (from: number, to: number) => entries.slice(from, to) }
  expect([0, 10, 11, 20, 21, 30, 31].map((time) => firstFrom(timeline, time))).toEqual([0, 0, 1, 1, 3, 3, 4])
  expect(firstFrom({ count: 0, slice: () => [] }, 5)).toBe(0)
})

test('an entry is found where actions of two commits overlap', () => {
  const entries = [
    [0, 'x'],
    [10_000, 'a1'],
    [10_200, 'a2'],
    [10_100, 'b1'],
    [10_300, 'b2'],
    [90_000, 'y'],
  ].map(([at, key]) => ({ at, key }) as TimelineEntry)
  const timeline = { count: entries.length, slice: (from: number, to: number) => entries.slice(from, to) }
  expect(entries.map((entry) => placeOf(timeline, entry))).toEqual([0, 1, 2, 3, 4, 5])
  expect(placeOf(timeline, { at: 10_150, key: 'another' } as TimelineEntry)).toBe(-1)
})
