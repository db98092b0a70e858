import { useSyncExternalStore } from 'react'
import type { Live } from '../../../src/inspect/live.js'

/** What a `Live` says, from now on. */
export function useLive<T>(live: Live<T>): T {
  return useSyncExternalStore(live.subscribe, live.get, live.get)
}
