/** Finding the action that spoiled something, by looking at few moments. */
import { IbexError } from '../../errors.js'
import { positionOf, sightAt } from '../../history/sight.js'
import type { HistoryKeeper } from '../../repository/history-keeper.js'
import { type EntryBook, nameOf } from './entries.js'
import type { BisectOptions, Bisection, TimelineEntry } from './face.js'
import { createPast } from './checkout.js'

/** Throws `bad-option` where `bad` is not after `good`. */
export function createBisection(keeper: HistoryKeeper, book: EntryBook, options: BisectOptions = {}): Bisection {
  const { ledger } = keeper
  // What comes late moves positions, so that what is kept are moments.
  let good = options.good === undefined ? sightAt(ledger, 0) : keeper.sightOf(options.good)
  let bad = options.bad === undefined ? sightAt(ledger, ledger.length) : keeper.sightOf(options.bad)
  if (positionOf(bad) <= positionOf(good)) {
    throw new IbexError('bad-option', 'A search begins at a good moment and ends at a later, bad one.')
  }
  const skipped = new Set<string>()
  const repository = keeper.checkout(keeper.first)
  const past = createPast(keeper, repository)

  const isSkipped = (position: number): boolean => skipped.has(nameOf(ledger.actionAt(position)))
  /** The place nearest to the middle that was not skipped; undefined where there is none. */
  const next = (): number | undefined => {
    const [low, high] = [positionOf(good), positionOf(bad)]
    const middle = Math.floor((low + high) / 2)
    for (let away = 0; away <= high - low; away++) {
      for (const position of [middle - away, middle + away]) {
        if (position > low && position < high && !isSkipped(position)) return position
      }
    }
    return undefined
  }
  const show = (): void => repository.seekPosition(next() ?? positionOf(bad))
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
      for (let position = positionOf(good) + 1; position < positionOf(bad); position++) {
        if (!isSkipped(position)) left++
      }
      return left
    },
    get found() {
      const high = positionOf(bad)
      return high - positionOf(good) === 1 ? entryAt(high) : undefined
    },
    get suspects() {
      const [low, high] = [positionOf(good), positionOf(bad)]
      if (high - low === 1 || next() !== undefined) return []
      return Array.from({ length: high - low }, (_, i) => nameOf(ledger.actionAt(low + 1 + i)))
    },
    good: judge((position) => (good = sightAt(ledger, position))),
    bad: judge((position) => (bad = sightAt(ledger, position))),
    skip: judge((position) => skipped.add(nameOf(ledger.actionAt(position)))),
    close: () => past.close(),
  }
}
