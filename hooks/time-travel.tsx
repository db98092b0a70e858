'use client'
/** Shows the past of a repository to the components below. */
import { type ReactElement, type ReactNode, useLayoutEffect, useMemo } from 'react'
import type { Moment } from '../src/index.js'
import { useKept } from './kept.js'
import { type InRepository, ScopeContext, useScope } from './scope.js'
import { storeOfNow, storeOfPast } from './travelled.js'

export interface TimeTravelProps extends InRepository {
  /** What is shown below; null: now, also where the past is shown around. */
  readonly at: Moment | null
  readonly children?: ReactNode
}

/**
 * Lets the hooks below read a repository as it was at a moment, while the rest of the app, and other repositories, stay live.
 * Writes throw `past-is-read-only`. Moving `at` remounts nothing, and re-renders only what shows something that was different;
 * the first moment suspends until the history is open. Throws `unknown-moment`, `malformed-id`.
 */
export function TimeTravel({ at, in: given, children }: TimeTravelProps): ReactElement {
  const scope = useScope()
  const path = given ?? scope.path
  const past = useKept({ store: scope.store, path }, at !== null, (history) => history.checkout(at!))
  // What is below hears of it in the same task, so that nothing in between is ever painted.
  useLayoutEffect(() => {
    if (at !== null) past?.seek(at)
  }, [past, at])
  const below = useMemo(() => {
    const { store } = scope
    return { store: past ? storeOfPast(store, path, past) : storeOfNow(store, path), path: scope.path }
  }, [scope, path, past])
  return <ScopeContext.Provider value={below}>{children}</ScopeContext.Provider>
}
