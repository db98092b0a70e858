/**
 * Columns: what one thing about an item was in the course of time, so that it is found for any moment without folding the
 * item. Queries about the past look at the columns of the fields that they name, and at nothing else.
 */
import { fromStored } from '../schema/check.js'
import type { FieldShape, SchemaShape } from '../schema/shape.js'
import type { Life } from '../item/fields/existence.js'
import { existence, live } from '../item/fields/existence.js'
import type { Origin } from '../item/origin.js'
import type { SnapshotBuilder } from '../item/snapshot.js'
import type { Change } from '../item/change.js'
import { applyChanges, readField } from '../item/state.js'
import type { Column, Deed, Track } from './deed.js'
import { firstItem } from './track.js'

/** What it was after the first `count` deeds. */
export function valueAt({ counts, values }: Column, count: number): unknown {
  let low = 0
  let high = counts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (counts[middle]! <= count) low = middle
    else high = middle - 1
  }
  return values[low]
}

/** A column of an item that is kept as long as its deeds stay as they are. `key`: what it is of. */
export function keptColumn(track: Track, key: string, make: () => Column): Column {
  const columns = (track.kept.columns ??= new Map())
  let column = columns.get(key)
  if (column?.upTo !== track.deeds.length) columns.set(key, (column = make()))
  return column!
}

/** What an app saw of a field. */
export function fieldColumn(track: Track, schema: SchemaShape, name: string): Column {
  const field = schema.fields[name]!
  const grow = field.merge === 'register' ? growRegister : growMerged
  const column = begin(track)
  grow(column, track, field, name, schema.version)
  return column
}

/** Whether there was such an item. */
export function existenceColumn(track: Track): Column {
  const { created, lived, deleted } = firstItem(track)
  const life = { created, lived, deleted }
  const column = begin(track)
  start(column, existence(life))
  track.deeds.forEach((deed, i) => {
    liveOn(life, deed)
    put(column, i + 1, existence(life))
  })
  return column
}

/** Whether the item could be shown: it was there, and no required field lacked a value of its type. */
export function shownColumn(track: Track, schema: SchemaShape): Column {
  const { version } = schema
  const item = firstItem(track)
  const { created, lived, deleted } = item
  const life = { created, lived, deleted }
  const lacking = new Set<string>()
  for (const name of schema.names) {
    const field = schema.fields[name]!
    if (field.presence === 'required' && fromStored(field, readField(item, field.merge, name, version)) === undefined)
      lacking.add(name)
  }
  const isShown = (): boolean => lacking.size === 0 && existence(life) === 'present'
  const column = begin(track)
  start(column, isShown())
  track.deeds.forEach((deed, i) => {
    liveOn(life, deed)
    for (const { tag, field: name, value } of deed.version === version ? deed.changes : []) {
      const field = schema.fields[name]
      if ((tag !== 'put' && tag !== 'clear') || field?.presence !== 'required') continue
      if (tag === 'put' && fromStored(field, value) !== undefined) lacking.delete(name)
      else lacking.add(name)
    }
    put(column, i + 1, isShown())
  })
  return column
}

/** What an app saw of a field that every item has, but of its id. `name`: `$createdAt` and so on. */
export function systemColumn(
  track: Track,
  builder: Pick<SnapshotBuilder, 'authorOf' | 'prefix'>,
  name: string,
): Column {
  const { authorOf, prefix } = builder
  const column = begin(track)
  if (name === '$path') start(column, prefix + track.id)
  else if (name === '$createdAt' || name === '$createdBy') {
    const read = ({ created }: Life): unknown =>
      created && (name === '$createdAt' ? created.ms : authorOf(created.session))
    const { created, lived, deleted } = firstItem(track)
    const life = { created, lived, deleted }
    start(column, read(life))
    track.deeds.forEach((deed, i) => {
      liveOn(life, deed)
      put(column, i + 1, read(life))
    })
  } else {
    const read = (updated: Origin | undefined): unknown =>
      updated && (name === '$updatedAt' ? updated.ms : authorOf(updated.session))
    start(column, read(track.base?.updated))
    track.deeds.forEach(({ commit }, i) => put(column, i + 1, read(commit.origin)))
  }
  return column
}

function liveOn(life: Life, { changes, commit }: Deed): void {
  for (const { tag } of changes) {
    if (tag === 'create' || tag === 'delete' || tag === 'restore') live(life, tag, commit.origin)
  }
}

function begin({ deeds }: Track): Column {
  return { counts: [], values: [], upTo: deeds.length }
}

function start(column: Column, value: unknown): void {
  column.counts.push(0)
  column.values.push(value)
}

function put({ counts, values }: Column, count: number, value: unknown): void {
  if (Object.is(values.at(-1), value)) return
  counts.push(count)
  values.push(value)
}

function growRegister(column: Column, track: Track, field: FieldShape, name: string, version: number): void {
  const { base, deeds } = track
  start(column, fromStored(field, base && readField(base, 'register', name, version)))
  for (let i = 0; i < deeds.length; i++) {
    const deed = deeds[i]!
    if (deed.version !== version) continue
    // The greatest stamp wins: the last of the last deed.
    for (let at = deed.changes.length - 1; at >= 0; at--) {
      const { tag, field: written, value } = deed.changes[at]!
      if (written !== name || (tag !== 'put' && tag !== 'clear')) continue
      put(column, i + 1, fromStored(field, tag === 'put' ? value : undefined))
      break
    }
  }
}

/** Folds the changes of the field alone. */
function growMerged(column: Column, track: Track, field: FieldShape, name: string, version: number): void {
  const item = firstItem(track)
  const read = (): unknown => fromStored(field, readField(item, field.merge, name, version))
  start(column, read())
  for (let i = 0; i < track.deeds.length; i++) {
    const { changes, indexes, commit, version: written } = track.deeds[i]!
    if (written !== version || !changes.some((change) => change.field === name)) continue
    const own: Change[] = []
    const places: number[] = []
    changes.forEach((change, at) => {
      if (change.field !== name) return
      own.push(change)
      places.push(indexes ? indexes[at]! : at)
    })
    if (applyChanges(item, { changes: own, version }, commit.origin, places)) put(column, i + 1, read())
  }
}
