/** Snapshots: an item as the app sees it through a schema. */
import type { Issue } from '../errors.js'
import type { RepositoryPath, SessionId } from '../ids.js'
import { checkStored, fromStored } from '../schema/check.js'
import type { AnySnapshot } from '../schema/schema.js'
import type { FieldShape, SchemaShape } from '../schema/shape.js'
import type { Value } from '../value/value.js'
import { existence } from './fields/existence.js'
import { entriesOf } from './fields/map.js'
import { elementsOf } from './fields/set.js'
import { keepElements, keptOf } from './fields/sorted.js'
import type { Layout } from './layout.js'
import { kindOf } from './layout.js'
import type { Item } from './state.js'
import { readField } from './state.js'

/** Makes the snapshots of one schema's items in one repository; made by {@link createSnapshotBuilder}. */
export interface SnapshotBuilder {
  readonly schema: SchemaShape
  readonly path: RepositoryPath
  /** What the paths of items begin with. */
  readonly prefix: string
  /** What `$createdBy` and `$updatedBy` show for a session. */
  readonly authorOf: (session: SessionId) => string
  readonly frame: Frame
  readonly fields: readonly FieldShape[]
  /** What they show where nothing is stored. */
  readonly fallbacks: readonly unknown[]
  /** The first cells of the fields in each layout that was met. */
  readonly cells: Map<Layout, readonly number[]>
}

/** Prepares the snapshots of a schema. */
export function createSnapshotBuilder(
  schema: SchemaShape,
  path: RepositoryPath,
  authorOf: (session: SessionId) => string,
): SnapshotBuilder {
  const fields = schema.names.map((name) => schema.fields[name]!)
  const fallbacks = fields.map((field) => fromStored(field, undefined))
  return {
    schema,
    path,
    prefix: `${path}/`,
    authorOf,
    fields,
    fallbacks,
    frame: frameOf(schema.names),
    cells: new Map(),
  }
}

/**
 * The item as the app sees it, deeply frozen: the same object until the item changes, and then with the same values for
 * the fields that did not. Undefined for an item that is not there, and for one that cannot satisfy its type, of which
 * {@link problemsOf} tells more. An item is to be asked for by one builder only.
 */
export function snapshotOf(item: Item, builder: SnapshotBuilder): AnySnapshot | undefined {
  const before = item.snapshot as AnySnapshot | undefined
  if (!item.stale) return before
  if (existence(item) !== 'present') return undefined
  const { id, cells, layout } = item
  const { schema, authorOf, fields, fallbacks } = builder
  const { names } = schema
  const created = item.created!
  const updated = item.updated!
  const author = authorOf(created.session)
  const snapshot = new builder.frame(
    id,
    before ? before.$path : builder.prefix + id,
    created.ms,
    author,
    updated.ms,
    updated.session === created.session ? author : authorOf(updated.session),
  )
  let firsts = builder.cells.get(layout)
  if (!firsts) {
    firsts = names.map((name, i) => layout.find(name, kindOf(fields[i]!.merge, schema.version)))
    // A layout with a table may find more later.
    if (!layout.table) builder.cells.set(layout, firsts)
  }
  let same = before !== undefined
  for (let i = 0; i < firsts.length; i++) {
    const name = names[i]!
    const field = fields[i]!
    const at = firsts[i]!
    const stored = at < 0 ? undefined : cells[at]
    let value = stored
    if (stored === undefined) value = fallbacks[i]
    // Strings, numbers and booleans are shown as they are.
    else if (typeof stored !== field.kind) value = show(field, cells, at, before?.[name])
    if (same && value !== before![name]) same = false
    if (value !== undefined) snapshot[name] = value
    else if (field.presence === 'required') return undefined
  }
  item.stale = false
  if (!same || !looksSame(before, snapshot)) item.snapshot = Object.freeze(snapshot)
  return item.snapshot as AnySnapshot
}

/** Whatever is wrong with what an item stores: required fields without a value, values of another type. */
export function problemsOf(item: Item, schema: SchemaShape): Issue[] {
  return existence(item) === 'present' ? checkStored(schema, storedOf(item, schema)) : []
}

/** The fields of a schema in stored form; undefined where nothing was written. Defaults are not put in. */
export function storedOf(item: Item, schema: SchemaShape): Record<string, Value | undefined> {
  return Object.fromEntries(
    schema.names.map((name) => [name, readField(item, schema.fields[name]!.merge, name, schema.version)]),
  )
}

/** What an app sees of a field that something was written to that is not shown as it is. `before` is what it saw last. */
function show(field: FieldShape, cells: unknown[], at: number, before: unknown): unknown {
  const stored = cells[at] as Value
  const { merge, element } = field
  if (merge === 'counter') return Number(stored)
  if (!element) return keep(before, fromStored(field, stored))
  const kept = keptOf(cells, at)
  if (kept !== undefined) return kept
  const held = merge === 'set' ? elementsOf(cells, at) : entriesOf(cells, at)
  if (Array.isArray(held) && held.length > 0 && held.every((each) => typeof each === element.kind)) {
    const elements = keep(before, Object.freeze(held.slice()))
    keepElements(cells, at, elements)
    return elements
  }
  return (cells[at + 1] = keep(before, fromStored(field, held)))
}

/** `before` if it looks like `now`. */
function keep<T>(before: unknown, now: T): T {
  return looksSame(before, now) ? (before as T) : now
}

function looksSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  return a instanceof Date ? b instanceof Date && a.getTime() === b.getTime() : isSame(a, b, looksSame)
}

function isSame(a: object, b: object, same: (a: unknown, b: unknown) => boolean): boolean {
  const names = Object.keys(b) as (keyof typeof b)[]
  return (
    Object.keys(a).length === names.length && names.every((name) => Object.hasOwn(a, name) && same(a[name], b[name]))
  )
}

interface Frame {
  new (
    $id: string,
    $path: string,
    $createdAt: number | undefined,
    $createdBy: string,
    $updatedAt: number | undefined,
    $updatedBy: string,
  ): Record<string, unknown>
}

/**
 * What makes a schema's snapshots: plain objects, but by a constructor of their own, from which V8 learns how many fields
 * they will have, and, since at first each is undefined, to point to the numbers in items and origins instead of holding
 * copies of them.
 */
function frameOf(names: readonly string[]): Frame {
  function Frame(
    this: Record<string, unknown>,
    id: string,
    path: string,
    createdAt: number | undefined,
    createdBy: string,
    updatedAt: number | undefined,
    updatedBy: string,
  ): void {
    this['$id'] = id
    this['$path'] = path
    this['$createdAt'] = createdAt
    this['$createdBy'] = createdBy
    this['$updatedAt'] = updatedAt
    this['$updatedBy'] = updatedBy
  }
  Frame.prototype = Object.prototype
  const frame = Frame as unknown as Frame
  for (let i = 0; i < 8; i++) {
    const first = new frame('', '', undefined, '', undefined, '')
    for (const name of names) first[name] = undefined
  }
  return frame
}
