import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ACCEPTED, type CommitColumns, REFUSED, WAITING } from '../state/commit-columns.js'
import { countDensity, moveZoom, placesOf, timesOf, zoomAt } from './density.js'
import { createTimeScale, IDLE_MS } from './scale.js'

function columnsOf(times: readonly number[], standings: readonly number[] = []): CommitColumns {
  return {
    count: times.length,
    times: Float64Array.from(times),
    standings: Uint8Array.from(times, (_, i) => standings[i] ?? ACCEPTED),
  } as Partial<CommitColumns> as CommitColumns
}

const sum = (counts: Uint32Array): number => counts.reduce((all, count) => all + count, 0)

test('every commit is in one bin, in the order of time', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(200_000), { minLength: 1, maxLength: 100 }),
      fc.integer({ min: 1, max: 50 }),
      (steps, bins) => {
        let time = 1e12
        const columns = columnsOf(steps.map((step) => (time += step)))
        const scale = createTimeScale(columns.times, columns.count)
        const density = countDensity(columns, scale, { from: 0, to: scale.length }, bins)
        expect(sum(density.counts)).toBe(columns.count)
        expect(density.most).toBe(Math.max(...density.counts))
        expect(density.counts[0]).toBeGreaterThan(0)
      },
    ),
  )
})

test('a part of time shows what is in it', () => {
  const columns = columnsOf([0, 1000, 2000, 3000, 4000])
  const scale = createTimeScale(columns.times, 5)
  expect([...countDensity(columns, scale, { from: 1000, to: 3000 }, 2).counts]).toEqual([1, 2])
})

test('what is not settled is counted apart', () => {
  const columns = columnsOf([0, 10, 20, 30], [ACCEPTED, REFUSED, WAITING, WAITING])
  const { counts, waiting, refused } = countDensity(columns, createTimeScale(columns.times, 4), { from: 0, to: 30 }, 1)
  expect([counts[0], waiting[0], refused[0]]).toEqual([4, 2, 1])
})

test('zooming keeps the place under the pointer, and what is shown within what there is', () => {
  expect(zoomAt({ from: 0, to: 1000 }, 0.5, 500, 1000)).toEqual({ from: 250, to: 750 })
  expect(zoomAt({ from: 0, to: 1000 }, 0.5, 0, 1000)).toEqual({ from: 0, to: 500 })
  expect(zoomAt({ from: 250, to: 750 }, 2, 500, 1000)).toBeNull()
  expect(zoomAt({ from: 0, to: 200 }, 0.01, 100, 1000)).toEqual({ from: 50, to: 150 })
  expect(moveZoom({ from: 600, to: 900 }, 500, 1000)).toEqual({ from: 700, to: 1000 })
  expect(moveZoom({ from: 600, to: 900 }, -5000, 1000)).toEqual({ from: 0, to: 300 })
})

test('what is zoomed to is the same time where older commits have come before it, with pauses', () => {
  const of = (...times: number[]) => createTimeScale(Float64Array.from(times), times.length)
  const after = 1e9
  const zoomed = timesOf({ from: 1000, to: 3000 }, of(after, after + 9000))
  expect(zoomed).toEqual({ from: after + 1000, to: after + 3000 })
  const place = 2000 + IDLE_MS
  expect(placesOf(zoomed, of(0, 2000, after, after + 9000))).toEqual({ from: place + 1000, to: place + 3000 })
})
