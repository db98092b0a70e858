/**
 * The state of one item: what the fold has made of the changes that reached it, with what is needed to merge the next.
 * It knows no schema: a change's tag says how it merges, and state is kept by field, kind of merge and version (I-18).
 */
import type { ItemId } from '../ids.js'
import type { MergeKind } from '../schema/shape.js'
import type { Value } from '../value/value.js'
import { FORBIDDEN_KEY, freezeDeep } from '../value/value.js'
import type { Change, Chunk } from './change.js'
import { incrementCounter } from './fields/counter.js'
import type { Existence, Life } from './fields/existence.js'
import { createdOf, existenceOf, liveOn } from './fields/existence.js'
import { entriesOf, putKey } from './fields/map.js'
import { putRegister } from './fields/register.js'
import { addElement, elementsOf, removeElement } from './fields/set.js'
import { SHARED } from './fields/sorted.js'
import type { Layout } from './layout.js'
import type { Origin } from './origin.js'
import { compareOrigins } from './origin.js'

/** One item. Others read it through functions; only the fold writes. */
export class Item {
  readonly id: ItemId
  layout: Layout
  /** Two a field, whose meaning its kind of merge decides. */
  cells: unknown[]
  life: Life | undefined
  /** The latest origin of anything that was folded. */
  updated: Origin | undefined
  /** What the fold keeps beside an item that is not wholly accepted. */
  layer: object | undefined
  /** The snapshot that was made last, and whether something has changed since. */
  snapshot: object | undefined
  stale: boolean

  /** An item of which nothing is known. `layout` is the one without fields of its schema. */
  constructor(id: ItemId, layout: Layout) {
    this.id = id
    this.layout = layout
    this.cells = []
    this.life = undefined
    this.updated = undefined
    this.layer = undefined
    this.snapshot = undefined
    this.stale = true
  }

  /** The name of the schema. */
  get schema(): string {
    return this.layout.schema
  }

  /** What created the item first; undefined if nothing did. */
  get created(): Origin | undefined {
    return this.life && createdOf(this.life)
  }
}

/** Whether an item is there. */
export function existence(item: Item | undefined): Existence {
  return existenceOf(item?.life)
}

/** An item that is changed apart from `item` from now on. It takes time for its fields, not for what they hold. */
export function cloneItem(item: Item): Item {
  for (let field = item.layout.last; field.before; field = field.before) {
    if (field.merge === 'set' || field.merge === 'map') {
      const { at } = field
      if (item.cells[at] !== undefined) item.cells[at + 1] ??= SHARED
    }
  }
  const clone = new Item(item.id, item.layout)
  clone.cells = item.cells.slice()
  clone.life = item.life
  clone.updated = item.updated
  clone.snapshot = item.snapshot
  clone.stale = item.stale
  return clone
}

/**
 * Applies what one commit did to the item, whole. Chunks of one origin are applied in the commit's order; those of
 * different origins in any. None may be applied twice.
 * @returns whether anything visible changed
 */
export function applyChunk(item: Item, chunk: Chunk, origin: Origin): boolean {
  const { changes, version } = chunk
  const fields = item.cells.length
  let shows = false
  for (let index = 0; index < changes.length; index++) {
    if (applyChange(item, changes[index]!, version, origin, index)) shows = true
  }
  trim(item, fields)
  return touch(item, origin) || shows
}

/** Gives back the room that engines leave in an array that grew. `before` is how many cells there were. */
export function trim(item: Item, before: number): void {
  if (item.cells.length > before) item.cells = item.cells.slice()
}

/** Notes that a commit of this origin wrote to the item. */
export function touch(item: Item, origin: Origin): boolean {
  const { updated } = item
  if (updated && compareOrigins(updated, origin) >= 0) return false
  item.updated = origin
  item.stale = true
  return true
}

/**
 * Applies one change; `index` is its place in its chunk. Changes of one origin come in the order of their indexes, save
 * that one that took another's place (see `coalesce`) comes when it does. What makes no sense is passed over.
 * @returns whether anything visible changed
 */
export function applyChange(item: Item, change: Change, version: number, origin: Origin, index: number): boolean {
  const shows = apply(item, change, version, origin, index)
  if (shows) item.stale = true
  return shows
}

function apply(item: Item, change: Change, version: number, origin: Origin, index: number): boolean {
  const { field, tag, value } = change
  switch (tag) {
    case 'put':
      return putRegister(item.cells, cellOf(item, field, version, 'register'), freezeDeep(value), origin)
    case 'clear':
      return putRegister(item.cells, cellOf(item, field, version, 'register'), undefined, origin)
    case 'inc':
      return incrementCounter(item.cells, cellOf(item, field, version, 'counter'), value)
    case 'add':
      return addElement(item.cells, cellOf(item, field, version, 'set'), freezeDeep(value), origin, index)
    case 'remove':
      return removeElement(item.cells, cellOf(item, field, version, 'set'), value, origin)
    case 'mapPut': {
      if (!Array.isArray(value) || value.length !== 2 || typeof value[0] !== 'string' || value[0] === FORBIDDEN_KEY)
        return false
      const [key, held] = value as [string, Value]
      return putKey(item.cells, cellOf(item, field, version, 'map'), key, freezeDeep(held), origin)
    }
    case 'mapClear':
      if (typeof value !== 'string' || value === FORBIDDEN_KEY) return false
      return putKey(item.cells, cellOf(item, field, version, 'map'), value, undefined, origin)
    case 'create':
    case 'delete':
    case 'restore': {
      const { life } = item
      item.life = liveOn(life, tag, origin)
      return item.life !== life
    }
    default:
      return false
  }
}

/** The first cell of a field, which the item has from now on. */
export function cellOf(item: Item, field: string, version: number, merge: MergeKind): number {
  let at = item.layout.find(field, version, merge)
  if (at < 0) {
    item.layout = item.layout.with(field, version, merge)
    at = item.layout.last.at
  }
  const { cells } = item
  while (cells.length <= at + 1) cells.push(undefined)
  return at
}

/**
 * What a field holds, in stored form: the elements of a set in canonical order, the entries of a map by ascending keys.
 * Undefined where nothing was written, or it was cleared.
 */
export function readField(item: Item, merge: MergeKind, field: string, version: number): Value | undefined {
  const at = item.layout.find(field, version, merge)
  const cell = item.cells[at]
  if (at < 0 || cell === undefined) return undefined
  if (merge === 'set') return elementsOf(item.cells, at)
  if (merge === 'map') return Object.fromEntries(entriesOf(item.cells, at))
  return merge === 'counter' ? Number(cell) : (cell as Value)
}
