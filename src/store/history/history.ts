/**
 * `store.history()`: what an app asks of a repository's past, put together. Loaded when somebody looks.
 */
import { IbexError } from '../../errors.js'
import type { ActionPlace } from '../../history/ledger.js'
import { snapshotSeen } from '../../history/look.js'
import type { Moment } from '../../history/moment.js'
import type { Sight } from '../../history/deed.js'
import type { ItemWrites } from '../../history/toggle.js'
import { requireItemId } from '../../ids.js'
import type { HistoryKeeper } from '../../repository/history-keeper.js'
import type { FlushWindow } from '../../repository/window.js'
import type { AnySchema, Snapshot } from '../../schema/schema.js'
import type { Unsubscribe } from '../../signal.js'
import { createBisection } from './bisect.js'
import { blameItem, conflictsIn } from './blame.js'
import { createCommits } from './commits.js'
import { differences, writesBackTo } from './difference.js'
import { EntryBook, wordsOf } from './entries.js'
import type { Commits, History, UndoStack } from './face.js'
import { momentAfter, momentAt, momentBefore, placeOf } from './moments.js'
import { createPast } from './checkout.js'
import { createPlayback } from './playback.js'
import { createTimeline, requireTime } from './timeline.js'
import { createUndoStack } from './undo.js'
import { findLastValid, verifyHistory } from './verify.js'
import { settleItems, toggleWrites, type Waiter, writeAll } from './writes.js'

/** Resolves when a window has come that far, and hurries it there. */
export type Wait = (window: FlushWindow, level: 'local' | 'server') => Promise<void>

export interface HistoryContext {
  readonly keeper: HistoryKeeper
  readonly wait: Wait
  /** Brings what is not here of the past. */
  load(): Promise<void>
  /** The holder needs it no more. */
  closed(): void
}

export function createHistory({ keeper, wait, load, closed }: HistoryContext): History {
  const { ledger, journal } = keeper
  const { repository } = journal
  const book = new EntryBook(keeper)
  const stacks = new Map<string, UndoStack>()
  let commits: Commits | undefined
  const stops = new Set<() => void>()
  let isClosed = false
  const waiter: Waiter = (window) => ({ wait: (level) => wait(window, level) })

  const require = (): void => {
    if (isClosed) throw new IbexError('store-closed', 'This history was closed: ask the store for it again.')
    keeper.require()
  }
  const sightOf = (moment: Moment): Sight => {
    require()
    return keeper.sightOf(moment)
  }
  const find = (id: Parameters<HistoryKeeper['find']>[0]): ActionPlace => {
    require()
    return keeper.find(id)
  }
  /** Ends with the history. */
  const held = <T extends { close(): void }>(made: T): T => {
    const close = made.close.bind(made)
    stops.add(close)
    made.close = () => {
      stops.delete(close)
      close()
    }
    return made
  }
  return {
    path: repository.path,
    get complete() {
      return keeper.complete
    },
    get begin() {
      return keeper.first
    },
    get closed() {
      return isClosed || keeper.hasEnded
    },
    subscribe(listener): Unsubscribe {
      require()
      return keeper.onChange.subscribe(listener)
    },
    async load() {
      require()
      if (!keeper.complete) await load()
      require()
    },
    close() {
      if (isClosed) return
      isClosed = true
      for (const stop of stops) stop()
      closed()
    },

    now() {
      require()
      return keeper.now()
    },
    at(time) {
      require()
      return momentAt(ledger, requireTime(time))
    },
    after: (id) => momentAfter(keeper, find(id)),
    before: (id) => momentBefore(keeper, find(id)),
    moment(text) {
      sightOf(text as Moment)
      return text as Moment
    },
    place: (moment) => placeOf(keeper, moment, sightOf(moment)),

    get<S extends AnySchema>(schema: S, id: string, moment: Moment) {
      const builder = keeper.builderOf(schema)
      const track = ledger.track(schema.name, requireItemId(id))
      const sight = sightOf(moment)
      return (track && snapshotSeen(track, sight, builder)) as Snapshot<S> | undefined
    },
    checkout(moment) {
      require()
      return held(createPast(keeper, keeper.checkout(moment)))
    },
    diff: (from, to, options = {}) =>
      differences(keeper, sightOf(from), to === undefined ? undefined : sightOf(to), options),

    timeline(filter = {}) {
      require()
      return createTimeline(keeper, book, filter)
    },
    entry(id) {
      require()
      return book.entryOf(keeper.findOlder(id) ?? keeper.find(id))
    },
    blame(schema, id, { at } = {}) {
      require()
      return blameItem(keeper, schema, requireItemId(id), at === undefined ? undefined : keeper.sightOf(at))
    },
    conflicts(schema, id) {
      require()
      return conflictsIn(keeper, schema, requireItemId(id), waiter)
    },

    undoStack({ scope = 'session' } = {}) {
      require()
      if (scope !== 'session' && scope !== 'user') {
        throw new IbexError('bad-option', "undoStack({ scope }) takes 'session' or 'user'.")
      }
      let stack = stacks.get(scope)
      if (!stack) stacks.set(scope, (stack = createUndoStack(keeper, scope, waiter)))
      return stack
    },
    revert(actions, { label } = {}) {
      const ids = [actions].flat()
      settleItems(keeper, ids.map(find))
      const only = ids.length === 1 ? wordsOf(keeper.marks(), find(ids[0]!)) : undefined
      const words = only === undefined ? 'Revert' : `Revert: ${only}`
      const compute = (): ItemWrites[] => [...toggleWrites(keeper, ids.map(find), false)]
      return writeAll(keeper, compute, label ?? words, false, waiter)
    },
    revertTo(moment, options = {}) {
      const compute = writesBackTo(keeper, sightOf(moment), options)
      return writeAll(keeper, compute, options.label ?? 'Revert to an earlier moment', false, waiter)
    },
    lastValid(options = {}) {
      require()
      return findLastValid(keeper, options)
    },

    bisect(isGood, options = {}) {
      require()
      const search = createBisection(keeper, book, options)
      try {
        const { past } = search
        const shown = past.moment
        past.seek(options.bad ?? keeper.now())
        if (isGood(past)) return undefined
        past.seek(shown)
        while (!search.found) {
          if (isGood(past)) search.good()
          else search.bad()
        }
        return search.found
      } finally {
        search.close()
      }
    },
    bisection(options) {
      require()
      return held(createBisection(keeper, book, options))
    },
    verify(options = {}) {
      require()
      return verifyHistory(keeper, options)
    },
    playback(options = {}) {
      require()
      return held(createPlayback(keeper, options))
    },
    get commits() {
      require()
      return (commits ??= createCommits(keeper))
    },
  }
}
