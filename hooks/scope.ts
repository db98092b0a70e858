'use client'
/** Which store and which repository the hooks below a provider mean. */
import { type Context, createContext, useContext } from 'react'
import { type AnySchema, type Collection, IbexError, type Store } from '../src/index.js'

/** What a provider says to the hooks below it. */
export interface Scope {
  readonly store: Store
  /** The repository that is meant where a hook names none. */
  readonly path: string
}

/** Where a hook looks. */
export interface InRepository {
  /** A repository's path; otherwise the one of the nearest provider. */
  readonly in?: string | undefined
}

export const ScopeContext: Context<Scope | undefined> = createContext<Scope | undefined>(undefined)

/** Where the copies of this package that have a provider know each other by their contexts. */
const COPIES = Symbol.for('ibex-state.react')

/** Tells other copies of this package that this one has a provider. */
export function announceProvider(): void {
  const registry = globalThis as { [COPIES]?: Set<unknown> }
  ;(registry[COPIES] ??= new Set()).add(ScopeContext)
}

/** The scope that the nearest provider set, in the repository that is named. Throws `no-provider`, `two-copies`. */
export function useScope(options: InRepository = {}): Scope {
  const scope = useContext(ScopeContext) ?? refuseStray()
  return options.in === undefined ? scope : { store: scope.store, path: options.in }
}

/** Throws `unknown-schema`, `malformed-path`. */
export function collectionIn<S extends AnySchema>({ store, path }: Scope, schema: S): Collection<S> {
  return store.collection(schema, { in: path })
}

/** Throws what is wrong with the schema or the id of an item, or with the scope. */
export function checkItem(scope: Scope, schema: AnySchema, id: string | null): void {
  const collection = collectionIn(scope, schema)
  if (id !== null) collection.statusOf(id)
}

function refuseStray(): never {
  const copies = (globalThis as { [COPIES]?: Set<unknown> })[COPIES] ?? new Set()
  if (copies.size > Number(copies.has(ScopeContext))) {
    throw new IbexError(
      'two-copies',
      "Two copies of ibex-state are loaded: this hook's has no <StoreProvider>, another has. Find them with `npm ls ibex-state`; Vite's resolve.dedupe leaves one.",
    )
  }
  throw new IbexError('no-provider', 'No <StoreProvider store={store}> above this component: put one around the app.')
}
