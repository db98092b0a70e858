/** How many commits there are in each stretch of the overview. */
import { REFUSED, WAITING } from '../state/commit-columns.js'
import type { TimeRange } from '../state/player.js'
import type { Strip } from '../state/strip.js'
import { lastAtMost, type TimeScale } from './scale.js'

/** What of the scale is shown. Places. */
export interface Zoom {
  readonly from: number
  readonly to: number
}

export interface Density {
  readonly counts: Uint32Array
  /** Of them such as nobody has accepted yet, and such as were refused. */
  readonly waiting: Uint32Array
  readonly refused: Uint32Array
  readonly most: number
}

/** Commits are at whole milliseconds; what is worked out of places may be a little beside them. */
const ROUNDING = 0.01

export function countDensity(strip: Omit<Strip, 'begin'>, scale: TimeScale, zoom: Zoom, bins: number): Density {
  const counts = new Uint32Array(bins)
  const waiting = new Uint32Array(bins)
  const refused = new Uint32Array(bins)
  const { times, standings, count } = strip
  const width = (zoom.to - zoom.from) / bins
  let most = 0
  // From bin to bin, not from commit to commit: a scale is asked as often as there are pixels.
  let i = lastAtMost(times, scale.toTime(zoom.from) - ROUNDING, count) + 1
  for (let bin = 0; bin < bins; bin++) {
    const edge = scale.toTime(zoom.from + (bin + 1) * width)
    const end = bin === bins - 1 ? edge + ROUNDING : edge
    for (; i < count && times[i]! < end; i++) {
      counts[bin]!++
      if (standings[i] === WAITING) waiting[bin]!++
      else if (standings[i] === REFUSED) refused[bin]!++
    }
    most = Math.max(most, counts[bin]!)
  }
  return { counts, waiting, refused, most }
}

/** Where a stretch of time lies, and which one lies there: so it can be found again on another scale. */
export function placesOf({ from, to }: TimeRange, scale: TimeScale): Zoom {
  return { from: scale.toPlace(from), to: scale.toPlace(to) }
}

export function timesOf({ from, to }: Zoom, scale: TimeScale): TimeRange {
  return { from: scale.toTime(from), to: scale.toTime(to) }
}

/** Zooms by a factor around a place, and keeps within the scale; null: all of it. */
export function zoomAt(zoom: Zoom, factor: number, place: number, length: number): Zoom | null {
  const size = (zoom.to - zoom.from) * factor
  if (size >= length) return null
  // Not below a tenth of a second.
  const wanted = Math.max(size, Math.min(100, length))
  const part = (place - zoom.from) / (zoom.to - zoom.from)
  return within({ from: place - part * wanted, to: place + (1 - part) * wanted }, length)
}

export function moveZoom(zoom: Zoom, by: number, length: number): Zoom {
  return within({ from: zoom.from + by, to: zoom.to + by }, length)
}

function within({ from, to }: Zoom, length: number): Zoom {
  const size = to - from
  const start = Math.max(0, Math.min(from, length - size))
  return { from: start, to: start + size }
}
