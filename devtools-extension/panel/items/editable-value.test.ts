import { expect, test } from 'vitest'
import { type AnySchema, defineSchema, field } from '../../../src/index.js'
import { readValue, writeValue } from './editable-value.js'

const { fields }: AnySchema = defineSchema('everything', {
  text: field.string(),
  number: field.number(),
  yes: field.boolean(),
  day: field.date().optional(),
  one: field.enum(['a', 'b']),
  data: field.json<unknown>(),
  votes: field.counter(),
  tags: field.set(field.string()),
  links: field.map(field.string()),
})

test('what is written as text reads back as what the channel takes', () => {
  const values = {
    text: 'line\nline',
    number: -1.5,
    yes: false,
    one: 'b',
    data: { deep: [1, null, 'x'] },
    votes: 3,
    tags: ['a', 'b'],
    links: { k: 'v' },
  } as const
  for (const [name, value] of Object.entries(values)) {
    expect(readValue(writeValue(value, fields[name]!), fields[name]!)).toEqual({ value })
  }
  const day = new Date('2026-11-22T14:03:07.412Z')
  expect(readValue(writeValue(day, fields['day']!), fields['day']!)).toEqual({ value: day.getTime() })
})

test('nothing clears an optional field, and is the empty text elsewhere', () => {
  expect(readValue('', fields['day']!)).toEqual({ value: null })
  expect(readValue('', fields['text']!)).toEqual({ value: '' })
  expect(writeValue(undefined, fields['day']!)).toBe('')
  expect(writeValue(null, fields['data']!)).toBe('null')
})

test('what means nothing is said', () => {
  const problem = (text: string, name: string): unknown => readValue(text, fields[name]!)
  expect(problem('many', 'number')).toEqual({ problem: 'A number, please.' })
  expect(problem('', 'number')).toEqual({ problem: 'A number, please.' })
  expect(problem('1.5', 'votes')).toEqual({ problem: 'A whole number, please.' })
  expect(problem('soon', 'day')).toMatchObject({ problem: expect.stringContaining('date') as string })
  expect(problem('{', 'data')).toMatchObject({ problem: expect.any(String) as string })
  expect(problem('{}', 'tags')).toMatchObject({ problem: expect.stringContaining('list') as string })
  expect(problem('[]', 'links')).toMatchObject({ problem: expect.stringContaining('object') as string })
})
