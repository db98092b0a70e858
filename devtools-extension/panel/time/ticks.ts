/** Where the ruler of the overview has its marks, and what they say. */
import { clockOf, dayOf, exactClockOf, shortDayOf } from './format-time.js'
import type { Zoom } from './density.js'
import type { TimeScale } from './scale.js'

const STEPS = [
  10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000,
  1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000,
] as const

export interface Tick {
  /** Pixels from the left. */
  readonly x: number
  readonly label: string
}

/** Marks at least `room` pixels apart. A mark after a pause of a day says the day. */
export function ticksOf(scale: TimeScale, zoom: Zoom, width: number, room: number): Tick[] {
  const step = STEPS.find((each) => (each / (zoom.to - zoom.from)) * width >= room) ?? STEPS.at(-1)!
  const ticks: Tick[] = []
  let last = -Infinity
  let day = ''
  const offset = new Date(scale.start).getTimezoneOffset() * 60_000
  const end = scale.toTime(zoom.to)
  for (let time = align(scale.toTime(zoom.from), step, offset); time <= end;) {
    const x = ((scale.toPlace(time) - zoom.from) / (zoom.to - zoom.from)) * width
    if (x - last >= room) {
      const today = dayOf(time)
      const clock = step < 1000 ? exactClockOf(time) : step < 60_000 ? clockOf(time) : clockOf(time).slice(0, 5)
      ticks.push({ x, label: today === day || day === '' ? clock : `${shortDayOf(time)} ${clock}` })
      day = today
      last = x
    }
    // Over a pause: to the first mark after what is drawn already.
    const next = scale.toTime(zoom.from + ((Math.max(last, x) + room / 2) / width) * (zoom.to - zoom.from))
    time = Math.max(time + step, align(next, step, offset))
  }
  return ticks
}

/** The first multiple of `step`, in local time, at or after `time`. */
function align(time: number, step: number, offset: number): number {
  return Math.ceil((time - offset) / step) * step + offset
}
