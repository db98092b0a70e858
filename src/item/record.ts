/** From what an app wants of an item to the changes that are written. An equal value is no change. */
import { fromHex } from '../ids.js'
import { checkPatch } from '../schema/check.js'
import type { SchemaShape } from '../schema/shape.js'
import { compareStrings, compareValues, equalValues } from '../value/order.js'
import type { Value } from '../value/value.js'
import type { Change, Tag } from './change.js'
import { entriesOf } from './fields/map.js'
import { elementsOf, tagsOf } from './fields/set.js'
import type { Item } from './state.js'
import { readField } from './state.js'

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
  const push = (tag: Tag, content: Value): void => void changes.push({ action, field: name, tag, value: content })
  if (merge === 'set' || merge === 'map') {
    const at = item ? item.layout.find(name, schema.version, merge) : -1
    const cells = at < 0 ? [] : item!.cells
    if (merge === 'set') {
      const tags = (element: Value): Value =>
        tagsOf(cells, at, element).map(([{ id }, index]) => [id === '' ? null : fromHex(id), index])
      merged(
        elementsOf(cells, at),
        value as readonly Value[],
        compareValues,
        (element) => push('remove', [element, tags(element)]),
        (element) => push('add', element),
      )
    } else {
      const wanted = value as { readonly [key: string]: Value }
      merged(
        entriesOf(cells, at),
        Object.keys(wanted)
          .sort()
          .map((key): [string, Value] => [key, wanted[key]!]),
        (a, b) => compareStrings(a[0], b[0]),
        ([key]) => push('mapClear', key),
        (entry) => push('mapPut', entry),
        (before, entry) => equalValues(before[1], entry[1]) || push('mapPut', entry),
      )
    }
    return
  }
  const written = item && readField(item, merge, name, schema.version)
  const before = written ?? fallback
  if (value === undefined) {
    if (written !== undefined) push('clear', null)
  } else if (before === undefined || !equalValues(before, value)) {
    if (merge === 'register') push('put', value)
    else push('inc', (value as number) - (before as number))
  }
}

/** Walks two ascending lists side by side. */
function merged<T>(
  before: readonly T[],
  after: readonly T[],
  compare: (a: T, b: T) => number,
  gone: (element: T) => void,
  come: (element: T) => void,
  both: (before: T, after: T) => void = () => {},
): void {
  let b = 0
  let a = 0
  while (b < before.length || a < after.length) {
    const order = b === before.length ? 1 : a === after.length ? -1 : compare(before[b]!, after[a]!)
    if (order < 0) gone(before[b++]!)
    else if (order > 0) come(after[a++]!)
    else both(before[b++]!, after[a++]!)
  }
}
