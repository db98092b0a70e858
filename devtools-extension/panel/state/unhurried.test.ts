import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCell } from '../../../src/inspect/live.js'
import { unhurried } from './unhurried.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** What is heard of a value that follows another. */
function listen() {
  const of = createCell(0)
  const value = unhurried(of, 100)
  const heard: number[] = []
  const stop = value.subscribe(() => heard.push(value.get()))
  return { of, value, heard, stop }
}

test('what changes seldom is followed at once', () => {
  const { of, heard } = listen()
  for (const next of [1, 2, 3]) {
    vi.advanceTimersByTime(100)
    of.set(next)
  }
  expect(heard).toEqual([1, 2, 3])
})

test('what changes every frame is followed ten times a second, together with it, and to its last', () => {
  const { of, value, heard } = listen()
  for (let i = 1; i <= 20; i++) {
    vi.advanceTimersByTime(20)
    of.set(i)
  }
  expect(heard).toEqual([5, 10, 15, 20])
  of.set(21)
  expect(value.get()).toBe(20)
  vi.advanceTimersByTime(100)
  expect(heard).toEqual([5, 10, 15, 20, 21])
  expect(vi.getTimerCount()).toBe(0)
})

test('in a hurry it is the same now', () => {
  const { of, value, heard } = listen()
  of.set(1)
  value.hurry()
  expect(heard).toEqual([1])
  vi.advanceTimersByTime(1000)
  expect(heard).toEqual([1])
})

test('it has no timer, and is what the other is, while nobody listens', () => {
  const { of, value, stop } = listen()
  of.set(1)
  expect(vi.getTimerCount()).toBe(1)
  stop()
  expect(vi.getTimerCount()).toBe(0)
  expect(value.get()).toBe(1)
  of.set(2)
  expect(value.get()).toBe(2)
  value.subscribe(() => {})
  expect(value.get()).toBe(2)
})
