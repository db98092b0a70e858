import { expect, test } from 'vitest'
import { Signal } from '../../../src/signal.js'
import type { History } from '../../../src/index.js'
import { createCell } from '../../../src/inspect/live.js'
import { ACCEPTED, type CommitColumns, WAITING } from './commit-columns.js'
import { followStrip, stripOf } from './strip.js'

const columnsOf = (times: readonly number[], standing = ACCEPTED): CommitColumns =>
  ({
    count: times.length,
    // There is room for more.
    times: Float64Array.from([...times, 99]),
    standings: Uint8Array.from([...times, 0], () => standing),
  }) as Partial<CommitColumns> as CommitColumns

test('what is not here yet stands before what is, and times do not descend', () => {
  const strip = stripOf(Float64Array.of(1, 2, 5), columnsOf([4, 6], WAITING))
  expect(strip.begin).toBe(3)
  expect([...strip.times]).toEqual([1, 2, 5, 5, 6])
  expect([...strip.standings]).toEqual([ACCEPTED, ACCEPTED, ACCEPTED, WAITING, WAITING])
  expect(stripOf(new Float64Array(0), columnsOf([4, 6]))).toMatchObject({ count: 2, begin: 0 })
})

test('when the rest has come the strip stays as it was until that is read', () => {
  const changed = new Signal()
  let older = Float64Array.of(1, 2)
  let count = 1
  const history = {
    closed: false,
    commits: {
      get count() {
        return count
      },
      olderTimes: () => older,
    },
    subscribe: (listener: () => void) => changed.subscribe(listener),
  } as Partial<History> as History
  const columns = createCell(columnsOf([3]))
  const strip = followStrip(history, columns)
  expect(strip.get()).toMatchObject({ count: 3, begin: 2 })
  older = new Float64Array(0)
  count = 3
  changed.emit()
  columns.set(columnsOf([1]))
  expect(strip.get()).toMatchObject({ count: 3, begin: 2 })
  columns.set(columnsOf([1, 2, 3]))
  expect(strip.get()).toMatchObject({ count: 3, begin: 0 })
  // And goes on.
  count = 4
  columns.set(columnsOf([1, 2, 3, 4]))
  expect(strip.get()).toMatchObject({ count: 4, begin: 0 })
})
