/** Maps: each key by itself is a register. First cell: records of key, value (undefined where cleared) and origin. */
import type { Value } from '../../value/value.js'
import type { Origin } from '../origin.js'
import { compareOrigins } from '../origin.js'
import { insert, isAt, own, search, WIDTH } from './sorted.js'

/** Writes a value under a key, or clears it with undefined. Whether that showed. */
export function putKey(cells: unknown[], at: number, key: string, value: Value | undefined, origin: Origin): boolean {
  const flat = (cells[at] ?? []) as unknown[]
  const where = search(flat, key)
  if (!isAt(flat, where, key)) {
    insert(cells, at, where, [key, value, origin])
    return value !== undefined
  }
  if (compareOrigins(origin, flat[where + 2] as Origin) < 0) return false
  const before = flat[where + 1]
  const owned = own(cells, at)
  owned[where + 1] = value
  owned[where + 2] = origin
  return before !== value
}

/** The value under a key. */
export function valueAt(cells: readonly unknown[], at: number, key: string): Value | undefined {
  const flat = (cells[at] ?? []) as unknown[]
  const where = search(flat, key)
  return isAt(flat, where, key) ? (flat[where + 1] as Value | undefined) : undefined
}

/** Keys that have a value, ascending, each with its value. */
export function entriesOf(cells: readonly unknown[], at: number): [string, Value][] {
  const flat = (cells[at] ?? []) as unknown[]
  const entries: [string, Value][] = []
  for (let where = 0; where < flat.length; where += WIDTH) {
    if (flat[where + 1] !== undefined) entries.push([flat[where] as string, flat[where + 1] as Value])
  }
  return entries
}
