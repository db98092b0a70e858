/** What beginning from a keyframe, and what lies below one, need: loaded when it is needed, apart from what follows tabs. */
import { onDemand } from '../on-demand.js'
import type { PastPart } from './past-part.js'

/** For when a replica that holds nothing meets one that does, and as long as it does not have all of the past. */
export const loadPast: () => Promise<PastPart> = onDemand(async () => (await import('./past-part.js')).pastPart)
