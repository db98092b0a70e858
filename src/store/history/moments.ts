/** Moments by times and actions, and where a moment stands among all. */
import { IbexError } from '../../errors.js'
import { effective, type Sight } from '../../history/deed.js'
import type { ActionPlace, Ledger } from '../../history/ledger.js'
import { type Moment, parseMoment } from '../../history/moment.js'
import { isAboveFloor, missingPast, momentOf, positionOf, sightAfter, sightAt } from '../../history/sight.js'
import type { HistoryKeeper } from '../../repository/history-keeper.js'
import { isSettled, nameOf, timeOf } from './entries.js'
import type { Place } from './face.js'

/** After all commits up to a time; of the last one the actions up to then. Throws `history-missing`. */
export function momentAt(ledger: Ledger, ms: number): Moment {
  const { commits, floor } = ledger
  if (floor && ms < floor.last!.origin.ms) throw missingPast()
  let low = 0
  let high = commits.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (commits[middle]!.origin.ms <= ms) low = middle + 1
    else high = middle
  }
  const last = commits[low - 1]
  if (!last) return momentOf(ledger, sightAt(ledger, 0))
  const done = last.actions.filter(({ offset }) => last.origin.ms + offset <= ms).length
  return momentOf(ledger, sightAt(ledger, last.start + Math.min(done, effective(last))))
}

/** After all parts of an action. Throws `unknown-moment` for one that is pending. */
export function momentAfter(keeper: HistoryKeeper, head: ActionPlace): Moment {
  const last = keeper.marks().partsOf(head).at(-1)!
  requireSettled(keeper, last)
  return momentOf(keeper.ledger, sightAfter(last.commit, last.action + 1))
}

/** The same before its first. */
export function momentBefore(keeper: HistoryKeeper, head: ActionPlace): Moment {
  requireSettled(keeper, head)
  return momentOf(keeper.ledger, sightAt(keeper.ledger, head.commit.start + head.action))
}

export function placeOf({ ledger }: HistoryKeeper, moment: Moment, sight: Sight): Place {
  const position = positionOf(sight)
  const action = position > 0 ? ledger.actionAt(position) : undefined
  const { last, others } = parseMoment(moment)
  return Object.freeze({
    moment,
    position,
    of: ledger.length,
    time: action ? timeOf(action) : 0,
    action: action && nameOf(action),
    commits: Object.freeze(last === undefined ? [] : [last, ...others]),
    late: [...sight.except].reduce((sum, commit) => sum + effective(commit), 0),
  })
}

function requireSettled(keeper: HistoryKeeper, { commit }: ActionPlace): void {
  if (isSettled(keeper, commit)) {
    if (isAboveFloor(keeper.ledger, commit)) return
    throw missingPast()
  }
  throw new IbexError('unknown-moment', 'A pending action has no moment yet: what is after it is the present.')
}
