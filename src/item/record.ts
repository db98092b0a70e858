/** From what an app wants of an item to the changes that are written. An equal value is no change. */
import { fromHex } from '../ids.js'
import { checkPatch } from '../schema/check.js'
import type { SchemaShape } from '../schema/shape.js'
import { equalValues } from '../value/order.js'
import type { Value } from '../value/value.js'
import type { Change, Tag } from './change.js'
import { entriesOf } from './fields/map.js'
import { addsOf, elementsOf } from './fields/set.js'
import { includes } from './fields/sorted.js'
import { kindOf } from './layout.js'
import type { Item } from './state.js'

/** The changes that make an item with these fields, given as `checkCreate` answers them. Defaults are not written. */
export function recordCreate(
  schema: SchemaShape,
  stored: Readonly<Record<string, Value>>,
  action: number = 0,
): Change[] {
  const changes: Change[] = [{ action, field: '', tag: 'create', value: null }]
  for (const name in stored) record(changes, schema, undefined, name, stored[name], action)
  return changes
}

/** A change of an item's existence. */
export function recordExistence(tag: 'delete' | 'restore', action: number = 0): Change[] {
  return [{ action, field: '', tag, value: null }]
}

/**
 * The changes that a patch asks for. Sets and maps record the difference; undefined clears an optional field.
 * @throws IbexError `invalid` with every issue, `event-as-data`
 */
export function recordPatch(schema: SchemaShape, item: Item, patch: unknown, action: number = 0): Change[] {
  const stored = checkPatch(schema, patch)
  const changes: Change[] = []
  for (const name in stored) record(changes, schema, item, name, stored[name], action)
  return changes
}

/**
 * Adds to `changes` what makes the field `name` hold `value`, in stored form: for a counter the sum, for sets and maps
 * all they shall hold, sets in canonical order. Without an item there is nothing to differ from.
 */
export function record(
  changes: Change[],
  schema: SchemaShape,
  item: Item | undefined,
  name: string,
  value: Value | undefined,
  action: number,
): void {
  const { merge, fallback } = schema.fields[name]!
  const at = item ? item.layout.find(name, kindOf(merge, schema.version)) : -1
  const cells = at < 0 ? [] : item!.cells
  if (merge === 'register' || merge === 'counter') {
    const stored = at < 0 ? undefined : (cells[at] as Value | undefined)
    const before = stored ?? fallback
    if (value === undefined) {
      if (stored !== undefined) changes.push({ action, field: name, tag: 'clear', value: null })
    } else if (before === undefined || !isSame(before, value)) {
      changes.push(
        merge === 'register'
          ? { action, field: name, tag: 'put', value }
          : { action, field: name, tag: 'inc', value: (value as number) - Number(before) },
      )
    }
    return
  }
  const push = (tag: Tag, content: Value): void => {
    changes.push({ action, field: name, tag, value: content })
  }
  if (merge === 'set') {
    const wanted = value as readonly Value[]
    let tags: Value[] = []
    let last: Value | undefined
    for (const [element, { id }, index] of addsOf(cells, at)) {
      if (includes(wanted, element)) continue
      if (last === undefined || !equalValues(last, element)) push('remove', [(last = element), (tags = [])])
      tags.push([id ? fromHex(id) : null, index])
    }
    const held = at < 0 ? [] : elementsOf(cells, at)
    for (const element of wanted) if (!includes(held, element)) push('add', element)
  } else {
    const wanted = value as { readonly [key: string]: Value }
    const held = entriesOf(cells, at)
    for (const key in held) if (!Object.hasOwn(wanted, key)) push('mapClear', key)
    for (const key in wanted) {
      if (!Object.hasOwn(held, key) || !isSame(held[key]!, wanted[key]!)) push('mapPut', [key, wanted[key]!])
    }
  }
}

/** As `equalValues`, which orders strings and so takes longer to tell that they differ. */
function isSame(a: Value, b: Value): boolean {
  return a === b || (typeof a === 'object' && equalValues(a, b))
}
