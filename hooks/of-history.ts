'use client'
import { useMemo, useSyncExternalStore } from 'react'
import type { History } from '../src/index.js'
import { heldHistory, type HistoryStatus, type Source } from './held-history.js'
import type { InRepository, Scope } from './scope.js'

/** How a hook waits for the history. */
export interface HistoryOptions extends InRepository {
  /** False: while the history opens answer with status `loading` instead of suspending. */
  readonly suspense?: boolean | undefined
}

/**
 * What `make` makes of the scope's history, live, or how the history stands while it is not there. Made anew when `key`, which
 * says all that `make` depends on, is another. Null: nothing is asked for, and no history is opened.
 */
export function useOfHistory<T>(
  scope: Scope,
  suspense: boolean | undefined,
  key: string | null,
  make: (history: History) => Source<T>,
): T | HistoryStatus {
  const held = heldHistory(scope)
  if (key !== null && suspense !== false) held.require()
  const view = useMemo(
    () => (key === null ? NOTHING : held.view(make)),
    // oxlint-disable-next-line react/exhaustive-deps
    [held, scope.store, key],
  )
  return useSyncExternalStore(view.subscribe, view.get, view.get)
}

const NOTHING: Source<HistoryStatus> = { get: () => 'ready', subscribe: () => () => {} }

/** The history itself, which is told of so that another can take its place when it has ended. */
export function itself(history: History): Source<History> {
  return { get: () => history, subscribe: (listener) => history.subscribe(listener) }
}
