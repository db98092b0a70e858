import { useSyncExternalStore } from 'react'

const STEP = 30_000

/** Now, in steps of half a minute: exact enough to say how long ago something was. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => Math.floor(Date.now() / STEP) * STEP)
}

function subscribe(listener: () => void): () => void {
  const timer = setInterval(listener, STEP)
  return () => clearInterval(timer)
}
