import { expect, test } from 'vitest'
import { bannerText } from './driving-banner.js'

const NOW = new Date(2026, 10, 22, 18, 0, 0).getTime()

test('says the time in 24 hours, wherever the reader is', () => {
  expect(bannerText(new Date(2026, 10, 22, 14, 3, 7).getTime(), NOW)).toBe('Showing 14:03:07 · writes are off')
  expect(bannerText(new Date(2026, 10, 22, 0, 0, 0).getTime(), NOW)).toBe('Showing 00:00:00 · writes are off')
})

test('says the day where it is another one', () => {
  expect(bannerText(new Date(2026, 2, 1, 14, 3, 7).getTime(), NOW)).toBe('Showing 2026-03-01 14:03:07 · writes are off')
})
