/**
 * An item as a row of values, as keyframes hold it: id, schema, creation, latest creation, deletion or restoration, whether
 * that was a deletion, update, number of fields; then the fields, each with its name, its kind (`kindOf`), and
 * ```
 * register  origin, number of values (one or none), value
 * counter   sum, in digits if it is not safe
 * set       number of adds; for each the element, its origin and its index
 * map       number of keys; for each the key, its origin, number of values (one or none), value
 * ```
 * Fields ascend by name and kind, elements and keys by their order, adds of an element by index and stamp: one state has
 * one row.
 */
import type { ItemId } from '../ids.js'
import { requireItemId } from '../ids.js'
import { compareStrings, compareValues } from '../value/order.js'
import type { Value } from '../value/value.js'
import { sumOf } from './fields/counter.js'
import type { Add } from './fields/set.js'
import { addsOf } from './fields/set.js'
import { WIDTH } from './fields/sorted.js'
import type { Layout } from './layout.js'
import { COUNTER, REGISTER, SET } from './layout.js'
import type { Origin } from './origin.js'
import { compareOrigins } from './origin.js'
import type { Item } from './state.js'
import { cellOf } from './state.js'

/** Writes an item, value by value. `refer` answers what stands for an origin, or for none. */
export function writeItem(
  item: Item,
  write: (value: Value) => void,
  refer: (origin: Origin | undefined) => Value,
): void {
  const { cells, layout, created, lived, updated } = item
  const optional = (value: Value | undefined): void => {
    write(value === undefined ? 0 : 1)
    if (value !== undefined) write(value)
  }
  const fields: Layout[] = []
  for (let field = layout.last; field.before; field = field.before) {
    const { at, kind } = field
    const isWritten =
      kind % 4 === REGISTER ? cells[at + 1] : kind % 4 === SET ? addsOf(cells, at).length : cells[at] !== undefined
    if (isWritten) fields.push(field)
  }
  fields.sort((a, b) => compareStrings(a.name, b.name) || a.kind - b.kind)

  write(item.id)
  write(layout.schema)
  write(refer(created))
  write(refer(lived))
  write(item.deleted)
  write(refer(updated))
  write(fields.length)
  for (const { name, kind, at } of fields) {
    const cell = cells[at]
    const merge = kind % 4
    write(name)
    write(kind)
    if (merge === REGISTER) {
      write(refer(cells[at + 1] as Origin))
      optional(cell as Value | undefined)
    } else if (merge === COUNTER) write(typeof cell === 'number' ? cell : String(cell))
    else {
      const records = merge === SET ? addsOf(cells, at).sort(compareAdds).flat() : (cell as unknown[])
      write(records.length / WIDTH)
      for (let i = 0; i < records.length; i += WIDTH) {
        write(records[i] as Value)
        write(refer(records[i + 1] as Origin))
        const third = records[i + 2] as Value | undefined
        if (merge === SET) write(third!)
        else optional(third)
      }
    }
  }
}

function compareAdds(a: Add, b: Add): number {
  return compareValues(a[0], b[0]) || a[2] - b[2] || compareOrigins(a[1], b[1])
}

/** Reads what {@link writeItem} wrote into the item that `open` answers. What it did not write may throw errors of any kind. */
export function readItem(
  next: () => Value,
  originOf: (reference: Value) => Origin | undefined,
  open: (schema: string, id: ItemId) => Item,
): void {
  const origin = (): Origin | undefined => originOf(next())
  const optional = (): Value | undefined => (next() === 1 ? next() : undefined)
  const id = requireItemId(next() as string)
  const item = open(next() as string, id)
  item.created = origin()
  item.lived = origin()
  item.deleted = next() === true
  item.updated = origin()
  for (let fields = next() as number; fields > 0; fields--) {
    const name = next() as string
    const kind = next() as number
    const at = cellOf(item, name, kind)
    const merge = kind % 4
    const { cells } = item
    if (merge === REGISTER) {
      cells[at + 1] = origin()
      cells[at] = optional()
    } else if (merge === COUNTER) cells[at] = sumOf(BigInt(next() as string | number))
    else {
      const records: unknown[] = []
      for (let left = next() as number; left > 0; left--) {
        records.push(next(), origin(), merge === SET ? next() : optional())
      }
      cells[at] = records.slice()
    }
  }
  item.cells = item.cells.slice()
}
