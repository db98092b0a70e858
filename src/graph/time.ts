/**
 * Hybrid logical time: wall-clock milliseconds with a counter behind them, so that what was seen is always earlier than
 * what is written next, whatever the clocks say. After Kulkarni et al., "Logical Physical Clocks" (2014), with the two
 * parts of one node's clock folded into the greatest time it has seen.
 */
import { IbexError } from '../errors.js'

/** `ms`: milliseconds since 1970-01-01 UTC, 48 bits. `counter`: 16 bits. */
export interface HybridTime {
  readonly ms: number
  readonly counter: number
}

const MAX_MS = 2 ** 48 - 1
const MAX_COUNTER = 0xffff

/** Smaller than every other time: what a graph without commits has seen. */
export const ZERO_TIME: HybridTime = { ms: 0, counter: 0 }

/** Negative, zero or positive, for sorting. */
export function compareTimes(a: HybridTime, b: HybridTime): number {
  return a.ms - b.ms || a.counter - b.counter
}

/** Whether both parts are whole and within their bits. */
export function isTime({ ms, counter }: HybridTime): boolean {
  return isWithin(ms, MAX_MS) && isWithin(counter, MAX_COUNTER)
}

function isWithin(n: number, max: number): boolean {
  return Number.isInteger(n) && n >= 0 && n <= max
}

/**
 * The smallest time that is greater than `seen` and not before `now` (whole milliseconds). Throws `bad-time` at the end of
 * the 48 bits, in the year 10889.
 */
export function afterTime(seen: HybridTime, now: number): HybridTime {
  let { ms, counter } = seen
  if (now > ms) [ms, counter] = [now, 0]
  else if (counter < MAX_COUNTER) counter++
  else [ms, counter] = [ms + 1, 0]
  if (ms > MAX_MS) throw new IbexError('bad-time', 'The clock has run out of bits.')
  return { ms, counter }
}

/**
 * Whether `time` claims to be further in the future than a clock at `now` tolerates. One tick above the greatest parent is
 * never too far, so that one wrong clock cannot stop all writers after it (protocol.md, section 3).
 */
export function isAhead(
  time: HybridTime,
  greatestParent: HybridTime,
  now: number,
  toleranceMs: number = 60_000,
): boolean {
  return time.ms > now + toleranceMs && compareTimes(time, afterTime(greatestParent, 0)) > 0
}
