import { expect, test } from 'vitest'
import { oncePerFrame } from './frame.js'

/** A window whose frames the test draws. */
function windowOfTest(): { readonly view: Window; draw(): void; readonly asked: () => number } {
  const frames = new Map<number, () => void>()
  let count = 0
  const view = {
    requestAnimationFrame: (fn: () => void) => (frames.set(++count, fn), count),
    cancelAnimationFrame: (id: number) => frames.delete(id),
  } as unknown as Window
  return {
    view,
    asked: () => count,
    draw() {
      const due = [...frames.values()]
      frames.clear()
      for (const fn of due) fn()
    },
  }
}

test('however often it is asked, it works once a frame, for the newest', () => {
  const { view, draw, asked } = windowOfTest()
  const done: number[] = []
  const frame = oncePerFrame<number>(
    () => view,
    (value) => done.push(value),
  )
  for (const value of [1, 2, 3]) frame.ask(value)
  expect([done, asked()]).toEqual([[], 1])
  draw()
  expect(done).toEqual([3])
  draw()
  expect(done).toEqual([3])
  frame.ask(4)
  draw()
  expect(done).toEqual([3, 4])
})

test('what was cancelled is not done, and a later question is', () => {
  const { view, draw } = windowOfTest()
  const done: number[] = []
  const frame = oncePerFrame<number>(
    () => view,
    (value) => done.push(value),
  )
  frame.ask(1)
  frame.cancel()
  draw()
  frame.ask(2)
  draw()
  expect(done).toEqual([2])
})
