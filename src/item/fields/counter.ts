/**
 * Counters: increments add up. First cell: the sum. Only whole numbers count, and a sum that is not safe is kept as a
 * `bigint`: otherwise rounding would let the order of arrival show.
 */
import type { Value } from '../../value/value.js'

/** Adds to a counter; anything but a safe integer is passed over. Whether that may have showed. */
export function incrementCounter(cells: unknown[], at: number, by: Value): boolean {
  const counts = Number.isSafeInteger(by)
  if (counts) cells[at] = sumOf(BigInt((cells[at] ?? 0) as number | bigint) + BigInt(by as number))
  return counts
}

/** A sum as it is kept: a number where it is safe. */
export function sumOf(sum: bigint): number | bigint {
  const number = Number(sum)
  return Number.isSafeInteger(number) ? number : sum
}
