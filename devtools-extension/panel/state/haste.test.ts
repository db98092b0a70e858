import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCell } from '../../../src/inspect/live.js'
import { hasteOf } from './haste.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** What is heard of the haste of a value. */
function listen() {
  const of = createCell(0)
  const haste = hasteOf(of, 100)
  const heard: boolean[] = []
  const stop = haste.subscribe(() => heard.push(haste.get()))
  return { of, haste, heard, stop }
}

test('what changes seldom is in no haste', () => {
  const { of, heard } = listen()
  for (const next of [1, 2, 3]) {
    of.set(next)
    vi.advanceTimersByTime(100)
  }
  expect(heard).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})

test('what changes every frame is in haste from the second change on, until it rests', () => {
  const { of, haste, heard } = listen()
  of.set(-1)
  expect(haste.get()).toBe(false)
  for (let i = 1; i <= 20; i++) {
    vi.advanceTimersByTime(20)
    of.set(i)
    expect(haste.get()).toBe(true)
  }
  vi.advanceTimersByTime(99)
  expect(heard).toEqual([true])
  vi.advanceTimersByTime(1)
  expect(heard).toEqual([true, false])
})

test('it has no timer, and is in no haste, while nobody listens', () => {
  const { of, haste, stop } = listen()
  of.set(1)
  of.set(2)
  expect(haste.get()).toBe(true)
  stop()
  expect(haste.get()).toBe(false)
  expect(vi.getTimerCount()).toBe(0)
  of.set(3)
  expect(vi.getTimerCount()).toBe(0)
})
