/** The timeline: actions that fit a filter, live, found without looking at what nobody asked for. */
import { IbexError } from '../../errors.js'
import type { Deed, PastCommit, Sight } from '../../history/deed.js'
import { readLabel } from '../../history/labels.js'
import type { ActionPlace } from '../../history/ledger.js'
import { isAboveFloor } from '../../history/sight.js'
import type { ItemId } from '../../ids.js'
import type { Value } from '../../value/value.js'
import type { HistoryKeeper } from '../../repository/history-keeper.js'
import { canConcern } from '../../repository/older-commits.js'
import { compareCommits } from '../../history/stamp-order.js'
import { deedsOf, type EntryBook, labelOf, timeOf, wordsOf } from './entries.js'
import type { EntryKind, Timeline, TimelineEntry, TimelineFilter } from './face.js'
import { tellOf } from './telling.js'

const DEFAULT_LIMIT = 100
const KEYS: readonly (keyof TimelineFilter)[] = [
  'schema',
  'item',
  'field',
  'session',
  'user',
  'label',
  'text',
  'since',
  'until',
  'standing',
  'joins',
  'kind',
  'limit',
]

const KINDS: readonly EntryKind[] = ['action', 'join', 'seal']

type Test = (place: ActionPlace) => boolean

/** Throws `bad-option`, `unknown-moment`. */
export function createTimeline(keeper: HistoryKeeper, book: EntryBook, filter: TimelineFilter): Timeline {
  const limit = checkFilter(filter)
  const kinds = kindsOf(filter)
  const test = testOf(keeper, filter)
  const { ledger } = keeper
  let newest: readonly TimelineEntry[] = Object.freeze([])
  /** Every place in the ledger that fits, oldest first; undefined until somebody counts. */
  let found: ActionPlace[] | undefined
  let foundAt = 0
  let upTo = 0
  let foundOlder = 0
  /** The newest of them. */
  let shown: readonly ActionPlace[] | undefined
  let shownAt = 0
  let shownTo = 0
  let shownOlder = 0

  /** What answers the actions of a commit that fit, oldest first, as things stand. */
  const fitter = (): ((commit: PastCommit) => ActionPlace[]) => {
    const marks = keeper.marks()
    const { complete } = keeper
    // Where the beginning is not here, the rest of an action may be.
    const isLooseEnd = (place: ActionPlace): boolean => !complete && readLabel(labelOf(place) ?? '')?.kind === 'more'
    return (commit) => {
      if (commit.kind !== 'change') {
        const place = { commit, action: 0 }
        return kinds.has(commit.kind) && test(place) ? [place] : []
      }
      const places: ActionPlace[] = []
      if (!kinds.has('action')) return places
      for (let action = 0; action < commit.actions.length; action++) {
        const place = { commit, action }
        // What continues another action is shown with it.
        if (marks.headOf(place) === place && !isLooseEnd(place) && test(place)) places.push(place)
      }
      return places
    }
  }

  /** What is below the ledger, the same way. Whoever asks for it gets the index. */
  const olderCandidates = (): readonly PastCommit[] => {
    const { older } = keeper
    const { item } = filter
    if (!older) return []
    older.index()
    if (item === undefined) return older.commits
    return older.commits.filter((commit) => {
      const brief = older.briefOf(commit)
      return brief ? canConcern(brief, item as ItemId) : commit.deeds.some(({ track }) => track.id === item)
    })
  }

  /** Commits that can have something that fits, oldest first. */
  const candidates = (): readonly PastCommit[] => {
    const { item, schema } = filter
    if (item === undefined) return ledger.commits
    const of = new Set<PastCommit>(ledger.voids)
    const name = schemaName(schema)
    for (const each of name === undefined ? ledger.schemas() : [name]) {
      for (const { commit } of ledger.track(each, item as never)?.deeds ?? []) of.add(commit)
    }
    return [...of].sort((a, b) => a.index - b.index)
  }

  const pending = (): ActionPlace[] => keeper.tail().flatMap(fitter())

  /** The newest that fit and are in the ledger, newest first; after more was put behind, only that is looked at. */
  const lookBack = (): readonly ActionPlace[] => {
    const { version } = ledger
    const olderVersion = keeper.older?.version ?? 0
    if (shown && shownAt === version && shownOlder === olderVersion) return shown
    const known = shown && shownOlder === olderVersion && isSound(shownAt) ? shown : undefined
    const commits = candidates()
    const fitting = fitter()
    const places: ActionPlace[] = []
    const end = known ? shownTo : 0
    let i = commits.length
    while (places.length < limit && i > end && isAboveFloor(ledger, commits[i - 1]!)) {
      places.push(...fitting(commits[--i]!).reverse())
    }
    if (!known && places.length < limit) {
      const rest = interleave(olderCandidates(), commits.slice(0, i))
      for (let j = rest.length; places.length < limit && j-- > 0;) places.push(...fitting(rest[j]!).reverse())
    }
    shown = [...places, ...(known ?? [])].slice(0, limit)
    shownAt = version
    shownTo = commits.length
    shownOlder = olderVersion
    return shown
  }

  /** Whether what was found at a version of the ledger still fits, and nothing before it came since. */
  const isSound = (version: number): boolean => {
    const { shaken, judged } = ledger
    return filter.item === undefined && version >= (filter.standing === undefined ? shaken : Math.max(shaken, judged))
  }

  const get = (): readonly TimelineEntry[] => {
    keeper.require()
    const places = [...pending().reverse(), ...lookBack()].slice(0, limit)
    keeper.older?.look(places.map(({ commit }) => commit))
    const now = places.map((place) => book.entryOf(place))
    if (now.length !== newest.length || now.some((entry, i) => entry !== newest[i])) newest = Object.freeze(now)
    return newest
  }

  const all = (): ActionPlace[] => {
    keeper.require()
    const { commits, version } = ledger
    const olderVersion = keeper.older?.version ?? 0
    if (found && foundOlder === olderVersion && isSound(foundAt)) {
      // What is newer than all is put behind.
      const fitting = fitter()
      for (; upTo < commits.length; upTo++) found.push(...fitting(commits[upTo]!))
    } else if (!found || foundAt !== version || foundOlder !== olderVersion) {
      found = interleave(olderCandidates(), candidates()).flatMap(fitter())
      upTo = commits.length
    }
    foundAt = version
    foundOlder = olderVersion
    return found
  }

  /** How many fit, if somebody has counted. */
  const counted = (): number | undefined => found && all().length + pending().length

  /** Becomes another when what {@link Timeline.slice} gave may say more. */
  const filledAt = (): number | undefined => found && keeper.older?.version

  return {
    filter,
    get count() {
      return all().length + pending().length
    },
    get,
    slice(from, to) {
      const committed = all()
      const end = Math.max(0, to)
      const start = Math.max(0, from)
      const places = committed.slice(start, end)
      if (end > committed.length) {
        places.push(...pending().slice(Math.max(0, start - committed.length), end - committed.length))
      }
      keeper.older?.look(places.map(({ commit }) => commit))
      return places.map((place) => book.entryOf(place))
    },
    subscribe: tellOf(
      keeper,
      () => [get(), counted(), filledAt()],
      () => {
        found = undefined
        shown = undefined
      },
    ),
  }
}

/** Two lists that ascend, as one: of the first nearly all comes before the second. */
function interleave(older: readonly PastCommit[], commits: readonly PastCommit[]): readonly PastCommit[] {
  const [first] = commits
  const last = older.at(-1)
  if (!first || !last) return first ? commits : older
  const all = older.concat(commits)
  return compareCommits(last, first) < 0 ? all : all.sort(compareCommits)
}

function schemaName(schema: TimelineFilter['schema']): string | undefined {
  return typeof schema === 'object' ? schema.name : schema
}

/** Throws `bad-option`. */
function kindsOf({ kind, joins = false }: TimelineFilter): ReadonlySet<EntryKind> {
  const kinds = kind === undefined ? (joins ? KINDS : (['action'] as const)) : [kind].flat()
  const unknown = kinds.find((each) => !KINDS.includes(each))
  if (unknown !== undefined) {
    throw new IbexError('bad-option', `There are no entries of the kind '${unknown}', only ${KINDS.join(', ')}.`)
  }
  return new Set(kinds)
}

/** The limit of a filter. */
function checkFilter(filter: TimelineFilter): number {
  for (const key of Object.keys(filter)) {
    if (!KEYS.includes(key as never)) {
      throw new IbexError('bad-option', `A timeline cannot be filtered by '${key}', only by ${KEYS.join(', ')}.`)
    }
  }
  const { limit = DEFAULT_LIMIT } = filter
  if (!Number.isSafeInteger(limit) || limit < 0) throw new IbexError('bad-option', 'limit is a whole number from 0.')
  return limit
}

/** What of an action the filter looks at. An action that continues in other commits fits by any part of it. */
function testOf(keeper: HistoryKeeper, filter: TimelineFilter): Test {
  const { item, field, session, user, label, standing } = filter
  const schema = schemaName(filter.schema)
  const text = filter.text?.toLowerCase()
  const standings = standing === undefined ? undefined : [standing].flat()
  const words = (place: ActionPlace): string | undefined => wordsOf(keeper.marks(), place)
  const tests: Test[] = []
  if (schema !== undefined || item !== undefined || field !== undefined || text !== undefined) {
    const fits = ({ track, changes }: Deed): boolean =>
      (schema === undefined || track.schema === schema) &&
      (item === undefined || track.id === item) &&
      (field === undefined || changes.some((change) => change.field === field))
    const says = ({ changes }: Deed): boolean =>
      text === undefined || changes.some(({ value }) => mentions(value, text))
    tests.push((place) => {
      const brief = keeper.older?.briefOf(place.commit)
      if (brief) {
        // An item's id is the only thing that an index knows of its content.
        if (text !== undefined || field !== undefined) return false
        return item !== undefined && canConcern(brief, item as ItemId)
      }
      const deeds = keeper.marks().partsOf(place).flatMap(deedsOf).filter(fits)
      const whole = schema === undefined && item === undefined && field === undefined
      if (deeds.length === 0 && !whole) return false
      return text === undefined || (words(place)?.toLowerCase().includes(text) ?? false) || deeds.some(says)
    })
  }
  if (session !== undefined) tests.push(({ commit }) => commit.origin.session === session)
  if (user !== undefined) {
    const { authorOf } = keeper.journal.options.sessions
    tests.push(({ commit }) => authorOf(commit.origin.session) === user)
  }
  if (label !== undefined) {
    tests.push((place) => !keeper.older?.briefOf(place.commit) && words(place) === label)
  }
  if (standings) tests.push(({ commit }) => standings.includes(commit.standing))
  if (filter.since !== undefined) {
    const { since } = filter
    const isMoment = typeof since === 'string'
    const ms = isMoment ? 0 : requireTime(since)
    tests.push(isMoment ? (place) => !isSeen(keeper.sightOf(since), place) : (place) => timeOf(place) >= ms)
  }
  if (filter.until !== undefined) {
    const { until } = filter
    const isMoment = typeof until === 'string'
    const ms = isMoment ? 0 : requireTime(until)
    tests.push(isMoment ? (place) => isSeen(keeper.sightOf(until), place) : (place) => timeOf(place) <= ms)
  }
  return (place) => tests.every((test) => test(place))
}

function isSeen({ last, actions, except }: Sight, { commit, action }: ActionPlace): boolean {
  if (!last || except.has(commit)) return false
  return commit.index < last.index || (commit === last && (commit.kind !== 'change' || action < actions))
}

/** Milliseconds since 1970. Throws `bad-option`. */
export function requireTime(time: Date | number): number {
  const ms = Number(time)
  if (Number.isFinite(ms)) return ms
  throw new IbexError('bad-option', 'A time is a Date, or milliseconds since 1970.')
}

/** Whether a text, in lower case, is somewhere in a value. */
function mentions(value: Value, text: string): boolean {
  if (typeof value === 'string') return value.toLowerCase().includes(text)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false
  return Object.values(value as object).some((each: Value) => mentions(each, text))
}
