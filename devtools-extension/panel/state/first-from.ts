import type { Timeline, TimelineEntry } from '../../../src/index.js'

/** The place of a timeline's first entry that is not before a time, oldest first; how many there are, where all are before it. */
export function firstFrom(timeline: Pick<Timeline, 'count' | 'slice'>, time: number): number {
  let low = 0
  let high = timeline.count
  while (low < high) {
    const middle = (low + high) >> 1
    if (timeline.slice(middle, middle + 1)[0]!.at < time) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Milliseconds by which a later action may stand before an earlier one: commits have an order, and what is in one of them may
 * have taken a while when another began.
 */
const DISORDER_MS = 2000

/** Where an entry stands in a timeline; -1: it is not in it. */
export function placeOf(timeline: Pick<Timeline, 'count' | 'slice'>, { at, key }: TimelineEntry): number {
  for (let i = firstFrom(timeline, at - DISORDER_MS); i < timeline.count; i++) {
    const found = timeline.slice(i, i + 1)[0]!
    if (found.key === key) return i
    if (found.at > at + DISORDER_MS) break
  }
  return -1
}
