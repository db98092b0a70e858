/**
 * What is typed into the filter: `author:ada field:title text:login`, words without a key are text. Values with spaces stand
 * in quotes. Several of a key that allows one: the last counts.
 */
import type { EntryKind, Standing, TimelineFilter } from '../../../src/index.js'

export interface ReadFilter {
  readonly filter: TimelineFilter
  /** What could not be understood, for a person; undefined: all was. */
  readonly problem: string | undefined
}

/** Keys with an example of each, as the hint shows them. */
export const FILTER_KEYS: readonly (readonly [key: string, example: string])[] = [
  ['author', 'author:ada'],
  ['item', 'item:t-42'],
  ['schema', 'schema:task'],
  ['field', 'field:title'],
  ['label', 'label:"Rename"'],
  ['text', 'text:login'],
  ['is', 'is:refused'],
  ['since', 'since:14:00'],
  ['until', 'until:2026-11-22'],
  ['kind', 'kind:seal'],
]

const STANDINGS: Readonly<Record<string, Standing>> = {
  pending: 'pending',
  provisional: 'provisional',
  accepted: 'accepted',
  refused: 'void',
  void: 'void',
}

/** Splits at spaces that are not in quotes. */
const WORD = /(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/gi

/** `authors`: whom an abbreviation can mean. `now`: what a time of day belongs to. */
export function readFilter(text: string, authors: Iterable<string>, now: number): ReadFilter {
  const filter: { -readonly [K in keyof TimelineFilter]: TimelineFilter[K] } = {}
  const words: string[] = []
  let problem: string | undefined
  for (const match of text.matchAll(WORD)) {
    const key = match[1]?.toLowerCase()
    const value = match[2] ?? match[3] ?? ''
    if (key === undefined) words.push(value)
    else if (value === '') problem = `${key}: what?`
    else {
      const wrong = apply(filter, key, value, { words, authors, now })
      problem = wrong ?? problem
    }
  }
  if (words.length > 0) filter.text = words.join(' ')
  return { filter, problem }
}

/**
 * Reads a filter again and again: what it returns stays the same as long as the same is asked for, whenever that is. To count
 * what fits another filter is to look at all that there is.
 */
export function createFilterReader(): typeof readFilter {
  let last: ReadFilter | undefined
  return (text, authors, now) => {
    const read = readFilter(text, authors, now)
    if (!last || JSON.stringify(last) !== JSON.stringify(read)) last = read
    return last
  }
}

function apply(
  filter: { -readonly [K in keyof TimelineFilter]: TimelineFilter[K] },
  key: string,
  value: string,
  { words, authors, now }: { words: string[]; authors: Iterable<string>; now: number },
): string | undefined {
  switch (key) {
    case 'author':
    case 'by':
      filter.user = nameOf(value, authors)
      return undefined
    case 'schema':
    case 'item':
    case 'field':
    case 'label':
      filter[key] = value
      return undefined
    case 'text':
      words.push(value)
      return undefined
    case 'is': {
      const standing = STANDINGS[value.toLowerCase()]
      if (!standing) return `is: ${Object.keys(STANDINGS).slice(0, 4).join(', ')}`
      filter.standing = standing
      return undefined
    }
    case 'since':
    case 'until': {
      const time = timeOf(value, now)
      if (time === undefined) return `${key}: a time such as 14:00 or 2026-11-22`
      filter[key] = time
      return undefined
    }
    case 'kind': {
      const kind = /^(action|seal|join|all)s?$/i.exec(value)?.[1]?.toLowerCase()
      if (kind === undefined) return 'kind: action, seal, join or all'
      if (kind === 'all') filter.joins = true
      else filter.kind = kind as EntryKind
      return undefined
    }
    default:
      return `There is no ${key}: — there are ${FILTER_KEYS.map(([known]) => known).join(', ')}`
  }
}

/** The author meant by a name or its beginning; whoever is not known is looked for as written. */
function nameOf(written: string, authors: Iterable<string>): string {
  const wanted = written.toLowerCase()
  let begins: string | undefined
  for (const author of authors) {
    if (author.toLowerCase() === wanted) return author
    if (author.toLowerCase().startsWith(wanted)) begins ??= author
  }
  return begins ?? written
}

/** `14:00`, `14:00:30`, `2026-11-22`, `2026-11-22T14:00`; of today, where no day is given. */
function timeOf(written: string, now: number): number | undefined {
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(written)
  if (clock) {
    const date = new Date(now)
    return date.setHours(Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0), 0)
  }
  if (!/^\d{4}-\d{2}/.test(written)) return undefined
  // Without a time it is the day as it is here, not in Greenwich.
  const time = new Date(written.includes('T') ? written : `${written}T00:00`).getTime()
  return Number.isNaN(time) ? undefined : time
}

/** The filter's text with a key set to a value, or without the key. */
export function withKey(text: string, key: string, value: string | undefined): string {
  const rest = Array.from(text.matchAll(WORD), ([word]) => word).filter(
    (word) => !word.toLowerCase().startsWith(`${key}:`),
  )
  if (value !== undefined) rest.push(`${key}:${/\s/.test(value) ? `"${value}"` : value}`)
  return rest.join(' ')
}
