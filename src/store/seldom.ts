/** What few sessions need of this floor, in one part; see `on-demand.ts`. */
import { requireReadable } from './changed-schemas.js'
import { Follower } from './following.js'
import { tidy } from './tidying.js'

export interface Seldom {
  readonly Follower: typeof Follower
  readonly requireReadable: typeof requireReadable
  readonly tidy: typeof tidy
}

export const seldom: Seldom = { Follower, requireReadable, tidy }
