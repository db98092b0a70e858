/** Finding the action that spoiled something, by looking at few moments. */
import { IbexError } from '../errors.js'
import { positionOf } from '../history/sight.js'
import type { HistoryKeeper } from '../repository/history-keeper.js'
import { type EntryBook, nameOf } from './history-entries.js'
import type { BisectOptions, Bisection, TimelineEntry } from './history-face.js'
import { createPast } from './history-past.js'

/** Throws `bad-option` where `bad` is not after `good`. */
export function createBisection(keeper: HistoryKeeper, book: EntryBook, options: BisectOptions = {}): Bisection {
  const { ledger } = keeper
  const start = keeper.checkout(keeper.begin)
  let low = options.good === undefined ? 0 : positionOf(keeper.sightOf(options.good))
  let high = options.bad === undefined ? ledger.length : positionOf(keeper.sightOf(options.bad))
  if (high <= low) throw new IbexError('bad-option', 'A search begins at a good moment and ends at a later, bad one.')
  const skipped = new Set<number>()
  const past = createPast(keeper, start)

  /** The place nearest to the middle that was not skipped; undefined where there is none. */
  const next = (): number | undefined => {
    const middle = Math.floor((low + high) / 2)
    for (let away = 0; away <= high - low; away++) {
      for (const position of [middle - away, middle + away]) {
        if (position > low && position < high && !skipped.has(position)) return position
      }
    }
    return undefined
  }
  const show = (): void => start.seekPosition(next() ?? high)
  const entryAt = (position: number): TimelineEntry => book.entryOf(keeper.marks().headOf(ledger.actionAt(position)))
  const judge = (change: (position: number) => void) => (): void => {
    keeper.require()
    const position = next()
    if (position !== undefined) change(position)
    show()
  }
  show()
  return {
    past,
    get left() {
      let left = 0
      for (let position = low + 1; position < high; position++) if (!skipped.has(position)) left++
      return left
    },
    get found() {
      return high - low === 1 ? entryAt(high) : undefined
    },
    get suspects() {
      if (high - low === 1 || next() !== undefined) return []
      return Array.from({ length: high - low }, (_, i) => nameOf(ledger.actionAt(low + 1 + i)))
    },
    good: judge((position) => (low = position)),
    bad: judge((position) => (high = position)),
    skip: judge((position) => skipped.add(position)),
    close: () => past.close(),
  }
}
