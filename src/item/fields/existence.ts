/**
 * Existence: an item is there once something folded has created it, unless the greatest stamp among its creations,
 * deletions and restorations is a deletion's. Edits do not count.
 */
import type { Origin } from '../origin.js'
import { compareOrigins } from '../origin.js'

export type Existence = 'missing' | 'present' | 'deleted'

/** What an item keeps of its existence. */
export interface Life {
  /** The earliest creation. */
  created: Origin | undefined
  /** The latest creation, deletion or restoration, and whether it was a deletion. */
  lived: Origin | undefined
  deleted: boolean
}

/** Creates, deletes or restores. Whether that may have showed. */
export function live(life: Life, tag: 'create' | 'delete' | 'restore', origin: Origin): boolean {
  const { created, lived } = life
  const isFirst = tag === 'create' && (!created || compareOrigins(origin, created) < 0)
  const isLatest = !lived || compareOrigins(origin, lived) >= 0
  if (isFirst) life.created = origin
  if (isLatest) {
    life.lived = origin
    life.deleted = tag === 'delete'
  }
  return isFirst || isLatest
}

/** Whether there is an item of this life. */
export function existence(life: Life | undefined): Existence {
  return life?.created ? (life.deleted ? 'deleted' : 'present') : 'missing'
}
