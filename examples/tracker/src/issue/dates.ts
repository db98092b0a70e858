/** Dates as people write them. */
const near = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' })
const far = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric' })
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })
const thisYear = new Date().getFullYear()

/** `Jun 12`; of other years `Jun 2024`. */
export function shortDate(date: Date): string {
  return (date.getFullYear() === thisYear ? near : far).format(date)
}

/** `Jun 12, 2025, 4:03 PM` */
export function exactDate(date: Date | number): string {
  return exact.format(date)
}
