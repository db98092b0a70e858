/** Snapshots: an item as the app sees it through a schema. */
import type { Issue } from '../errors.js'
import type { RepositoryPath, SessionId } from '../ids.js'
import { checkStored, fromStored } from '../schema/check.js'
import type { AnySnapshot } from '../schema/schema.js'
import type { FieldShape, SchemaShape } from '../schema/shape.js'
import type { Value } from '../value/value.js'
import { entriesOf } from './fields/map.js'
import { elementsOf } from './fields/set.js'
import { SHARED } from './fields/sorted.js'
import type { Layout } from './layout.js'
import type { Item } from './state.js'
import { existence, readField } from './state.js'

/** Makes the snapshots of one schema's items in one repository; made by {@link createSnapshotBuilder}. */
export interface SnapshotBuilder {
  readonly schema: SchemaShape
  readonly path: RepositoryPath
  /** What `$createdBy` and `$updatedBy` show for a session. */
  readonly authorOf: (session: SessionId) => string
  readonly fields: readonly ShownField[]
  /** The first cells of the fields in each layout that was met. */
  readonly cells: Map<Layout, readonly number[]>
}

interface ShownField {
  readonly name: string
  readonly shape: FieldShape
  /** What is shown where nothing is stored. */
  readonly fallback: unknown
}

/** Prepares the snapshots of a schema. */
export function createSnapshotBuilder(
  schema: SchemaShape,
  path: RepositoryPath,
  authorOf: (session: SessionId) => string,
): SnapshotBuilder {
  const fields = schema.names.map((name) => {
    const shape = schema.fields[name]!
    return { name, shape, fallback: fromStored(shape, undefined) }
  })
  return { schema, path, authorOf, fields, cells: new Map() }
}

/**
 * The item as the app sees it, deeply frozen: the same object until the item changes, and then with the same values for
 * the fields that did not. Undefined for an item that is not there, and for one that cannot satisfy its type, of which
 * {@link problemsOf} tells more. An item is to be asked for by one builder only.
 */
export function snapshotOf(item: Item, builder: SnapshotBuilder): AnySnapshot | undefined {
  const previous = item.snapshot as AnySnapshot | undefined
  if (!item.stale) return previous
  if (existence(item) !== 'present') return undefined
  const { id, cells } = item
  const created = item.created!
  const updated = item.updated!
  const by = builder.authorOf(created.session)
  const editor = updated.session === created.session ? by : builder.authorOf(updated.session)
  const snapshot = frame(id, previous ? previous.$path : `${builder.path}/${id}`, created.ms, by, updated.ms, editor)
  let same =
    previous !== undefined &&
    previous.$createdAt === created.ms &&
    previous.$createdBy === by &&
    previous.$updatedAt === updated.ms &&
    previous.$updatedBy === editor

  const firsts = cellsIn(builder, item.layout)
  const { fields } = builder
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i]!
    const before = previous?.[field.name]
    const at = firsts[i]!
    const stored = at < 0 ? undefined : cells[at]
    const value = stored === undefined ? field.fallback : show(field.shape, cells, at, before)
    if (value !== before) same = false
    if (value !== undefined) snapshot[field.name] = value
    else if (field.shape.presence === 'required') return undefined
  }
  item.stale = false
  return (item.snapshot = same ? previous : Object.freeze(snapshot)) as AnySnapshot
}

/** Whatever is wrong with what an item stores: required fields without a value, values of another type. */
export function problemsOf(item: Item, schema: SchemaShape): Issue[] {
  return existence(item) === 'present' ? checkStored(schema, storedOf(item, schema)) : []
}

/** The fields of a schema in stored form; undefined where nothing was written. Defaults are not put in. */
export function storedOf(item: Item, schema: SchemaShape): Record<string, Value | undefined> {
  const stored: Record<string, Value | undefined> = {}
  for (const name of schema.names) stored[name] = readField(item, schema.fields[name]!.merge, name, schema.version)
  return stored
}

function cellsIn(builder: SnapshotBuilder, layout: Layout): readonly number[] {
  let cells = builder.cells.get(layout)
  if (!cells) {
    cells = builder.fields.map(({ name, shape }) => layout.find(name, builder.schema.version, shape.merge))
    if (!layout.grows) builder.cells.set(layout, cells)
  }
  return cells
}

/** What an app sees of a field that something was written to. `before` is what it saw last. */
function show(shape: FieldShape, cells: unknown[], at: number, before: unknown): unknown {
  const stored = cells[at]
  // Strings, numbers and booleans as they are; the fold lets nothing into a value that is not frozen.
  if (typeof stored === shape.kind) return stored
  switch (shape.merge) {
    case 'counter':
      return Number(stored)
    case 'set':
    case 'map': {
      const shown = cells[at + 1]
      if (shown !== undefined && shown !== SHARED) return shown
      return (cells[at + 1] =
        shape.merge === 'set' ? showSet(shape, cells, at, before) : showMap(shape, cells, at, before))
    }
    default:
      return shape.kind === 'date' && isDateAt(before, stored) ? before : fromStored(shape, stored as Value)
  }
}

function showSet({ element, fallback }: FieldShape, cells: unknown[], at: number, before: unknown): unknown {
  const elements: unknown[] = []
  const seen = before as readonly unknown[] | undefined
  let same = true
  for (const stored of elementsOf(cells, at)) {
    const old = seen?.[elements.length]
    const value = isDateAt(old, stored) ? old : fromStored(element!, stored)
    if (value === undefined) continue
    if (value !== old) same = false
    elements.push(value)
  }
  if (elements.length === 0) return fallback
  return same && seen?.length === elements.length ? seen : Object.freeze(elements)
}

function showMap({ element, fallback }: FieldShape, cells: unknown[], at: number, before: unknown): unknown {
  const entries: [string, unknown][] = []
  const seen = before as Readonly<Record<string, unknown>> | undefined
  let same = true
  for (const [key, stored] of entriesOf(cells, at)) {
    const old = seen && Object.hasOwn(seen, key) ? seen[key] : undefined
    const value = isDateAt(old, stored) ? old : fromStored(element!, stored)
    if (value === undefined) continue
    if (value !== old) same = false
    entries.push([key, value])
  }
  if (entries.length === 0) return fallback
  return same && seen && Object.keys(seen).length === entries.length ? seen : Object.freeze(Object.fromEntries(entries))
}

function isDateAt(shown: unknown, stored: unknown): boolean {
  return shown instanceof Date && shown.getTime() === stored
}

function frame(
  $id: string,
  $path: string,
  $createdAt: number | undefined,
  $createdBy: string,
  $updatedAt: number | undefined,
  $updatedBy: string,
): Record<string, unknown> {
  return { $id, $path, $createdAt, $createdBy, $updatedAt, $updatedBy }
}

// As in `origin.ts`: so that a snapshot points to the numbers of its origins, instead of holding copies of its own.
frame('', '', undefined, '', undefined, '')
