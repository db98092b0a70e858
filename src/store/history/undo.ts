/** Undo and redo: what can be, and doing it. All of it follows from the graph, so that it survives a reload. */
import { effective, type PastCommit } from '../../history/deed.js'
import { MAX_TARGETS, undoLabel } from '../../history/labels.js'
import type { ActionPlace } from '../../history/ledger.js'
import type { Mark } from '../../history/marks.js'
import { blockersOf } from '../../history/toggle.js'
import type { HistoryKeeper } from '../../repository/history-keeper.js'
import type { Write } from '../collection-face.js'
import { keyOf, labelOf, nameOf } from './entries.js'
import type { UndoStack, UndoState } from './face.js'
import { tellOf } from './telling.js'
import { DONE, presentOf, settleItems, toggleWrites, type Waiter, writeAll } from './writes.js'

/** So many actions whose undoing would make no difference are passed over. */
const MOST_IDLE = 200

export function createUndoStack(keeper: HistoryKeeper, scope: 'session' | 'user', waiter: Waiter): UndoStack {
  const { ledger, journal } = keeper
  let state: UndoState | undefined
  let stateOf: { readonly version: number; readonly tail: unknown } | undefined

  const isOwn = ({ origin }: PastCommit): boolean => {
    const { session } = journal.repository
    if (origin.session === session) return true
    const { sessions } = journal.options
    const user = scope === 'user' ? sessions.get(session)?.user : null
    return user != null && sessions.get(origin.session)?.user === user
  }

  /** The first parts of own actions, the newest first. */
  function* ownActions(): Iterable<ActionPlace> {
    const marks = keeper.marks()
    const tail = keeper.tail()
    for (let i = ledger.commits.length + tail.length; i-- > 0;) {
      const commit = ledger.commits[i] ?? tail[i - ledger.commits.length]!
      if (effective(commit) === 0 || !isOwn(commit)) continue
      for (let action = commit.actions.length; action-- > 0;) {
        const place = { commit, action }
        if (marks.headOf(place) === place) yield place
      }
    }
  }

  /** Whether anything would become different. */
  const hasEffect = (heads: readonly ActionPlace[], on: boolean): boolean => {
    for (const _writes of toggleWrites(keeper, heads, on)) return true
    return false
  }

  /**
   * The newest action whose undoing makes a difference. With it go newer ones that make none by themselves and stand before
   * it, as one that deleted an item and restored it.
   */
  const toUndo = (): readonly ActionPlace[] | undefined => {
    const marks = keeper.marks()
    const idle: ActionPlace[] = []
    for (const head of ownActions()) {
      if (marks.markOf(head) || marks.isUndone(head)) continue
      const heads = withBlockers(head, idle)
      if (hasEffect(heads, false)) return heads
      if (idle.push(head) === MOST_IDLE) return undefined
    }
    return undefined
  }

  const withBlockers = (head: ActionPlace, idle: readonly ActionPlace[]): ActionPlace[] => {
    const heads = [head]
    if (idle.length === 0) return heads
    const present = presentOf(keeper)
    for (let looked = 0; looked < heads.length && heads.length < MAX_TARGETS; looked++) {
      for (const blocker of blockersOf(present, [heads[looked]!])) {
        const isIdle = idle.some((other) => isAt(other, blocker))
        if (isIdle && !heads.some((other) => isAt(other, blocker))) heads.push(blocker)
      }
    }
    return heads.slice(0, MAX_TARGETS)
  }

  /** What was undone last, if nothing new was done since. */
  const toRedo = (): readonly ActionPlace[] | undefined => {
    const marks = keeper.marks()
    for (const head of ownActions()) {
      const mark: Mark | undefined = marks.markOf(head)
      if (!mark) return undefined
      const { target, targets } = mark
      const last = marks.chainOf(target).at(-1)
      if (last?.kind === 'undo' && isAt(last.place, head) && hasEffect(targets, true)) return targets
    }
    return undefined
  }

  const get = (): UndoState => {
    keeper.require()
    const tail = keeper.tail()
    if (state && stateOf?.version === ledger.version && stateOf.tail === tail) return state
    stateOf = { version: ledger.version, tail }
    const [undo, redo] = [toUndo()?.[0], toRedo()?.[0]]
    const now: UndoState = {
      canUndo: undo !== undefined,
      canRedo: redo !== undefined,
      undoLabel: undo && labelOf(undo),
      redoLabel: redo && labelOf(redo),
      undoAction: undo && nameOf(undo),
      redoAction: redo && nameOf(redo),
    }
    const before = state
    const isSame = before && (Object.keys(now) as (keyof UndoState)[]).every((key) => now[key] === before[key])
    return (state = isSame ? before : Object.freeze(now))
  }

  const run = (kind: 'undo' | 'redo'): Write => {
    keeper.require()
    const find = kind === 'undo' ? toUndo : toRedo
    const found = find()
    if (!found) return DONE
    settleItems(keeper, found)
    const targets = found.map(({ commit, action }) => ({ lane: commit.lane, flush: commit.flush, action }))
    return writeAll(
      keeper,
      // Found anew, because it may have become a commit meanwhile.
      () => [
        ...toggleWrites(
          keeper,
          found.map((head) => keeper.find(keyOf(head))),
          kind === 'redo',
        ),
      ],
      undoLabel(kind, targets),
      true,
      waiter,
    )
  }

  return {
    get,
    undo: () => run('undo'),
    redo: () => run('redo'),
    subscribe: tellOf(keeper, () => [get()]),
  }
}

function isAt(a: ActionPlace, b: ActionPlace): boolean {
  return a.commit === b.commit && a.action === b.action
}
