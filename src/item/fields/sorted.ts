/**
 * Records of three cells each in one flat array, ascending by their first, and those of a set then by their third: what
 * sets and maps are kept in. Small ones take no more room than they need.
 */
import { compareValues } from '../../value/order.js'
import type { Value } from '../../value/value.js'

export const WIDTH = 3

/** Where the first record is whose key is not less than `key`, and, if that is equal, whose number is not less than `third`. */
export function search(flat: readonly unknown[], key: Value, third: number = -1): number {
  let low = 0
  let high = flat.length / WIDTH
  while (low < high) {
    const middle = (low + high) >> 1
    const at = middle * WIDTH
    const order = compareKeys(flat[at] as Value, key)
    if (order < 0 || (order === 0 && (flat[at + 2] as number) < third)) low = middle + 1
    else high = middle
  }
  return low * WIDTH
}

/** Whether the record at `at` has this key. */
export function isAt(flat: readonly unknown[], at: number, key: Value): boolean {
  return at < flat.length && compareKeys(flat[at] as Value, key) === 0
}

function compareKeys(a: Value, b: Value): number {
  return typeof a === 'string' && typeof b === 'string' ? (a < b ? -1 : a > b ? 1 : 0) : compareValues(a, b)
}

/** What the second cell of a set or map is when its records are shared with a copy of the item. */
export const SHARED: readonly never[] = Object.freeze([])

/**
 * The records of a field, in its first cell, to be written to. The second cell is what a snapshot shows of them, if
 * anything; whoever has made a snapshot or a copy of the item has seen these records, so that they are copied first.
 */
export function own(cells: unknown[], at: number): unknown[] {
  let flat = (cells[at] ??= []) as unknown[]
  if (cells[at + 1] !== undefined) {
    cells[at] = flat = flat.slice()
    cells[at + 1] = undefined
  }
  return flat
}

/** Inserts a record into the records of a field. */
export function insert(
  cells: unknown[],
  at: number,
  where: number,
  record: readonly [unknown, unknown, unknown],
): void {
  const flat = (cells[at] ?? []) as unknown[]
  if (cells[at + 1] === undefined && flat.length >= 16 * WIDTH) {
    flat.splice(where, 0, ...record)
    return
  }
  // Engines leave room for more in an array that grows in place.
  const grown: unknown[] = new Array(flat.length + WIDTH)
  for (let i = 0; i < where; i++) grown[i] = flat[i]
  for (let i = 0; i < WIDTH; i++) grown[where + i] = record[i]
  for (let i = where; i < flat.length; i++) grown[i + WIDTH] = flat[i]
  cells[at] = grown
  cells[at + 1] = undefined
}
