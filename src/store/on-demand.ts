/** What of this floor is loaded when it is needed. */
import { onDemand } from '../on-demand.js'
import type { HistoryPart } from './history/part.js'
import type { Seldom } from './seldom.js'

/** For when another tab leads, schemas have changed, or an earlier session left something to be sent or deleted. */
export const loadSeldomOfStore: () => Promise<Seldom> = onDemand(async () => (await import('./seldom.js')).seldom)

/** For an app that shows or records the past. */
export const loadHistory: () => Promise<HistoryPart> = onDemand(
  async () => (await import('./history/part.js')).historyPart,
)
