/** One total order over all values, and equality. */
import type { Value } from './value.js'
import { isBytes } from './value.js'

/** Negative, zero or positive, by UTF-16 code units, as `<` has it. */
export function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Negative, zero or positive, by bytes; a prefix comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!
  }
  return a.length - b.length
}

/**
 * The total order of values: null < booleans < numbers < strings < bytes < arrays < objects. Arrays compare element by
 * element, objects by their ascending keys and, where a key is equal, its value; a prefix comes first.
 */
export function compareValues(a: Value, b: Value): number {
  if (a === b) return 0
  const rank = rankOf(a)
  const other = rankOf(b)
  if (rank !== other) return rank - other
  if (rank === 4) return compareBytes(a as Uint8Array, b as Uint8Array)
  if (rank < 4) return a! < b! ? -1 : a! > b! ? 1 : 0
  if (rank === 5) return compareLists(a as readonly Value[], b as readonly Value[])
  return compareLists(entriesOf(a as Record<string, Value>), entriesOf(b as Record<string, Value>))
}

/** Whether both are the same value. */
export function equalValues(a: Value, b: Value): boolean {
  return compareValues(a, b) === 0
}

function compareLists(a: readonly Value[], b: readonly Value[]): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const order = compareValues(a[i]!, b[i]!)
    if (order !== 0) return order
  }
  return a.length - b.length
}

function entriesOf(object: Readonly<Record<string, Value>>): Value[] {
  const entries: Value[] = []
  for (const key of Object.keys(object).sort()) entries.push(key, object[key]!)
  return entries
}

function rankOf(value: Value): number {
  switch (typeof value) {
    case 'boolean':
      return 1
    case 'number':
      return 2
    case 'string':
      return 3
    default:
      return value === null ? 0 : isBytes(value) ? 4 : Array.isArray(value) ? 5 : 6
  }
}
