/** What actions did to fields, in words that an app can show: from what, to what. */
import type { Change } from '../item/change.js'
import { existence } from '../item/fields/existence.js'
import type { Item } from '../item/state.js'
import { cloneItem, readField } from '../item/state.js'
import { fromStored } from '../schema/check.js'
import type { MergeKind, SchemaShape } from '../schema/shape.js'
import type { Deed } from './deed.js'
import { applyDeed } from './track.js'

/** What an action did to a field; `field` is empty for what created, deleted or restored the item. */
export interface FieldChange {
  readonly schema: string
  readonly id: string
  readonly field: string
  readonly did: 'create' | 'delete' | 'restore' | 'set' | 'clear' | 'count' | 'add' | 'remove'
  /** Of a map: which key was set or cleared. */
  readonly key?: string
  /** What the field showed before and after; of one that the store has no schema for, as it is stored. */
  readonly from: unknown
  readonly to: unknown
}

/** How a change merges, and what it is called; undefined for one of a later version. */
export function meaningOf(tag: Change['tag']): { merge: MergeKind | 'existence'; did: FieldChange['did'] } | undefined {
  switch (tag) {
    case 'create':
    case 'delete':
    case 'restore':
      return { merge: 'existence', did: tag }
    case 'put':
      return { merge: 'register', did: 'set' }
    case 'clear':
      return { merge: 'register', did: 'clear' }
    case 'inc':
      return { merge: 'counter', did: 'count' }
    case 'add':
      return { merge: 'set', did: 'add' }
    case 'remove':
      return { merge: 'set', did: 'remove' }
    case 'mapPut':
      return { merge: 'map', did: 'set' }
    case 'mapClear':
      return { merge: 'map', did: 'clear' }
    default:
      return undefined
  }
}

/** The key that a change of a map is about. */
export function keyOf({ tag, value }: Change): string | undefined {
  const key = tag === 'mapPut' && Array.isArray(value) ? (value[0] as unknown) : tag === 'mapClear' ? value : undefined
  return typeof key === 'string' ? key : undefined
}

/**
 * What deeds of one action did to an item. `item` is as it was before, and is as it was afterwards when this returns. `schema`:
 * as the store has it, if it does.
 */
export function fieldChanges(item: Item, deeds: readonly Deed[], schema: SchemaShape | undefined): FieldChange[] {
  const before = cloneItem(item)
  for (const deed of deeds) applyDeed(item, deed)
  const found = new Map<string, FieldChange>()
  for (const { version, changes } of deeds) {
    for (const change of changes) {
      const meaning = meaningOf(change.tag)
      if (!meaning) continue
      const { merge, did } = meaning
      const key = keyOf(change)
      const place = JSON.stringify([merge, version, change.field, key])
      const earlier = found.get(place)
      // Elements that came and elements that went: the set is another.
      const mixed = merge === 'set' && earlier && earlier.did !== did
      const read = (from: Item): unknown =>
        merge === 'existence' ? existence(from) : shownField(from, merge, change.field, version, schema, key)
      found.set(place, {
        schema: item.layout.schema,
        id: item.id,
        field: change.field,
        did: mixed ? 'set' : did,
        ...(key !== undefined && { key }),
        from: read(before),
        to: read(item),
      })
    }
  }
  return [...found.values()]
}

/** What an app saw of a field, or of one key of a map. */
export function shownField(
  item: Item,
  merge: MergeKind,
  name: string,
  version: number,
  schema: SchemaShape | undefined,
  key?: string,
): unknown {
  const stored = readField(item, merge, name, version)
  const field = schema?.version === version ? schema.fields[name] : undefined
  const shown = field?.merge === merge ? fromStored(field, stored) : stored
  return key === undefined ? shown : (shown as Readonly<Record<string, unknown>> | undefined)?.[key]
}
