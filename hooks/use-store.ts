'use client'
import type { Store } from '../src/index.js'
import { useScope } from './scope.js'

/** The store of the nearest `StoreProvider`. Never suspends. */
export function useStore(): Store {
  return useScope().store
}
