'use client'
import { useMemo, useSyncExternalStore } from 'react'
import type { AnySchema, QueryInput, Snapshot, View } from '../src/index.js'
import { suspendUntilReady } from './opening.js'
import { useScope } from './scope.js'
import { useFilterWatch } from './unstable-filter.js'
import type { InRepository } from './use-collection.js'

/**
 * The snapshots that a query asks for, in its order; re-renders when one of them changes, comes, goes or moves. Null asks for
 * nothing. The array keeps identity until then, and equal queries share it, whether they are written inline or not. Suspends
 * only until the repository is open: another query is answered at once. Throws `invalid-query`.
 */
export function useQuery<S extends AnySchema>(
  schema: S,
  query: QueryInput<S> | null,
  options: InRepository = {},
): readonly Snapshot<S>[] {
  const { subscribe, get } = useView(schema, query, options)
  return useSyncExternalStore(subscribe, get, get)
}

/**
 * The ids of what a query asks for, for long lists of rows that each use `useItem`: re-renders only when one comes, goes or
 * moves. Otherwise like {@link useQuery}.
 */
export function useIds<S extends AnySchema>(
  schema: S,
  query: QueryInput<S> | null,
  options: InRepository = {},
): readonly string[] {
  const { subscribeIds, ids } = useView(schema, query, options)
  return useSyncExternalStore(subscribeIds, ids, ids)
}

type Readable<T> = Pick<View<T>, 'get' | 'ids' | 'subscribe' | 'subscribeIds'>

function useView<S extends AnySchema>(
  schema: S,
  query: QueryInput<S> | null,
  options: InRepository,
): Readable<Snapshot<S>> {
  const { store, path } = useScope()
  const scope = { store, path: options.in ?? path }
  const collection = store.collection(schema, { in: scope.path })
  useFilterWatch(collection, query?.filter)
  if (query) suspendUntilReady(scope)
  return useMemo(() => (query ? collection.query(query) : NOTHING), [collection, query])
}

const EMPTY: readonly never[] = Object.freeze([])
const empty = (): readonly never[] => EMPTY
const never = () => () => {}
const NOTHING: Readable<never> = { get: empty, ids: empty, subscribe: never, subscribeIds: never }
