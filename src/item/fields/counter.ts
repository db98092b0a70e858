/**
 * Counters: increments add up. First cell: the sum. Only whole numbers count, and a sum that is not safe is kept as a
 * `bigint`: otherwise rounding would let the order of arrival show.
 */
import type { Value } from '../../value/value.js'

/** Adds to a counter; anything but a safe integer is passed over. Whether that showed. */
export function incrementCounter(cells: unknown[], at: number, by: Value): boolean {
  if (!Number.isSafeInteger(by)) return false
  const before = (cells[at] ?? 0) as number | bigint
  const sum = typeof before === 'number' ? before + (by as number) : before
  if (typeof sum === 'number' && Number.isSafeInteger(sum)) cells[at] = sum
  else cells[at] = narrow(BigInt(before) + BigInt(by as number))
  return by !== 0
}

/** The smaller form of a sum: a number where it is safe. */
export function narrow(sum: bigint): number | bigint {
  return Number.isSafeInteger(Number(sum)) ? Number(sum) : sum
}
