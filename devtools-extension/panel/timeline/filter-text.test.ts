import { expect, test } from 'vitest'
import { createFilterReader, readFilter, withKey } from './filter-text.js'

const NOW = new Date(2026, 10, 22, 15, 30).getTime()
const read = (text: string) => readFilter(text, ['ada', 'adam', 'lin'], NOW)
const filterOf = (text: string) => {
  const { filter, problem } = read(text)
  expect(problem).toBeUndefined()
  return filter
}

test('keys and free words', () => {
  expect(filterOf('')).toEqual({})
  expect(filterOf('author:ada field:title text:login')).toEqual({ user: 'ada', field: 'title', text: 'login' })
  expect(filterOf('fix login schema:task')).toEqual({ schema: 'task', text: 'fix login' })
  expect(filterOf('label:"Take over" item:t-1')).toEqual({ label: 'Take over', item: 't-1' })
  expect(filterOf('text:"two words" three')).toEqual({ text: 'two words three' })
})

test('an author is found by any beginning of the name, whatever the case; one who is not known is looked for as written', () => {
  expect(filterOf('author:LI')).toEqual({ user: 'lin' })
  expect(filterOf('by:Ada')).toEqual({ user: 'ada' })
  expect(filterOf('author:adam')).toEqual({ user: 'adam' })
  expect(filterOf('author:grace')).toEqual({ user: 'grace' })
})

test('how it stands', () => {
  expect(filterOf('is:refused')).toEqual({ standing: 'void' })
  expect(filterOf('is:Pending')).toEqual({ standing: 'pending' })
  expect(read('is:odd').problem).toBe('is: pending, provisional, accepted, refused')
})

test('times of today, and days as they are here', () => {
  expect(filterOf('since:14:00')).toEqual({ since: new Date(2026, 10, 22, 14, 0).getTime() })
  expect(filterOf('until:9:05:30')).toEqual({ until: new Date(2026, 10, 22, 9, 5, 30).getTime() })
  expect(filterOf('since:2026-11-20')).toEqual({ since: new Date(2026, 10, 20).getTime() })
  expect(read('since:yesterday').problem).toContain('14:00')
})

test('what is not understood is said, and the rest counts', () => {
  expect(read('colour:red text:x')).toMatchObject({
    filter: { text: 'x' },
    problem: expect.stringContaining('colour:') as string,
  })
  expect(read('author:').problem).toBeUndefined()
  expect(read('kind:what').problem).toBe('kind: action, seal, join or all')
})

test('a key is set, replaced and taken out', () => {
  expect(withKey('author:ada login', 'field', 'title')).toBe('author:ada login field:title')
  expect(withKey('field:notes login', 'field', 'title')).toBe('login field:title')
  expect(withKey('login', 'label', 'Take over')).toBe('login label:"Take over"')
  expect(withKey('author:ada login', 'author', undefined)).toBe('login')
})

test('read again, it is the same as long as it asks for the same', () => {
  const again = createFilterReader()
  const first = again('author:ada rename', ['ada'], NOW)
  expect(again('author:ada rename', ['ada'], NOW + 60_000)).toBe(first)
  expect(again('author:ada renam', ['ada'], NOW)).not.toBe(first)
})

test('a time of day is another on another day', () => {
  const again = createFilterReader()
  const first = again('since:14:00', [], NOW)
  expect(again('since:14:00', [], NOW + 60_000)).toBe(first)
  expect(again('since:14:00', [], NOW + 86_400_000).filter.since).toBe((first.filter.since as number) + 86_400_000)
})
