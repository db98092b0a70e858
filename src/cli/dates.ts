/** Times as people write them in commands, and as they read them. */

const UNITS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_629_800_000,
  year: 31_557_600_000,
}
const SHORT: Readonly<Record<string, string>> = {
  s: 'second',
  min: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  y: 'year',
}

/**
 * A time in milliseconds since 1970, or undefined for what is none: `2026-11-22`, `2026-11-22 14:00`, `14:00`, with a zone
 * or without (then here), `now`, `yesterday`, `2 hours ago`, `2.hours.ago`, `3d`, or a number: seconds, or milliseconds.
 */
export function parseTime(text: string, now: number): number | undefined {
  const plain = text.trim().toLowerCase().replaceAll('.ago', ' ago')
  if (plain === 'now') return now
  if (plain === 'today') return midnight(now)
  if (plain === 'yesterday') return midnight(now) - UNITS['day']!
  if (/^\d{9,}$/.test(plain)) return Number(plain) * (plain.length > 11 ? 1 : 1000)
  const ago = /^(\d+(?:\.\d+)?)[ .]?([a-z]+?)s?(?: ago)?$/.exec(plain)
  if (ago) {
    const [, count, word = ''] = ago
    const unit = UNITS[SHORT[word] ?? word]
    return unit && Math.round(now - Number(count) * unit)
  }
  const clock = /^\d{1,2}:\d{2}(?::\d{2})?$/.test(plain)
  const day = /^\d{4}-\d{2}-\d{2}$/.test(plain)
  // What only names a day would be read as that day in Greenwich.
  const full = clock ? `${localDay(now)} ${plain.padStart(5, '0')}` : day ? `${plain} 00:00` : plain.toUpperCase()
  const time = /^\d{4}-/.test(full) ? Date.parse(full.replace(' ', 'T').replace(/ ?([+-]\d\d):?(\d\d)$/, '$1:$2')) : NaN
  return Number.isNaN(time) ? undefined : time
}

export type DateStyle = 'iso' | 'relative' | 'unix'

/** A time for people: `2026-11-22 14:00:05 +0100`, `3 hours ago`, or seconds. */
export function formatTime(time: number, style: DateStyle, now: number): string {
  if (style === 'unix') return String(Math.floor(time / 1000))
  if (style === 'relative') return formatAge(now - time)
  const date = new Date(time)
  const minutes = -date.getTimezoneOffset()
  const zone = `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}${two(Math.abs(minutes) % 60)}`
  return `${localDay(time)} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`
}

function formatAge(ms: number): string {
  if (ms < 0) return 'in the future'
  const [unit, length] = Object.entries(UNITS).findLast(([, length]) => ms >= 2 * length) ?? ['second', 1000]
  const count = Math.floor(ms / length)
  return count === 0 ? 'now' : `${count} ${unit}${count === 1 ? '' : 's'} ago`
}

function midnight(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0)
}

function localDay(time: number): string {
  const date = new Date(time)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
