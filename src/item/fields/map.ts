/**
 * Maps: each key by itself is a register. First cell: records of key, origin and value, undefined
 * where cleared.
 */
import type { Value } from '../../value/value.js'
import type { Origin } from '../origin.js'
import { compareOrigins } from '../origin.js'
import { isAt, replace, search, WIDTH } from './sorted.js'

/** Writes a value under a key, or clears it with undefined. Whether that may have showed. */
export function putKey(cells: unknown[], at: number, key: string, value: Value | undefined, origin: Origin): boolean {
  const flat = (cells[at] ?? []) as unknown[]
  const where = search(flat, key)
  const gone = isAt(flat, where, key) ? WIDTH : 0
  const wins = gone === 0 || compareOrigins(origin, flat[where + 1] as Origin) >= 0
  if (wins) replace(cells, at, where, gone, [key, origin, value])
  return wins
}

/** The keys that have a value, ascending, and their values. */
export function entriesOf(cells: readonly unknown[], at: number): { [key: string]: Value } {
  const flat = (cells[at] ?? []) as unknown[]
  const entries: { [key: string]: Value } = {}
  for (let where = 0; where < flat.length; where += WIDTH) {
    if (flat[where + 2] !== undefined) entries[flat[where] as string] = flat[where + 2] as Value
  }
  return entries
}
