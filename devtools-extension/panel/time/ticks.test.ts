import { expect, test } from 'vitest'
import { createTimeScale } from './scale.js'
import { ticksOf } from './ticks.js'

const at = (hour: number, minute = 0, second = 0, day = 22): number =>
  new Date(2026, 10, day, hour, minute, second).getTime()
const scaleOf = (...times: number[]) => createTimeScale(Float64Array.from(times), times.length)

test('marks stand at round times, apart from each other', () => {
  // An hour of work without a pause.
  const scale = scaleOf(...Array.from({ length: 121 }, (_, i) => at(14, 3) + i * 30_000))
  const ticks = ticksOf(scale, { from: 0, to: scale.length }, 1000, 88)
  expect(ticks.map(({ label }) => label)).toEqual(['14:10', '14:20', '14:30', '14:40', '14:50', '15:00'])
  expect(ticks.every(({ x }, i) => i === 0 || x - ticks[i - 1]!.x >= 88)).toBe(true)
})

test('zoomed in they tell seconds, further in parts of them', () => {
  const scale = scaleOf(...Array.from({ length: 121 }, (_, i) => at(14, 3) + i * 30_000))
  expect(ticksOf(scale, { from: 0, to: 30_000 }, 400, 88).map(({ label }) => label)).toEqual([
    '14:03:00',
    '14:03:10',
    '14:03:20',
    '14:03:30',
  ])
  expect(ticksOf(scale, { from: 0, to: 1000 }, 400, 88)[1]!.label).toBe('14:03:00.500')
})

test('after a pause over night the day is said', () => {
  const evening = Array.from({ length: 60 }, (_, i) => at(22) + i * 30_000)
  const morning = Array.from({ length: 60 }, (_, i) => at(8, 0, 0, 23) + i * 30_000)
  const ticks = ticksOf(scaleOf(...evening, ...morning), { from: 0, to: 60 * 60_000 }, 800, 88)
  expect(ticks.map(({ label }) => label).filter((label) => label.startsWith('11-'))).toHaveLength(1)
  expect(ticks.map(({ label }) => label).filter((label) => /0[0-7]:/.test(label))).toEqual([])
})
