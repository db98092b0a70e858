import { expect, test } from 'vitest'
import { binsOf } from './change-bins.js'

const TIMES = [90, 60, 50, 49, 10, 0]

test('times fall into equal stretches, the shown one into the last', () => {
  expect(binsOf(TIMES, 0, 90, 3)).toEqual([2, 2, 2])
  expect(binsOf([7], 7, 7, 3)).toEqual([1, 0, 0])
})

test('what came after the shown moment is in none, however it is shown', () => {
  expect(binsOf(TIMES, 0, 50, 5)).toEqual([1, 1, 0, 0, 2])
  expect(binsOf(TIMES, 0, -1, 2)).toEqual([0, 0])
})

test('what came before the first stretch is in that', () => {
  expect(binsOf(TIMES, 40, 60, 2)).toEqual([3, 2])
})
