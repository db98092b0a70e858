/** Dates as people write them. */
const near = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' })
const far = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric' })
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })
const hours = new Intl.DateTimeFormat('en', { timeStyle: 'medium' })
const thisYear = new Date().getFullYear()

/** `Jun 12`; of other years `Jun 2024`. */
export function shortDate(date: Date): string {
  return (date.getFullYear() === thisYear ? near : far).format(date)
}

/** `Jun 12, 2025, 4:03 PM` */
export function exactDate(date: Date | number): string {
  return exact.format(date)
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' })

/** `just now`, `5m ago`, `2h ago`, `yesterday`; of what is a week old and older the date. */
export function ago(time: number, now: number): string {
  const age = now - time
  if (age > 7 * 86_400_000) return shortDate(new Date(time))
  const unit = UNITS.find(([, length]) => age >= length)
  return unit ? relative.format(-Math.floor(age / unit[1]), unit[0]) : 'just now'
}

/** `Jun 12, 4:03:07 PM`; of today without the day. */
export function momentName(time: number, now: number): string {
  const date = new Date(time)
  const clock = hours.format(date)
  return date.toDateString() === new Date(now).toDateString() ? clock : `${shortDate(date)}, ${clock}`
}
