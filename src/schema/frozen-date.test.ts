import { expect, test } from 'vitest'
import { frozenDate } from './frozen-date.js'
import { thrown } from './schema.fixture.js'

const ms = Date.UTC(2026, 10, 22, 14, 3, 7, 412)

test('reads as a Date', () => {
  const date = frozenDate(ms)
  expect(date).toBeInstanceOf(Date)
  expect(date).toStrictEqual(new Date(ms))
  expect(date.getTime()).toBe(ms)
  expect(JSON.stringify({ date })).toBe('{"date":"2026-11-22T14:03:07.412Z"}')
  expect(`${date}`).toBe(`${new Date(ms)}`)
  expect(new Date(ms + 1) > date).toBe(true)
  expect(Object.prototype.toString.call(date)).toBe('[object Date]')
  expect(new Intl.DateTimeFormat('en', { timeZone: 'UTC' }).format(date)).toBe('11/22/2026')
})

test('every setter throws snapshot-frozen', () => {
  const date = frozenDate(ms)
  const setters = Object.getOwnPropertyNames(Date.prototype).filter((name) => name.startsWith('set'))
  expect(setters.length).toBeGreaterThan(14)
  for (const name of setters) {
    const set = date[name as 'setTime']
    expect(thrown(() => set.call(date, 0)).code).toBe('snapshot-frozen')
  }
  expect(() => Object.assign(date, { note: 1 })).toThrow(TypeError)
  expect(date.getTime()).toBe(ms)
})

test('copies are ordinary dates', () => {
  const date = frozenDate(ms)
  // The last is how date libraries copy.
  for (const copy of [structuredClone(date), new Date(date), new (date.constructor as DateConstructor)(date)]) {
    expect(Object.getPrototypeOf(copy)).toBe(Date.prototype)
    expect(copy.getTime()).toBe(ms)
    expect(copy.setTime(0)).toBe(0)
  }
})
