import { expect, test } from 'vitest'
import { formatTime, parseTime } from './dates.js'

const now = new Date(2026, 10, 22, 14, 30, 5).getTime()
const at = (...parts: [number, number, number, number?, number?, number?]): number => new Date(...parts).getTime()

test('times as people write them', () => {
  const cases: Record<string, number | undefined> = {
    now,
    today: at(2026, 10, 22),
    yesterday: at(2026, 10, 21),
    '2026-11-20': at(2026, 10, 20),
    '2026-11-20 09:15': at(2026, 10, 20, 9, 15),
    '2026-11-20T09:15:30': at(2026, 10, 20, 9, 15, 30),
    '2026-11-20 09:15Z': Date.UTC(2026, 10, 20, 9, 15),
    '2026-11-20 09:15:00 +0200': Date.UTC(2026, 10, 20, 7, 15),
    '9:15': at(2026, 10, 22, 9, 15),
    '2 hours ago': now - 7_200_000,
    '2.hours.ago': now - 7_200_000,
    '1 day ago': now - 86_400_000,
    '3d': now - 3 * 86_400_000,
    '90min': now - 90 * 60_000,
    '1700000000': 1_700_000_000_000,
    '1700000000123': 1_700_000_000_123,
    '3 fortnights ago': undefined,
    'the other day': undefined,
    '2026-99-99': undefined,
    '': undefined,
  }
  const parsed = Object.keys(cases).map((text) => [text, parseTime(text, now)])
  expect(Object.fromEntries(parsed)).toEqual(cases)
})

test('what is shown is read as the same time', () => {
  expect(parseTime(formatTime(now, 'iso', now), now)).toBe(now)
  expect(parseTime(formatTime(now, 'unix', now), now)).toBe(now)
})

test('ages in words', () => {
  const ages = [0, 1000, 119_000, 120_000, 3 * 3_600_000, 40 * 86_400_000, 800 * 86_400_000, -5000]
  expect(ages.map((age) => formatTime(now - age, 'relative', now))).toEqual([
    'now',
    '1 second ago',
    '119 seconds ago',
    '2 minutes ago',
    '3 hours ago',
    '5 weeks ago',
    '2 years ago',
    'in the future',
  ])
})
