/**
 * What is seen at a moment: the actions up to one, but for commits that came after the moment was chosen. Nearly always
 * there are none of these, and a position says all.
 */
import { IbexError } from '../errors.js'
import type { CommitId } from '../ids.js'
import { effective, idOf, type PastCommit, type Sight, type Track } from './deed.js'
import type { Ledger } from './ledger.js'
import { formatMoment, type Moment, parseMoment, START } from './moment.js'
import { countAt } from './track.js'

const NONE: ReadonlySet<never> = new Set<never>()
const NOWHERE: Sight = { last: undefined, actions: 0, except: NONE, concerned: NONE }

/** What is seen after the first `position` actions; where that lies below the floor, what is seen there. */
export function sightAt(ledger: Ledger, position: number): Sight {
  const { floor } = ledger
  if (floor && position <= positionOf(floor)) return floor
  const at = Math.min(position, ledger.length)
  if (at <= 0) return NOWHERE
  const { commit, action } = ledger.actionAt(at)
  return { last: commit, actions: action + 1, except: NONE, concerned: NONE }
}

/** What is seen after an action of a commit, or after all of them. */
export function sightAfter(commit: PastCommit, actions: number = commit.actions.length): Sight {
  return { last: commit, actions, except: NONE, concerned: NONE }
}

/** How many actions stand up to the last that is seen, with those that are not seen. */
export function positionOf({ last, actions }: Sight): number {
  return last ? last.start + Math.min(actions, effective(last)) : 0
}

/** How many deeds of a track come up to the last that is seen. */
export function countSeen(track: Track, sight: Sight): number {
  return countAt(track, positionOf(sight))
}

/** The same after commits came late: they are not seen. Answers itself where that makes no difference. */
export function withLate(sight: Sight, late: readonly PastCommit[]): Sight {
  const { last } = sight
  const missed = last ? late.filter(({ index }) => index < last.index) : []
  return missed.length > 0 ? { ...sight, ...leaving([...sight.except, ...missed]) } : sight
}

/**
 * @throws IbexError `malformed-id`; `unknown-moment` where a commit of it is not here, `history-missing` where that is
 * because the past is not
 */
export function sightOf(ledger: Ledger, moment: string): Sight {
  const sight = resolve(ledger, moment)
  if (!isAbove(ledger.floor, sight)) throw missingPast()
  return sight
}

/** Whether a sight shows all that is seen at the floor: of anything else it is not known what it shows. */
function isAbove(floor: Sight | undefined, { last, except }: Sight): boolean {
  if (!floor?.last) return true
  if (!last || last.index < floor.last.index || except.has(floor.last)) return false
  for (const commit of except) if (!floor.except.has(commit) && commit.index < floor.last.index) return false
  return true
}

/** Whether what was seen after a commit can be shown: below the floor it is not known. */
export function isAboveFloor({ floor }: Ledger, { index }: PastCommit): boolean {
  return !floor?.last || index >= floor.last.index
}

function resolve(ledger: Ledger, moment: string): Sight {
  const { last: id, action, others } = parseMoment(moment)
  if (id === undefined) return ledger.floor ? NOWHERE : sightAt(ledger, 0)
  const last = find(ledger, id)
  const frontier = new Set([last, ...others.map((other) => find(ledger, other))])
  const actions = action === undefined ? last.actions.length : action + 1
  if (actions > last.actions.length || [...frontier].some(({ index }) => index > last.index)) throw unknown()
  const missing = ledger.frontiers.missing(frontier, last.index + 1)
  return { last, actions, ...leaving([...missing]) }
}

/** The name of what is seen. */
export function momentOf(ledger: Ledger, { last, actions, except }: Sight): Moment {
  if (!last) return START
  const frontier = except.size > 0 ? frontierWithout(ledger, last, except) : ledger.frontiers.of(last.index + 1)
  const others = [...frontier].filter((commit) => commit !== last).map(idOf)
  return formatMoment({
    last: idOf(last),
    action: actions < last.actions.length ? actions - 1 : undefined,
    others: others.sort(),
  })
}

function leaving(except: readonly PastCommit[]): Pick<Sight, 'except' | 'concerned'> {
  if (except.length === 0) return { except: NONE, concerned: NONE }
  return { except: new Set(except), concerned: new Set(except.flatMap(({ deeds }) => deeds.map(({ track }) => track))) }
}

function frontierWithout(ledger: Ledger, last: PastCommit, except: ReadonlySet<PastCommit>): Set<PastCommit> {
  const frontier = new Set<PastCommit>()
  const seen = ledger.commits.slice(0, last.index + 1).filter((commit) => !except.has(commit))
  for (const commit of seen) {
    for (const parent of commit.parents) frontier.delete(parent)
    frontier.add(commit)
  }
  return frontier
}

function find(ledger: Ledger, id: CommitId): PastCommit {
  const commit = ledger.get(id)
  if (!commit) throw ledger.floor ? missingPast() : unknown()
  return commit
}

export function missingPast(): IbexError {
  return new IbexError(
    'history-missing',
    'This is not of the history that is on this device: history.begin is the first moment that can be shown. Wait for history.load(), which brings what came before.',
  )
}

function unknown(): IbexError {
  return new IbexError(
    'unknown-moment',
    'This moment is not of the history that is here. It is of another repository, or its commits have not come yet.',
  )
}
