/** Differences between two states of one item: what an app is shown of them, and what is to be written so that there are none. */
import { fromHex } from '../ids.js'
import type { Change } from '../item/change.js'
import { existence } from '../item/fields/existence.js'
import { addsOf, elementsOf } from '../item/fields/set.js'
import { includes } from '../item/fields/sorted.js'
import { kindOf } from '../item/layout.js'
import type { Item } from '../item/state.js'
import { readField } from '../item/state.js'
import type { MergeKind } from '../schema/shape.js'
import { equalValues } from '../value/order.js'
import type { Value } from '../value/value.js'

/** A field of an item, in one version of its schema. */
export interface FieldPlace {
  readonly name: string
  readonly version: number
  readonly merge: MergeKind
}

const MERGES: readonly MergeKind[] = ['register', 'counter', 'set', 'map']

/** Every field that one of two states has. */
export function fieldsOf(...items: readonly (Item | undefined)[]): FieldPlace[] {
  const found = new Map<string, FieldPlace>()
  for (const item of items) {
    for (let field = item?.layout.last; field?.before; field = field.before) {
      const { name, kind } = field
      found.set(`${kind} ${name}`, { name, version: Math.floor(kind / 4), merge: MERGES[kind % 4]! })
    }
  }
  return [...found.values()]
}

/** Whether two states hold the same in a field. */
export function isEqualIn({ name, version, merge }: FieldPlace, a: Item | undefined, b: Item | undefined): boolean {
  const [left, right] = [a, b].map((item) => (item && readField(item, merge, name, version)) ?? EMPTY[merge])
  return left === undefined || right === undefined ? left === right : equalValues(left, right)
}

/** What an app sees where nothing was written. */
const EMPTY: { readonly [merge in MergeKind]: Value | undefined } = {
  register: undefined,
  counter: 0,
  set: [],
  map: {},
}

/**
 * The changes that make an item look as another state of it: by the versions of the schema that they are of. Of one that
 * shall not be there nothing else is changed: whoever restores it finds everything.
 * @param version The version in which it is deleted or restored.
 */
export function changesTowards(now: Item, then: Item | undefined, version: number): Map<number, Change[]> {
  const changes = new Map<number, Change[]>()
  const put = (of: number, change: Change): void => {
    const list = changes.get(of)
    if (list) list.push(change)
    else changes.set(of, [change])
  }
  const is = existence(now) === 'present'
  const shall = then !== undefined && existence(then) === 'present'
  if (is !== shall) put(version, { action: 0, field: '', tag: shall ? 'restore' : 'delete', value: null })
  if (!shall) return changes
  for (const place of fieldsOf(now, then)) {
    if (isEqualIn(place, now, then)) continue
    for (const change of changesOfField(place, now, then)) put(place.version, change)
  }
  return changes
}

function changesOfField({ name, version, merge }: FieldPlace, now: Item, then: Item): Change[] {
  const held = readField(now, merge, name, version)
  const wanted = readField(then, merge, name, version)
  const make = (tag: Change['tag'], value: Value): Change => ({ action: 0, field: name, tag, value })
  switch (merge) {
    case 'register':
      return [wanted === undefined ? make('clear', null) : make('put', wanted)]
    case 'counter': {
      const by = ((wanted ?? 0) as number) - ((held ?? 0) as number)
      return Number.isSafeInteger(by) ? [make('inc', by)] : []
    }
    case 'map': {
      const from = (held ?? {}) as Readonly<Record<string, Value>>
      const to = (wanted ?? {}) as Readonly<Record<string, Value>>
      const gone = Object.keys(from).filter((key) => !Object.hasOwn(to, key))
      const put = Object.entries(to).filter(
        ([key, value]) => !Object.hasOwn(from, key) || !equalValues(from[key]!, value),
      )
      return [...gone.map((key) => make('mapClear', key)), ...put.map(([key, value]) => make('mapPut', [key, value]))]
    }
    case 'set':
      return changesOfSet(name, now, (wanted ?? []) as readonly Value[], version, make)
  }
}

function changesOfSet(
  name: string,
  now: Item,
  wanted: readonly Value[],
  version: number,
  make: (tag: Change['tag'], value: Value) => Change,
): Change[] {
  const at = now.layout.find(name, kindOf('set', version))
  const changes: Change[] = []
  const held = at < 0 ? [] : elementsOf(now.cells, at)
  const adds = at < 0 ? [] : addsOf(now.cells, at)
  for (const element of held) {
    if (includes(wanted, element)) continue
    const named = adds
      .filter(([value]) => equalValues(value, element))
      .map(([, { id }, index]): Value => [id === '' ? null : fromHex(id), index])
    changes.push(make('remove', [element, named]))
  }
  for (const element of wanted) if (!includes(held, element)) changes.push(make('add', element))
  return changes
}
