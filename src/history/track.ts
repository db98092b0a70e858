/** An item at any time: the fold of the first so many deeds of its track. */
import type { ItemId } from '../ids.js'
import type { Layout } from '../item/layout.js'
import type { Item } from '../item/state.js'
import { applyChanges, cloneItem, createItem } from '../item/state.js'
import type { Deed, PastCommit, Track } from './deed.js'

/** So many states at most are kept along a track, and none nearer to each other than this. */
const MAX_STATES = 64
const MIN_STRIDE = 32

export function createTrack(id: ItemId, root: Layout, base?: Item): Track {
  return {
    schema: root.schema,
    id,
    root,
    base,
    deeds: [],
    kept: { states: [], stride: MIN_STRIDE, columns: undefined, shown: undefined },
  }
}

/** How many of a track's deeds are among the first `position` actions. */
export function countAt({ deeds }: Track, position: number): number {
  let low = 0
  let high = deeds.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const { commit, action } = deeds[middle]!
    if (commit.start + action < position) low = middle + 1
    else high = middle
  }
  return low
}

/** The item after the first `count` deeds; the caller's own. */
export function itemAfter(track: Track, count: number): Item {
  const { deeds, kept } = track
  const { states } = kept
  if (states.length * kept.stride < count - kept.stride && deeds.length > kept.stride) keepStates(track, count)
  const near = Math.min(Math.floor(count / kept.stride), states.length)
  const item = near > 0 ? cloneItem(states[near - 1]!) : firstItem(track)
  for (let i = near * kept.stride; i < count; i++) applyDeed(item, deeds[i]!)
  return item
}

/** The item after the first `count` deeds without those of some commits. */
export function itemWithout(track: Track, count: number, except: ReadonlySet<PastCommit>): Item {
  const item = firstItem(track)
  for (let i = 0; i < count; i++) {
    const deed = track.deeds[i]!
    if (!except.has(deed.commit)) applyDeed(item, deed)
  }
  return item
}

/** The item before its first deed; the caller's own. */
export function firstItem({ id, root, base }: Track): Item {
  return base ? cloneItem(base) : createItem(id, root)
}

/** Does to an item what an action did. To be called in the order of the stamps. */
export function applyDeed(item: Item, deed: Deed): void {
  applyChanges(item, deed, deed.commit.origin, deed.indexes)
}

/** Puts a deed where its stamp belongs, and forgets what no longer holds. The commits have their places already. */
export function insertDeed(track: Track, deed: Deed): void {
  const { deeds, kept } = track
  let at = deeds.length
  while (at > 0 && isLater(deeds[at - 1]!, deed)) at--
  if (at === deeds.length) {
    deeds.push(deed)
    return
  }
  deeds.splice(at, 0, deed)
  forgetAfter(track, at)
  kept.columns = undefined
}

/** Takes the deeds of a commit out. */
export function removeDeeds(track: Track, commit: PastCommit): void {
  const { deeds } = track
  const at = deeds.findIndex((deed) => deed.commit === commit)
  if (at < 0) return
  let to = at
  while (to < deeds.length && deeds[to]!.commit === commit) to++
  deeds.splice(at, to - at)
  forgetAfter(track, at)
  track.kept.columns = undefined
}

function forgetAfter({ kept }: Track, count: number): void {
  kept.states.length = Math.min(kept.states.length, Math.floor(count / kept.stride))
  for (const shown of kept.shown?.keys() ?? []) if (shown > count) kept.shown!.delete(shown)
}

function isLater(a: Deed, b: Deed): boolean {
  return compareDeeds(a, b) > 0
}

/** By the places of their commits. */
export function compareDeeds(a: Deed, b: Deed): number {
  return a.commit.index - b.commit.index || a.action - b.action
}

/** Something was put under a track: nothing that was worked out of it holds by its count any more. */
export function forgetKept({ kept }: Track): void {
  kept.states.length = 0
  kept.columns = undefined
  kept.shown = undefined
}

/** Keeps states up to `count`, so that no look folds more than a stride. */
function keepStates(track: Track, count: number): void {
  const { deeds, kept } = track
  const { states } = kept
  let stride = MIN_STRIDE
  while (deeds.length > stride * MAX_STATES) stride *= 2
  if (stride !== kept.stride) {
    // Every other one, or every fourth, is of the new stride.
    const every = stride / kept.stride
    const left = states.filter((_, i) => every >= 1 && (i + 1) % every === 0)
    states.splice(0, states.length, ...left)
    kept.stride = stride
  }
  const item = states.length > 0 ? cloneItem(states.at(-1)!) : firstItem(track)
  for (let i = states.length * stride; i < count; i++) {
    applyDeed(item, deeds[i]!)
    if ((i + 1) % stride === 0) states.push(cloneItem(item))
  }
}
