/**
 * Hybrid logical time: wall-clock milliseconds with a counter behind them, so that what was seen is always earlier than
 * what is written next, whatever the clocks say. After Kulkarni et al., "Logical Physical Clocks" (2014), with the two
 * parts of one node's clock folded into the greatest time it has seen.
 */

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

/** What claims to be further ahead is dated anew; what is ahead by less is accepted when its time has come. Milliseconds. */
export const FAR_AHEAD_MS = 120_000

/** Whether neither part is above its bits; that they are whole and not negative is the codec's to see. */
export function fitsBits({ ms, counter }: HybridTime): boolean {
  return ms <= MAX_MS && counter <= MAX_COUNTER
}

/**
 * The smallest time that is greater than `seen` and not before `now` (whole milliseconds). The 48 bits end in the year
 * 10889: no commit can be written with the time after it.
 */
export function afterTime({ ms, counter }: HybridTime, now: number): HybridTime {
  if (now > ms) return { ms: now, counter: 0 }
  return counter < MAX_COUNTER ? { ms, counter: counter + 1 } : { ms: ms + 1, counter: 0 }
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
