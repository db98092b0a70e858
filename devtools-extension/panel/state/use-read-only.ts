import type { InspectedStore } from '../../../src/inspect/face.js'
import { useLive } from './use-live.js'

/** Why what is shown of a store's values cannot be written to it, for a title; undefined: it can. */
export function useReadOnly(store: InspectedStore): string | undefined {
  const { state } = useLive(store.standing)
  const about = useLive(store.about)
  if (state === 'recorded') return 'A recording cannot be changed'
  // What would be written begins from what is shown, and the mask would take the place of what it hides.
  if (about?.redacts) return 'Values are masked here'
  return state === 'connected' ? undefined : 'The page is out of reach'
}
