'use client'
import type { AnySchema, Conflict } from '../src/index.js'
import type { HistoryStatus } from './held-history.js'
import { keeping } from './keep-equal.js'
import { type HistoryOptions, useOfHistory } from './of-history.js'
import { checkItem, useScope } from './scope.js'
import { pastIn } from './travelled.js'

/**
 * The fields of an item of which several values were written at once, each with the values that lost, and `take()` to write
 * one of them after all; and how the history stands. Empty once somebody has decided, and in the past. Re-renders only when
 * the answer is another.
 */
export function useConflicts<S extends AnySchema>(
  schema: S,
  id: string | null,
  options: HistoryOptions = {},
): [conflicts: readonly Conflict<S>[], status: HistoryStatus] {
  const scope = useScope(options)
  checkItem(scope, schema, id)
  const isPast = pastIn(scope.store, scope.path) !== undefined
  const key = id === null || isPast ? null : JSON.stringify([schema.name, schema.version, id])
  const shown = useOfHistory(scope, options.suspense, key, (history) => ({
    get: keeping(() => history.conflicts(schema, id!)),
    subscribe: (listener) => history.subscribe(listener),
  }))
  return typeof shown === 'string' ? [NONE, shown] : [shown, 'ready']
}

const NONE: readonly never[] = Object.freeze([])
