'use client'
/** Which store and which repository the hooks below a provider mean. */
import { type Context, createContext, useContext } from 'react'
import { IbexError, type Store } from '../src/index.js'

/** What a provider says to the hooks below it. */
export interface Scope {
  readonly store: Store
  /** The repository that is meant where a hook names none. */
  readonly path: string
}

export const ScopeContext: Context<Scope | undefined> = createContext<Scope | undefined>(undefined)

/** Where the copies of this package that have a provider know each other by their contexts. */
const COPIES = Symbol.for('ibex-state.react')

/** Tells other copies of this package that this one has a provider. */
export function announceProvider(): void {
  const registry = globalThis as { [COPIES]?: Set<unknown> }
  ;(registry[COPIES] ??= new Set()).add(ScopeContext)
}

/** The scope that the nearest provider set. Throws `no-provider`, `two-copies`. */
export function useScope(): Scope {
  return useContext(ScopeContext) ?? refuseStray()
}

function refuseStray(): never {
  const copies = (globalThis as { [COPIES]?: Set<unknown> })[COPIES] ?? new Set()
  if (copies.size > Number(copies.has(ScopeContext))) {
    throw new IbexError(
      'two-copies',
      "Two copies of ibex-state are loaded, and a hook of one cannot see the <StoreProvider> of the other. `npm ls ibex-state` shows both; with Vite, resolve: { dedupe: ['ibex-state'] } leaves one.",
    )
  }
  throw new IbexError(
    'no-provider',
    'No <StoreProvider> above this component. Put one around the app: <StoreProvider store={store}>…</StoreProvider>.',
  )
}
