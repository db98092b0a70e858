'use client'
import { useMemo } from 'react'
import { type History, IbexError, type UndoOptions, type UndoState, type Write } from '../src/index.js'
import { heldHistory, type HistoryStatus } from './held-history.js'
import { type HistoryOptions, useOfHistory } from './of-history.js'
import { useScope } from './scope.js'
import { pastIn } from './travelled.js'

export interface Undo extends UndoState {
  /** Undoes the newest action that can be; where there is none, nothing. Keeps identity. Throws `past-is-read-only`, `not-ready`. */
  readonly undo: () => Write
  readonly redo: () => Write
  readonly status: HistoryStatus
}

/**
 * Undo and redo of what this session did in the repository, or, with the scope `user`, of what all devices of its user did. It
 * survives a reload, and leaves what others did since. Inside a `TimeTravel` there is nothing to undo.
 */
export function useUndo(options: UndoOptions & HistoryOptions = {}): Undo {
  const scope = useScope(options)
  const held = heldHistory(scope)
  const isPast = pastIn(scope.store, scope.path) !== undefined
  const which = options.scope ?? 'session'
  const shown = useOfHistory(scope, options.suspense, isPast ? null : which, (history) => stackOf(history, which))
  const { path } = scope
  const act = useMemo(() => {
    const stack = (): ReturnType<typeof stackOf> => {
      if (isPast) throw new IbexError('past-is-read-only', 'The past is shown here: undo where the present is.')
      if (held.history) return stackOf(held.history, which)
      throw new IbexError('not-ready', `The history of ${path} is not open yet: look at the status of useUndo first.`)
    }
    return { undo: () => stack().undo(), redo: () => stack().redo() }
  }, [held, path, which, isPast])
  return typeof shown === 'string' ? { ...NOTHING, ...act, status: shown } : { ...shown, ...act, status: 'ready' }
}

const stackOf = (history: History, scope: 'session' | 'user') => history.undoStack({ scope })

const NOTHING: UndoState = {
  canUndo: false,
  canRedo: false,
  undoLabel: undefined,
  redoLabel: undefined,
  undoAction: undefined,
  redoAction: undefined,
}
