/** The picture behind the slider: how much was done, and by whom. */
import type { Timeline, TimelineEntry } from 'ibex-state'

export interface Bar {
  /** How many actions are before it. */
  readonly from: number
  /** From 0 to 1: how much was done. */
  readonly height: number
  /** Who did what is looked at of it. */
  readonly by: string
  readonly isNewDay: boolean
}

/** So many bars at most. */
const BARS = 160

/** As many actions a bar as needed, of which the last is looked at: so it costs the same however many there are. */
export function rhythmOf(timeline: Timeline): readonly Bar[] {
  const { count } = timeline
  const bars = Math.min(BARS, count)
  let day: string | undefined
  return Array.from({ length: bars }, (_, i) => {
    const from = Math.floor((i * count) / bars)
    const to = Math.floor(((i + 1) * count) / bars)
    const [last] = timeline.slice(to - 1, to) as [TimelineEntry]
    const today = new Date(last.at).toDateString()
    const isNewDay = day !== undefined && day !== today
    day = today
    return { from, height: heightOf(last), by: last.by, isNewDay }
  })
}

/** So many fields written make a bar of full height. */
const MUCH = 12

function heightOf({ items }: TimelineEntry): number {
  const fields = items.reduce((sum, item) => sum + 1 + item.fields.length, 0)
  return Math.min(1, Math.log(1 + fields) / Math.log(1 + MUCH))
}
