/** Snapshots of the past: the same object for the same item and moment, as long as somebody holds it. */
import type { SnapshotBuilder } from '../item/snapshot.js'
import { snapshotOf } from '../item/snapshot.js'
import type { Item } from '../item/state.js'
import type { AnySnapshot } from '../schema/schema.js'
import type { Track, Sight } from './deed.js'
import { countSeen } from './sight.js'
import { itemAfter, itemWithout } from './track.js'

/** Each time so many more are kept of one item, those are let go that nobody holds any more. */
const SWEEP = 64

/** The item at a moment; the caller's own. */
export function itemSeen(track: Track, sight: Sight): Item {
  const count = countSeen(track, sight)
  return sight.concerned.has(track) ? itemWithout(track, count, sight.except) : itemAfter(track, count)
}

/**
 * The item as an app saw it; undefined where there was nothing to see. `before`: a snapshot of the item at another moment,
 * with which it shares what is equal.
 */
export function snapshotSeen(
  track: Track,
  sight: Sight,
  builder: SnapshotBuilder,
  before?: AnySnapshot,
): AnySnapshot | undefined {
  const count = countSeen(track, sight)
  if (count === 0 && !track.base) return undefined
  if (sight.concerned.has(track)) return snapshotWithout(track, count, sight, builder, before)
  const { kept } = track
  const known = kept.shown?.get(count)?.deref() as AnySnapshot | undefined
  if (known) return known
  const snapshot = show(itemAfter(track, count), builder, before)
  if (!snapshot) return undefined
  kept.shown ??= new Map()
  if (kept.shown.size % SWEEP === SWEEP - 1) {
    for (const [at, held] of kept.shown) if (!held.deref()) kept.shown.delete(at)
  }
  kept.shown.set(count, new WeakRef(snapshot))
  return snapshot
}

/** By what is seen; of the few items that late commits touched. */
const seldom = new WeakMap<Sight, Map<Track, AnySnapshot | undefined>>()

function snapshotWithout(
  track: Track,
  count: number,
  sight: Sight,
  builder: SnapshotBuilder,
  before: AnySnapshot | undefined,
): AnySnapshot | undefined {
  let known = seldom.get(sight)
  if (!known) seldom.set(sight, (known = new Map()))
  if (!known.has(track)) known.set(track, show(itemWithout(track, count, sight.except), builder, before))
  return known.get(track)
}

/** Names of authors are others: nothing that was shown is shown again. */
export function forgetShown(tracks: Iterable<Track>): void {
  for (const { kept } of tracks) {
    kept.shown = undefined
    kept.columns = undefined
  }
}

function show(item: Item, builder: SnapshotBuilder, before: AnySnapshot | undefined): AnySnapshot | undefined {
  item.snapshot = before
  return snapshotOf(item, builder)
}
