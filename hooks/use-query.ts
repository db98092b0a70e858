'use client'
import { useMemo, useSyncExternalStore } from 'react'
import type { AnySchema, QueryInput, Snapshot, View } from '../src/index.js'
import { suspendUntilReady } from './opening.js'
import { collectionIn, type InRepository, useScope } from './scope.js'
import { useFilterWatch } from './unstable-filter.js'

/**
 * The snapshots that a query asks for, in its order; re-renders when one of them changes, comes, goes or moves. Without a query
 * it is every item; null asks for nothing. The array keeps identity until then, and equal queries share it, whether they are written inline or not. Suspends
 * only until the repository is open: another query is answered at once. Throws `invalid-query`.
 */
export function useQuery<S extends AnySchema>(
  schema: S,
  query: QueryInput<S> | null = ALL,
  options?: InRepository,
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
  query: QueryInput<S> | null = ALL,
  options?: InRepository,
): readonly string[] {
  const { subscribeIds, ids } = useView(schema, query, options)
  return useSyncExternalStore(subscribeIds, ids, ids)
}

type Readable<T> = Pick<View<T>, 'get' | 'ids' | 'subscribe' | 'subscribeIds'>

function useView<S extends AnySchema>(
  schema: S,
  query: QueryInput<S> | null,
  options: InRepository | undefined,
): Readable<Snapshot<S>> {
  const scope = useScope(options)
  const collection = collectionIn(scope, schema)
  useFilterWatch(collection, query?.filter)
  if (query) suspendUntilReady(scope)
  return useMemo(() => (query ? collection.query(query) : NOTHING), [collection, query])
}

/** Everything: what is asked for where nothing is said. */
const ALL = Object.freeze({})
const EMPTY: readonly never[] = Object.freeze([])
const empty = (): readonly never[] => EMPTY
const never = () => () => {}
const NOTHING: Readable<never> = { get: empty, ids: empty, subscribe: never, subscribeIds: never }
