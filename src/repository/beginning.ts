/** Repositories whose commits begin in the middle: what is below is a state, and nothing of it is to be told. */
import { decodeKeyframe } from '../history/keyframe.js'
import type { Journal } from './journal.js'

/** Begins with a state; to be called before there are commits, and before anybody has looked. */
export function beginWith(journal: Journal, keyframe: Uint8Array): void {
  journal.repository.adopt(decodeKeyframe(keyframe))
  // Once more, because the first is what commits are folded into.
  journal.base = decodeKeyframe(keyframe)
}
