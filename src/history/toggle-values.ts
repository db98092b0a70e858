/** Taking back, and bringing back, what a value is, how far was counted, and whether an item is there; see `toggle.ts`. */
import type { Change } from '../item/change.js'
import { existence } from '../item/fields/existence.js'
import { isAt, recordsOf, search } from '../item/fields/sorted.js'
import { kindOf } from '../item/layout.js'
import type { Origin } from '../item/origin.js'
import type { Item } from '../item/state.js'
import { readField } from '../item/state.js'
import { equalValues } from '../value/order.js'
import type { Value } from '../value/value.js'
import { isSame } from './blame.js'
import { isFree, type Place, taken, type View, type Write } from './toggle-places.js'

export function toggleExistence(view: View, list: readonly Write[]): Change[] {
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

export function toggleRegister(view: View, place: Place, list: readonly Write[]): Change[] {
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

export function toggleCounter(view: View, { field }: Place, list: readonly Write[]): Change[] {
  let by = 0
  for (const write of list) {
    const step = Number.isSafeInteger(write.change.value) ? (write.change.value as number) : 0
    by += (view.after(write) ? step : 0) - (view.before(write) ? step : 0)
  }
  return by !== 0 && Number.isSafeInteger(by) ? [{ action: 0, field, tag: 'inc', value: by }] : []
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
