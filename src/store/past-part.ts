/** What beginning from a keyframe, and what lies below one, need of this floor and the one below, in one part; see `on-demand.ts`. */
import { Descent } from '../repository/descent.js'
import { readElsewhere } from '../repository/elsewhere.js'
import { PastTalk } from './past-talk.js'

export interface PastPart {
  readonly Descent: typeof Descent
  readonly PastTalk: typeof PastTalk
  readonly readElsewhere: typeof readElsewhere
}

export const pastPart: PastPart = { Descent, PastTalk, readElsewhere }
