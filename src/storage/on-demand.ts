/** What of this floor is loaded when it is needed. */
import { onDemand } from '../on-demand.js'
import type { Fallback } from './fallback.js'

/** For where OPFS does not work. */
export const loadFallback: () => Promise<Fallback> = onDemand(async () => (await import('./fallback.js')).fallback)
