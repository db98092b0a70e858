/**
 * Existence: an item is there once something folded has created it, and until the greatest stamp among its creations,
 * deletions and restorations is a deletion. Edits do not count.
 */
import type { Origin } from '../origin.js'
import { compareOrigins } from '../origin.js'

export type Existence = 'missing' | 'present' | 'deleted'

/** What is known of an item's existence; the origin alone where it was created once and nothing happened since. */
export type Life = Origin | LongLife

interface LongLife {
  /** The earliest creation. */
  readonly created: Origin | undefined
  /** The latest creation, deletion or restoration. */
  readonly latest: Origin
  readonly deleted: boolean
}

/** The life of an item from its parts. */
export function lifeOf(created: Origin | undefined, latest: Origin, deleted: boolean): Life {
  return created === latest && !deleted ? created : { created, latest, deleted }
}

/** The life after one more change of it. The same object if that changed nothing. */
export function liveOn(life: Life | undefined, tag: 'create' | 'delete' | 'restore', origin: Origin): Life {
  const isNewCreation = tag === 'create' && !(life && precedes(createdOf(life), origin))
  const created = isNewCreation ? origin : life && createdOf(life)
  if (life && compareOrigins(origin, latestOf(life)) < 0) {
    return isNewCreation ? lifeOf(created, latestOf(life), isDeleted(life)) : life
  }
  return lifeOf(created, origin, tag === 'delete')
}

function precedes(a: Origin | undefined, b: Origin): boolean {
  return a !== undefined && compareOrigins(a, b) <= 0
}

/** The earliest creation; undefined if none was folded. */
export function createdOf(life: Life): Origin | undefined {
  return 'latest' in life ? life.created : life
}

/** The latest creation, deletion or restoration. */
export function latestOf(life: Life): Origin {
  return 'latest' in life ? life.latest : life
}

/** Whether the latest of them is a deletion. */
export function isDeleted(life: Life): boolean {
  return 'latest' in life && life.deleted
}

/** Whether the item is there. */
export function existenceOf(life: Life | undefined): Existence {
  if (!life || !createdOf(life)) return 'missing'
  return isDeleted(life) ? 'deleted' : 'present'
}
