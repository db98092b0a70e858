import { expect, test } from 'vitest'
import { canonicalQuery } from '../../../src/query/canonical.js'
import { defineSchema, field } from '../../../src/index.js'
import { conditionLines, conditionText, orderText } from './query-text.js'

const Task = defineSchema('task', {
  title: field.string().optional(),
  done: field.boolean(),
  votes: field.counter(),
  tags: field.set(field.string()),
})

test('conditions read as sentences', () => {
  const text = (where: object): string => conditionText(canonicalQuery(Task, { where }).where)
  expect(text({})).toBe('all')
  expect(text({ or: [] })).toBe('none')
  expect(text({ done: false })).toBe('done = false')
  expect(text({ done: { ne: true } })).toBe('done ≠ true')
  expect(text({ done: false, votes: { gt: 3, lte: 9 } })).toBe('done = false and votes > 3 and votes ≤ 9')
  expect(text({ tags: { has: 'urgent' }, or: [{ done: true }, { votes: 1 }] })).toBe(
    'tags has "urgent" and (done = true or votes = 1)',
  )
  expect(text({ title: { exists: false } })).toBe('title is missing')
  expect(text({ not: { done: true, votes: 2 } })).toBe('not (done = true and votes = 2)')
})

test('order and window', () => {
  const text = (query: object): string => orderText(canonicalQuery(Task, query))
  expect(text({ orderBy: ['title', ['votes', 'desc']], limit: 50, offset: 100 })).toBe(
    'by title, votes ↓, first 50, from 100',
  )
  expect(text({})).toBe('')
})

test('a condition in lines', () => {
  const lines = (where: object): string[] =>
    conditionLines(canonicalQuery(Task, { where }).where).map(({ depth, text }) => '  '.repeat(depth) + text)
  expect(lines({})).toEqual(['all'])
  expect(lines({ done: false })).toEqual(['done = false'])
  expect(lines({ tags: { has: 'urgent' }, or: [{ done: true }, { votes: { gt: 1 }, title: 'x' }] })).toEqual([
    'tags has "urgent"',
    'and (',
    '  (',
    '    title = "x"',
    '    and votes > 1',
    '  )',
    '  or done = true',
    ')',
  ])
})
