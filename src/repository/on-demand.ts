/** What of this floor is loaded when it is needed. */
import { onDemand } from '../on-demand.js'
import type { Seldom } from './seldom.js'

/**
 * For when a log is long, has holes, or becomes another tab's; when a page left something, two commits of one flush meet, or
 * a clock was ahead.
 */
export const loadSeldomOfRepository: () => Promise<Seldom> = onDemand(async () => (await import('./seldom.js')).seldom)
