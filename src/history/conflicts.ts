/**
 * Conflicts: values of one field that were written without knowledge of each other, and that nobody has written over who knew
 * them. The greatest stamp is shown; the others are kept here, in the graph.
 */
import type { Change } from '../item/change.js'
import { equalValues } from '../value/order.js'
import type { Value } from '../value/value.js'
import { keyOf } from './changes.js'
import type { Deed } from './deed.js'
import type { Frontiers } from './frontiers.js'

/** A write of a register, or of a key of a map. */
export interface Write {
  readonly deed: Deed
  readonly change: Change
  /** Undefined where it was cleared. */
  readonly value: Value | undefined
}

export interface Rivals {
  readonly field: string
  readonly version: number
  readonly key: string | undefined
  /** What is shown. */
  readonly winner: Write
  /** The newest first; none has the winner's value, and no two have the same. */
  readonly losers: readonly Write[]
}

/** Every conflict in an item. `deeds`: all of its track. */
export function rivalsIn(deeds: readonly Deed[], frontiers: Frontiers): Rivals[] {
  const found: Rivals[] = []
  for (const writes of writesByPlace(deeds).values()) {
    if (writes.length < 2) continue
    const open = withoutAncestors(writes, frontiers)
    const winner = open.pop()!
    const losers: Write[] = []
    for (const write of open.reverse()) {
      if (![winner, ...losers].some((other) => isSameValue(other.value, write.value))) losers.push(write)
    }
    const { field } = winner.change
    if (losers.length > 0) {
      found.push({ field, version: winner.deed.version, key: keyOf(winner.change), winner, losers })
    }
  }
  return found
}

/** The last write of each commit to each register and key, by ascending stamps. */
function writesByPlace(deeds: readonly Deed[]): Map<string, Write[]> {
  const places = new Map<string, Write[]>()
  for (const deed of deeds) {
    for (const change of deed.changes) {
      const { tag, field, value } = change
      const key = keyOf(change)
      if (tag !== 'put' && tag !== 'clear' && key === undefined) continue
      const place = key === undefined ? `${deed.version} ${field}` : JSON.stringify([deed.version, field, key])
      const held = tag === 'put' ? value : tag === 'mapPut' ? (value as readonly Value[])[1] : undefined
      const write: Write = { deed, change, value: held }
      const writes = places.get(place)
      if (!writes) places.set(place, [write])
      else if (writes.at(-1)!.deed.commit === deed.commit) writes[writes.length - 1] = write
      else writes.push(write)
    }
  }
  return places
}

/** Those writes whose commits are no ancestors of others of them, in their order. */
function withoutAncestors(writes: readonly Write[], frontiers: Frontiers): Write[] {
  const below = frontiers.below(writes.map(({ deed }) => deed.commit))
  return writes.filter(({ deed }) => !below.has(deed.commit))
}

function isSameValue(a: Value | undefined, b: Value | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalValues(a, b)
}
