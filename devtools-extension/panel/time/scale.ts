/**
 * From time to place along the overview. A repository is used in bursts: so a pause that is longer than {@link IDLE_MS} takes
 * no more room than that, and is marked. Places are milliseconds from the first commit, pauses shortened.
 */
export const IDLE_MS: number = 60_000

export interface TimeScale {
  /** The time of the first and the last commit. Milliseconds since 1970. */
  readonly start: number
  readonly end: number
  /** The place of {@link end}; at least 1. */
  readonly length: number
  toPlace(time: number): number
  toTime(place: number): number
  /** Where pauses were shortened: their places, and what time they began and ended. */
  readonly pauses: readonly { readonly place: number; readonly from: number; readonly to: number }[]
}

/** `times` ascend, `count` of them. */
export function createTimeScale(times: Float64Array, count: number): TimeScale {
  const start = count > 0 ? times[0]! : 0
  const end = count > 0 ? times[count - 1]! : 0
  // A short history is shown as it was.
  const idle = end - start < 5 * IDLE_MS ? Infinity : IDLE_MS
  /** Ends of pauses: the time, and the place of it. Between them time passes as it did. */
  const ends = [start]
  const places = [0]
  const pauses: { place: number; from: number; to: number }[] = []
  for (let i = 1; i < count; i++) {
    const from = times[i - 1]!
    const to = times[i]!
    if (to - from <= idle) continue
    const place = places.at(-1)! + (from - ends.at(-1)!)
    pauses.push({ place: place + idle / 2, from, to })
    ends.push(to)
    places.push(place + idle)
  }
  const last = ends.length - 1
  const length = Math.max(1, places[last]! + (end - ends[last]!))

  return {
    start,
    end,
    length,
    pauses,
    toPlace(time) {
      const i = lastAtMost(ends, time)
      if (i < 0) return time - start
      const place = places[i]! + (time - ends[i]!)
      if (i === last) return place
      // Within the pause that follows: as far into its place as into its time.
      const { from, to } = pauses[i]!
      const begun = places[i]! + (from - ends[i]!)
      return time <= from ? place : begun + ((time - from) / (to - from)) * (places[i + 1]! - begun)
    },
    toTime(place) {
      const i = lastAtMost(places, place)
      if (i < 0) return start + place
      const time = ends[i]! + (place - places[i]!)
      if (i === last) return time
      const { from, to } = pauses[i]!
      const begun = places[i]! + (from - ends[i]!)
      if (place <= begun) return time
      return from + ((place - begun) / (places[i + 1]! - begun)) * (to - from)
    },
  }
}

/** The index of the last number that is at most `value`; -1: none is. */
export function lastAtMost(numbers: ArrayLike<number>, value: number, count: number = numbers.length): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}
