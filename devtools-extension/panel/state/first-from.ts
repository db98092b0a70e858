import type { Timeline } from '../../../src/index.js'

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
