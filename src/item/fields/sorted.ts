/**
 * Records of three cells each in one flat array, ascending by their first, and those of a set then by their third: what
 * sets and maps are kept in. Small ones take no more room than they need.
 */
import { compareValues } from '../../value/order.js'
import type { Value } from '../../value/value.js'

export const WIDTH = 3

/** What the second cell of a set or map is when its records are shared with a copy of the item. */
export const SHARED: readonly never[] = Object.freeze([])

/** The second cell of a set whose first holds elements alone: the origin of all, and the number of the first of them. */
class Span {
  readonly origin: unknown
  readonly first: number

  constructor(origin: unknown, first: number) {
    this.origin = origin
    this.first = first
  }
}

/** The records of a field, not to be changed. */
export function recordsOf(cells: readonly unknown[], at: number): readonly unknown[] {
  const held = (cells[at] ?? []) as readonly unknown[]
  const span = cells[at + 1]
  return span instanceof Span ? held.flatMap((element, i) => [element, span.origin, span.first + i]) : held
}

/**
 * Keeps what a snapshot shows of a set, which is its elements as they are stored. Where all are of one origin and of
 * successive numbers, as in most sets, they stand for the records too, which follow from them.
 */
export function keepElements(cells: unknown[], at: number, elements: readonly unknown[]): void {
  const flat = cells[at] as readonly unknown[]
  const origin = flat[1]
  const first = flat[2] as number
  let isSpan = flat.length === elements.length * WIDTH
  for (let i = 0; isSpan && i < flat.length; i += WIDTH) {
    isSpan = flat[i + 1] === origin && flat[i + 2] === first + i / WIDTH
  }
  cells[at + 1] = isSpan ? new Span(origin, first) : elements
  if (isSpan) cells[at] = elements
}

/** What {@link keepElements} or a map's snapshot keeps; undefined if nothing, or if it may have changed since. */
export function keptOf(cells: readonly unknown[], at: number): unknown {
  const kept = cells[at + 1]
  return kept instanceof Span ? cells[at] : kept === SHARED ? undefined : kept
}

/**
 * Where the first record is whose key is not less than `key`, and, if that is equal and a `third` is given, whose third
 * cell is not less than that. Records are `width` long.
 */
export function search(flat: readonly unknown[], key: Value, third?: number, width: number = WIDTH): number {
  let low = 0
  let high = flat.length / width
  while (low < high) {
    const middle = (low + high) >> 1
    const at = middle * width
    const order = compareKeys(flat[at] as Value, key)
    if (order < 0 || (order === 0 && third !== undefined && (flat[at + 2] as number) < third)) low = middle + 1
    else high = middle
  }
  return low * width
}

/** Whether the record at `at` has this key. */
export function isAt(flat: readonly unknown[], at: number, key: Value): boolean {
  return at < flat.length && compareKeys(flat[at] as Value, key) === 0
}

/** Whether an ascending list has this element. */
export function includes(list: readonly Value[], element: Value): boolean {
  return isAt(list, search(list, element, undefined, 1), element)
}

function compareKeys(a: Value, b: Value): number {
  return typeof a === 'string' && typeof b === 'string' ? (a < b ? -1 : a > b ? 1 : 0) : compareValues(a, b)
}

/**
 * Puts a record in the place of `gone` cells of a field's records, which stand in its first cell. The second cell is what
 * a snapshot shows of them, if anything: whoever has made a snapshot or a copy of the item has seen these records, so that
 * they are copied first.
 */
export function replace(
  cells: unknown[],
  at: number,
  where: number,
  gone: number,
  record: readonly unknown[] = [],
): void {
  const flat = recordsOf(cells, at)
  if (cells[at + 1] === undefined && flat.length > 16 * WIDTH) {
    ;(flat as unknown[]).splice(where, gone, ...record)
    return
  }
  // Not by splicing, because engines leave room for more in an array that grows in place.
  const next: unknown[] = new Array(flat.length - gone + record.length)
  let to = 0
  for (let i = 0; i < where; i++) next[to++] = flat[i]
  for (let i = 0; i < record.length; i++) next[to++] = record[i]
  for (let i = where + gone; i < flat.length; i++) next[to++] = flat[i]
  cells[at] = next
  cells[at + 1] = undefined
}
