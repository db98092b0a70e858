/**
 * Taking actions back, and bringing them back. What an action touched is set to what the fold would give without it, and
 * without whatever else was undone; by new changes, because nothing that was committed goes away:
 *
 * | what the action did | what takes it back |
 * |---|---|
 * | wrote a value, or a key of a map | the value that would be there without; only where nobody has written since |
 * | counted | counts the other way |
 * | added an element | removes exactly that add: another's add of the same element stays |
 * | removed an element | adds it again, where nobody else removed it too |
 * | created, deleted, restored | deletes, restores, deletes; only where nobody has done so since |
 *
 * Two folds decide: of what is in effect now, and of what shall be. Marks, which undid or redid something, are in neither:
 * they make true what these folds say, so what they wrote is looked at as if those wrote it whose effect they changed.
 */
import type { ItemId } from '../ids.js'
import type { Change } from '../item/change.js'
import type { Deed, Track } from './deed.js'
import type { ActionPlace } from './ledger.js'
import type { Marks } from './marks.js'
import {
  effectIn,
  madeIn,
  type ToggleContext,
  type Turn,
  type View,
  type Write,
  writesByPlace,
} from './toggle-places.js'
import { toggleSet } from './toggle-set.js'
import { toggleCounter, toggleExistence, toggleRegister } from './toggle-values.js'

/** Changes of one item in one version of its schema. */
export interface ItemWrites {
  readonly schema: string
  readonly id: ItemId
  readonly version: number
  readonly changes: Change[]
}

/**
 * What is to be written so that actions, given by their first parts, are not (`on`: are) in effect any more; item by item.
 * Actions that are so already make no difference.
 */
export function* toggle(context: ToggleContext, heads: readonly ActionPlace[], on: boolean): Iterable<ItemWrites> {
  const { marks } = context
  const turned = heads.filter((head) => !marks.markOf(head) && marks.isUndone(head) === on)
  const isTurned = (place: ActionPlace): boolean => {
    const { commit, action } = marks.headOf(place)
    return turned.some((head) => head.commit === commit && head.action === action)
  }
  const mine = deedsOfAll(marks, turned)
  const undoneBy = on ? turned.flatMap((head) => marks.chainOf(head).at(-1)?.place ?? []) : []
  const tip = deedsOfAll(marks, undoneBy)
  for (const track of tracksOf(mine)) yield* toggleItem(context, track, { mine, isTurned, on, undoneBy, tip })
}

/** The actions whose values hold where these wrote too, and so stand before them. */
export function blockersOf(context: ToggleContext, heads: readonly ActionPlace[]): ActionPlace[] {
  const { marks } = context
  const mine = deedsOfAll(marks, heads)
  const found: ActionPlace[] = []
  for (const track of tracksOf(mine)) {
    const deeds = context.deedsOf(track)
    const isInEffect = effectIn(marks, deeds)
    const isMade = madeIn(marks, deeds)
    for (const { place, list } of writesByPlace(deeds).values()) {
      if (place.merge === 'counter' || place.merge === 'set') continue
      const holds = list.findLast(isInEffect)
      if (!holds || mine.has(holds.deed)) continue
      if (list.some((write) => mine.has(write.deed) && !isMade(write))) found.push(marks.headOf(holds.deed))
    }
  }
  return found
}

/** What actions did, and what undid and redid them. */
function deedsOfAll(marks: Marks, heads: readonly ActionPlace[]): Set<Deed> {
  const mine = new Set<Deed>()
  for (const head of heads.flatMap((each) => [each, ...marks.chainOf(each).map(({ place }) => place)])) {
    for (const { commit, action } of marks.partsOf(head)) {
      for (const deed of commit.deeds) if (deed.action === action) mine.add(deed)
    }
  }
  return mine
}

function tracksOf(deeds: Iterable<Deed>): Set<Track> {
  return new Set(Array.from(deeds, ({ track }) => track))
}

function* toggleItem(
  context: ToggleContext,
  track: Track,
  { mine, isTurned, on, undoneBy, tip }: Turn,
): Iterable<ItemWrites> {
  const item = context.itemOf(track)
  if (!item) return
  const { marks } = context
  const deeds = context.deedsOf(track)
  const writes = writesByPlace(deeds)
  const isMade = madeIn(marks, deeds)
  const before = effectIn(marks, deeds)
  const after = (write: Write): boolean => (isTurned(write.deed) && !isMade(write) ? on : before(write))
  const view: View = { context, item, track, mine, undoneBy, tip, before, after }
  const byVersion = new Map<number, Change[]>()
  const put = (version: number, changes: readonly Change[]): void => {
    const list = byVersion.get(version)
    if (list) list.push(...changes)
    else if (changes.length > 0) byVersion.set(version, [...changes])
  }
  const touched = [...writes.values()].filter(({ list }) => list.some(({ deed }) => mine.has(deed)))
  const lived = touched.find(({ place }) => place.merge === 'existence')
  if (lived) put(lived.list.at(-1)!.deed.version, toggleExistence(view, lived.list))
  for (const { place, list } of touched) {
    if (place.merge === 'register' || place.merge === 'map') put(place.version, toggleRegister(view, place, list))
    if (place.merge === 'counter') put(place.version, toggleCounter(view, place, list))
    if (place.merge === 'set') put(place.version, toggleSet(view, place, list))
  }
  for (const [version, changes] of byVersion) yield { schema: track.schema, id: track.id, version, changes }
}
