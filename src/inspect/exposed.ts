/** What is kept of a store while it can be looked into. */
import type { Store } from '../store/face.js'
import type { AppStore } from '../store/store.js'
import type { Lines } from './lines.js'
import type { Redact } from './masks.js'
import type { Sources } from './sources.js'

export interface Exposed {
  readonly store: AppStore
  /** What the app holds of it, where that is another object. */
  readonly face: Store
  readonly redact: Redact | undefined
  /** A panel begins from a keyframe of what has so many commits, and copies all of what has fewer. */
  readonly keyframeFrom: number
  readonly lines: Lines
  readonly sources: Sources
}
