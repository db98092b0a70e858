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
import { fromHex } from '../ids.js'
import type { Change } from '../item/change.js'
import { existence } from '../item/fields/existence.js'
import { addsOf } from '../item/fields/set.js'
import { recordsOf, search, isAt } from '../item/fields/sorted.js'
import { kindOf } from '../item/layout.js'
import type { Origin } from '../item/origin.js'
import type { Item } from '../item/state.js'
import { readField } from '../item/state.js'
import { equalValues } from '../value/order.js'
import type { Value } from '../value/value.js'
import { isSame, names } from './blame.js'
import { keyOf, meaningOf } from './changes.js'
import type { Deed, Track } from './deed.js'
import type { ActionPlace } from './ledger.js'
import type { Marks } from './marks.js'

/** Changes of one item in one version of its schema. */
export interface ItemWrites {
  readonly schema: string
  readonly id: ItemId
  readonly version: number
  readonly changes: Change[]
}

/** What taking back asks. */
export interface ToggleContext {
  readonly marks: Marks
  /** Everything that was done to an item, in order, with what is pending. */
  deedsOf(track: Track): readonly Deed[]
  /** The item as it is. */
  itemOf(track: Track): Item | undefined
}

type Merge = NonNullable<ReturnType<typeof meaningOf>>['merge']

/** One write of a place. */
interface Write {
  readonly deed: Deed
  readonly change: Change
  /** Its place in its chunk. */
  readonly index: number
}

/** A field in one version, or a key of it, or the item's existence. */
interface Place {
  readonly merge: Merge
  readonly version: number
  readonly field: string
  readonly key: string | undefined
}

/** An add. One that an undo made stands for those that its target had removed; one of a redo for those that it had made. */
interface Tag {
  readonly origin: Origin
  readonly index: number
  /** Undefined: it came before what is here, and counts. */
  readonly write: Write | undefined
  readonly stands: readonly Tag[]
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

/** Whether a write to an item counts. */
function effectIn(marks: Marks, deeds: readonly Deed[]): (write: Write) => boolean {
  const isMade = madeIn(marks, deeds)
  return (write) => isMade(write) || marks.isInEffect(write.deed)
}

/** Who makes an item, makes it with all that is in it: whoever restores it finds everything. */
function madeIn(marks: Marks, deeds: readonly Deed[]): (write: Write) => boolean {
  const makers = deeds.filter(({ changes }) => changes.some(({ tag }) => tag === 'create')).map(marks.headOf)
  return ({ deed, change }) => {
    const { commit, action } = marks.headOf(deed)
    return change.field !== '' && makers.some((maker) => maker.commit === commit && maker.action === action)
  }
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

interface Turn {
  /** What is turned did this, and what undid and redid it. */
  readonly mine: ReadonlySet<Deed>
  isTurned(place: ActionPlace): boolean
  readonly on: boolean
  /** What undid it last, where it is to be in effect again; and what that did. */
  readonly undoneBy: readonly ActionPlace[]
  readonly tip: ReadonlySet<Deed>
}

interface View extends Pick<Turn, 'mine' | 'undoneBy' | 'tip'> {
  readonly context: ToggleContext
  readonly item: Item
  readonly track: Track
  /** Whether a write is in effect, and whether it shall be. */
  before(write: Write): boolean
  after(write: Write): boolean
}

/** What was written to each place, in order. */
function writesByPlace(deeds: readonly Deed[]): Map<string, { readonly place: Place; readonly list: Write[] }> {
  const places = new Map<string, { readonly place: Place; readonly list: Write[] }>()
  for (const deed of deeds) {
    deed.changes.forEach((change, i) => {
      const merge = meaningOf(change.tag)?.merge
      if (!merge) return
      const key = keyOf(change)
      // Nonsense, which the fold passes over too.
      if (merge === 'map' && key === undefined) return
      // Existence is the same for all versions.
      const version = merge === 'existence' ? 0 : deed.version
      const name = JSON.stringify([merge, version, change.field, key])
      let known = places.get(name)
      if (!known) places.set(name, (known = { place: { merge, version, field: change.field, key }, list: [] }))
      known.list.push({ deed, change, index: deed.indexes ? deed.indexes[i]! : i })
    })
  }
  return places
}

/** Whether what is shown may be overwritten: it was written by what is taken back, or by what is not in effect itself. */
function isFree({ mine, undoneBy, before, context }: View, { deed, ...last }: Write, changes: boolean): boolean {
  if (mine.has(deed)) return true
  if (!changes || before({ deed, ...last })) return false
  // What was not in effect when it was undone, and so was left as it was, a redo leaves too.
  const since = lastTurnOf(context.marks, deed)
  return undoneBy.every((undo) => isLater(since, undo))
}

/** When what an action did began or ceased to be in effect. */
function lastTurnOf(marks: Marks, place: ActionPlace): ActionPlace {
  return marks.markOf(place) ? place : (marks.chainOf(marks.headOf(place)).at(-1)?.place ?? place)
}

function isLater(a: ActionPlace, b: ActionPlace): boolean {
  return a.commit === b.commit ? a.action > b.action : a.commit.index > b.commit.index
}

/** What a redo brings back where nobody has written since the undo: exactly what that took. */
function taken({ tip }: View, list: readonly Write[]): { readonly write: Write | undefined } | undefined {
  return tip.has(list.at(-1)!.deed) ? { write: list.findLast(({ deed }) => !tip.has(deed)) } : undefined
}

function toggleExistence(view: View, list: readonly Write[]): Change[] {
  const { item, track } = view
  // Whoever restores an item wants it there, also where its creation was undone.
  const isThere = (write: Write | undefined): boolean =>
    write ? write.change.tag !== 'delete' : existence(track.base) === 'present'
  const was = isThere(list.findLast(view.before))
  const exactly = taken(view, list)
  const shall = isThere(exactly ? exactly.write : list.findLast(view.after))
  const last = list.at(-1)!
  if (!item.lived || !isSame(item.lived, last.deed.commit.origin) || !isFree(view, last, was !== shall)) return []
  const is = existence(item) === 'present'
  if (is === shall) return []
  return [{ action: 0, field: '', tag: shall ? 'restore' : 'delete', value: null }]
}

function toggleRegister(view: View, place: Place, list: readonly Write[]): Change[] {
  const { merge, field, key } = place
  const base = heldAt(view.track.base, place)
  const was = list.findLast(view.before)
  const exactly = taken(view, list)
  const shall = exactly ? exactly.write : list.findLast(view.after)
  const last = list.at(-1)!
  const held = heldAt(view.item, place)
  // What came meanwhile, and is not in the history yet, stays.
  if (!held.origin || !isSame(held.origin, last.deed.commit.origin) || !isFree(view, last, was !== shall)) return []
  const value = shall ? valueOf(shall.change) : base.value
  if (value === undefined ? held.value === undefined : held.value !== undefined && equalValues(held.value, value)) {
    return []
  }
  if (merge === 'map') {
    return [
      value === undefined
        ? { action: 0, field, tag: 'mapClear', value: key! }
        : { action: 0, field, tag: 'mapPut', value: [key!, value] },
    ]
  }
  return [
    value === undefined ? { action: 0, field, tag: 'clear', value: null } : { action: 0, field, tag: 'put', value },
  ]
}

function toggleCounter(view: View, { field }: Place, list: readonly Write[]): Change[] {
  let by = 0
  for (const write of list) {
    const step = Number.isSafeInteger(write.change.value) ? (write.change.value as number) : 0
    by += (view.after(write) ? step : 0) - (view.before(write) ? step : 0)
  }
  return by !== 0 && Number.isSafeInteger(by) ? [{ action: 0, field, tag: 'inc', value: by }] : []
}

function toggleSet(view: View, place: Place, list: readonly Write[]): Change[] {
  const { field, version } = place
  const changes: Change[] = []
  const elements: Value[] = []
  for (const { deed, change } of list) {
    const element = elementOf(change)
    if (!view.mine.has(deed) || element === undefined) continue
    if (!elements.some((known) => equalValues(known, element))) elements.push(element)
  }
  const at = view.item.layout.find(field, kindOf('set', version))
  const standing = at < 0 ? [] : addsOf(view.item.cells, at)
  for (const element of elements) {
    const writes = list.filter(({ change }) => {
      const other = elementOf(change)
      return other !== undefined && equalValues(other, element)
    })
    const { tags, removes } = readTags(view, place, element, writes)
    const first = tags.filter((tag) => tag.stands.length === 0)
    const standsIn = (tag: Tag, counts: (write: Write) => boolean): boolean =>
      (tag.write === undefined || counts(tag.write)) &&
      !removes.some(
        (remove) => counts(remove) && tags.some((named) => isNamed(remove, named) && sameOrStandsFor(named, tag)),
      )
    const here = tags.filter((tag) =>
      standing.some(
        ([value, origin, index]) => index === tag.index && isSame(origin, tag.origin) && equalValues(value, element),
      ),
    )
    const exactly = view.tip.has(writes.at(-1)!.deed)
    // What an undo left as it was, a redo leaves too, unless others have turned since.
    const turns = writes.map(({ deed }) => lastTurnOf(view.context.marks, deed))
    const isAsLeft = view.undoneBy.some((undo) => !turns.some((turn) => isLater(turn, undo)))
    if (isAsLeft && !exactly) continue
    const gone = here.filter((tag) => {
      // What an undo had added goes, and what it had removed comes back.
      if (exactly) return tag.write !== undefined && view.tip.has(tag.write.deed)
      const originals = tag.stands.length > 0 ? tag.stands : [tag]
      return (
        originals.some((each) => standsIn(each, view.before)) && !originals.some((each) => standsIn(each, view.after))
      )
    })
    const isBack = exactly
      ? removes.some(({ deed }) => view.tip.has(deed))
      : first.some(
          (tag) =>
            standsIn(tag, view.after) &&
            !standsIn(tag, view.before) &&
            !here.some((each) => sameOrStandsFor(each, tag)),
        )
    if (gone.length > 0) {
      const named = gone.map(({ origin, index }): Value => [origin.id === '' ? null : fromHex(origin.id), index])
      changes.push({ action: 0, field, tag: 'remove', value: [element, named] })
    }
    if (isBack) changes.push({ action: 0, field, tag: 'add', value: element })
  }
  return changes
}

/** The adds and removes of one element. */
function readTags(
  view: View,
  { field, version }: Place,
  element: Value,
  writes: readonly Write[],
): { tags: Tag[]; removes: Write[] } {
  const { marks } = view.context
  const removes = writes.filter(({ change }) => change.tag === 'remove')
  const tags: Tag[] = []
  const { base } = view.track
  const at = base?.layout.find(field, kindOf('set', version)) ?? -1
  for (const [value, origin, index] of base && at >= 0 ? addsOf(base.cells, at) : []) {
    if (equalValues(value, element)) tags.push({ origin, index, write: undefined, stands: [] })
  }
  for (const write of writes) {
    if (write.change.tag !== 'add') continue
    const { kind, targets = [] } = marks.markOf(write.deed) ?? {}
    const isTargets = ({ deed }: Write): boolean => {
      const head = marks.headOf(deed)
      return targets.some(({ commit, action }) => head.commit === commit && head.action === action)
    }
    const meant = tags.filter((tag) =>
      kind === 'undo'
        ? removes.some((remove) => isTargets(remove) && isNamed(remove, tag))
        : kind === 'redo' && tag.write !== undefined && isTargets(tag.write),
    )
    const stands = new Set(meant.flatMap((tag) => (tag.stands.length > 0 ? tag.stands : tag)))
    tags.push({ origin: write.deed.commit.origin, index: write.index, write, stands: [...stands] })
  }
  return { tags, removes }
}

/** Whether a remove names an add. */
function isNamed({ change, deed }: Write, { origin, index }: Tag): boolean {
  const [, named] = Array.isArray(change.value) ? (change.value as Value[]) : []
  if (!Array.isArray(named)) return false
  return (named as Value[]).some((tag) => names(tag, deed.commit.origin, origin, index))
}

function sameOrStandsFor(a: Tag, b: Tag): boolean {
  return a === b || a.stands.includes(b)
}

function elementOf({ tag, value }: Change): Value | undefined {
  if (tag === 'add') return value
  return tag === 'remove' && Array.isArray(value) ? (value as Value[])[0] : undefined
}

/** What a write of a register or key puts there. */
function valueOf({ tag, value }: Change): Value | undefined {
  return tag === 'put' ? value : tag === 'mapPut' ? (value as readonly Value[])[1] : undefined
}

/** What an item holds at the place of a register or key, and who wrote it. */
function heldAt(
  item: Item | undefined,
  { merge, field, version, key }: Place,
): { value: Value | undefined; origin: Origin | undefined } {
  const at = item?.layout.find(field, kindOf(merge === 'map' ? 'map' : 'register', version)) ?? -1
  if (!item || at < 0) return { value: undefined, origin: undefined }
  if (merge === 'register') {
    return { value: readField(item, 'register', field, version), origin: item.cells[at + 1] as Origin | undefined }
  }
  const records = recordsOf(item.cells, at)
  const where = search(records, key!)
  if (!isAt(records, where, key!)) return { value: undefined, origin: undefined }
  return { value: records[where + 2] as Value | undefined, origin: records[where + 1] as Origin }
}
