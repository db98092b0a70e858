'use client'
import { useMemo } from 'react'
import { useSyncExternalStoreWithSelector } from 'use-sync-external-store/with-selector'
import type { Status } from '../src/index.js'
import { useScope } from './scope.js'
import { shallowEqual, whole } from './selection.js'

/**
 * How the repository stands: whether it is `ready` and `complete`, its `connection`, how much is `pending`, what was
 * `rejected`. With a selector the component re-renders only when the result is another, by `Object.is`, then shallowly.
 * Never suspends.
 */
export function useStatus<T = Status>(select?: (status: Status) => T): T {
  const { store, path } = useScope()
  const [subscribe, read] = useMemo(
    () => [(listener: () => void) => store.subscribeStatus(listener, path), () => store.status(path)] as const,
    [store, path],
  )
  return useSyncExternalStoreWithSelector(
    subscribe,
    read,
    read,
    select ?? (whole as unknown as (status: Status) => T),
    shallowEqual,
  )
}
