/** Times as the panel writes them: in the reader's own time zone, in digits that stand below each other. */

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`)

/** `14:03:07` */
export function clockOf(time: number): string {
  const date = new Date(time)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** `14:03:07.412` */
export function exactClockOf(time: number): string {
  return `${clockOf(time)}.${String(new Date(time).getMilliseconds()).padStart(3, '0')}`
}

/** `2026-11-22` */
export function dayOf(time: number): string {
  const date = new Date(time)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** `11-22` */
export function shortDayOf(time: number): string {
  return dayOf(time).slice(5)
}

/** `2026-11-22 14:03:07.412` */
export function momentOf(time: number): string {
  return `${dayOf(time)} ${exactClockOf(time)}`
}

/** `412 ms`, `3.2 s`, `5 min 20 s`, `2 h 5 min`, `3 d 4 h` */
export function spanOf(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const parts = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const
  const first = parts.findIndex(([size]) => seconds >= size)
  const [big, small] = [parts[first]!, parts[first + 1]!]
  const rest = Math.floor((seconds % big[0]) / small[0])
  return `${Math.floor(seconds / big[0])} ${big[1]}${rest > 0 ? ` ${rest} ${small[1]}` : ''}`
}

// To make one takes longer than all that a frame does with it.
const counts = new Intl.NumberFormat('en')

/** `18,204` */
export function countOf(n: number): string {
  return counts.format(n)
}

/** `214 B`, `4.1 MB` */
export function bytesOf(n: number): string {
  if (n < 1000) return `${n} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = n / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/** `1 change`, `3 changes` */
export function countNoun(n: number, noun: string, many: string = `${noun}s`): string {
  return `${countOf(n)} ${n === 1 ? noun : many}`
}
