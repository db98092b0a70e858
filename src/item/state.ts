/**
 * The state of one item: what the fold has made of the changes that reached it, with what is needed to merge the next.
 * It knows no schema: a change's tag says how it merges, and state is kept by field, kind of merge and version (I-18).
 */
import type { ItemId } from '../ids.js'
import type { MergeKind } from '../schema/shape.js'
import type { Value } from '../value/value.js'
import { FORBIDDEN_KEY } from '../value/value.js'
import type { Change, Chunk } from './change.js'
import { incrementCounter } from './fields/counter.js'
import type { Life } from './fields/existence.js'
import { live } from './fields/existence.js'
import { entriesOf, putKey } from './fields/map.js'
import { putRegister } from './fields/register.js'
import { addElement, elementsOf, removeElement } from './fields/set.js'
import { SHARED } from './fields/sorted.js'
import type { Layout } from './layout.js'
import { COUNTER, kindOf, MAP, REGISTER, SET } from './layout.js'
import type { Origin } from './origin.js'
import { compareOrigins } from './origin.js'

/** One item. Others read it through functions; only the fold writes. */
export interface Item extends Life {
  readonly id: ItemId
  layout: Layout
  /** Two a field, whose meaning its kind of merge decides. */
  cells: unknown[]
  /** The latest origin of anything that was folded. */
  updated: Origin | undefined
  /** What the fold keeps beside an item that is not wholly accepted. */
  layer: object | undefined
  /** The snapshot that was made last, and whether something may have changed since. */
  snapshot: object | undefined
  stale: boolean
}

/** An item of which nothing is known. `layout` is the one without fields of its schema. */
export function createItem(id: ItemId, layout: Layout): Item {
  return {
    id,
    layout,
    cells: [],
    created: undefined,
    lived: undefined,
    deleted: false,
    updated: undefined,
    layer: undefined,
    snapshot: undefined,
    stale: true,
  }
}

/** An item that holds the same, and is changed apart from now on. It takes time for the fields, not for what is in them. */
export function cloneItem(item: Item): Item {
  const { layout, cells } = item
  // What sets and maps hold is copied by whichever writes to it first.
  for (let field = layout.last; field.before; field = field.before) {
    if (field.kind % 4 >= SET && cells[field.at]) cells[field.at + 1] ??= SHARED
  }
  const copy = createItem(item.id, layout)
  copy.cells = cells.slice()
  copy.created = item.created
  copy.lived = item.lived
  copy.deleted = item.deleted
  copy.updated = item.updated
  return copy
}

/**
 * Applies changes of one commit to an item; `indexes` are their places in their chunk, if they are not that of the list.
 * Chunks of one origin are applied in the commit's order, and each once; those of different origins in any order. What
 * makes no sense is passed over.
 * @returns whether anything visible may have changed
 */
export function applyChanges(
  item: Item,
  { changes, version }: Pick<Chunk, 'version'> & { readonly changes: readonly Change[] },
  origin: Origin,
  indexes?: readonly number[],
): boolean {
  const before = item.cells.length
  let shows = !item.updated || compareOrigins(item.updated, origin) < 0
  if (shows) item.updated = origin
  for (let i = 0; i < changes.length; i++) {
    if (apply(item, changes[i]!, version, origin, indexes ? indexes[i]! : i)) shows = true
  }
  // Gives back the room that engines leave in an array that grew.
  if (item.cells.length > before) item.cells = item.cells.slice()
  if (shows) item.stale = true
  return shows
}

function apply(item: Item, { field, tag, value }: Change, version: number, origin: Origin, index: number): boolean {
  const kind = version * 4
  switch (tag) {
    case 'put':
    case 'clear':
      return putRegister(item.cells, cellOf(item, field, kind + REGISTER), tag === 'put' ? value : undefined, origin)
    case 'inc':
      return incrementCounter(item.cells, cellOf(item, field, kind + COUNTER), value)
    case 'add':
      return addElement(item.cells, cellOf(item, field, kind + SET), value, origin, index)
    case 'remove':
      return removeElement(item.cells, cellOf(item, field, kind + SET), value, origin)
    case 'mapPut':
    case 'mapClear': {
      const [key, held] = tag === 'mapClear' ? [value] : Array.isArray(value) ? (value as Value[]) : []
      if (typeof key !== 'string' || key === FORBIDDEN_KEY || (held === undefined && tag === 'mapPut')) return false
      return putKey(item.cells, cellOf(item, field, kind + MAP), key, held, origin)
    }
    case 'create':
    case 'delete':
    case 'restore':
      return live(item, tag, origin)
    default:
      return false
  }
}

/** The first cell of a field, which the item has from now on. `kind` is of `kindOf`. */
export function cellOf(item: Item, field: string, kind: number): number {
  const { cells } = item
  let at = item.layout.find(field, kind)
  if (at < 0) {
    item.layout = item.layout.with(field, kind)
    at = item.layout.last.at
  }
  while (cells.length < at + 2) cells.push(undefined)
  return at
}

/**
 * What a field holds, in stored form: the elements of a set in canonical order, the entries of a map by ascending keys.
 * Undefined where nothing was written, or it was cleared.
 */
export function readField(item: Item, merge: MergeKind, field: string, version: number): Value | undefined {
  const { cells } = item
  const at = item.layout.find(field, kindOf(merge, version))
  const cell = cells[at]
  if (cell === undefined) return undefined
  if (merge === 'set') return elementsOf(cells, at)
  if (merge === 'map') return entriesOf(cells, at)
  return merge === 'counter' ? Number(cell) : (cell as Value)
}
