import { describe, expect, test } from 'vitest'
import type { IbexError } from '../errors.js'
import { canonicalQuery, queryKey } from './canonical.js'
import { Task } from './query.fixture.js'
import type { Query, QueryInput } from './query.js'

type Input = QueryInput<typeof Task>

const keyOf = (input: Input): string => queryKey(canonicalQuery(Task, input))

function messageOf(input: unknown): string {
  try {
    canonicalQuery(Task, input as Input)
  } catch (error) {
    expect((error as IbexError).code).toBe('invalid-query')
    return (error as Error).message
  }
  throw new Error('Nothing was thrown.')
}

const SAME: [string, ...Input[]][] = [
  ['nothing said', {}, { where: {} }, { where: { and: [] } }, { orderBy: [], offset: 0, limit: undefined }],
  ['the order of keys', { where: { done: true, votes: 1 } }, { where: { votes: 1, done: true } }],
  ['the order of operators', { where: { votes: { gt: 1, lt: 9 } } }, { where: { votes: { lt: 9, gt: 1 } } }],
  ['a bare value and eq', { where: { done: true } }, { where: { done: { eq: true } } }],
  [
    'and, flattened',
    { where: { done: true, votes: 1 } },
    { where: { and: [{ done: true }, { and: [{ votes: 1 }, {}] }, { done: true }] } },
  ],
  ['or of one', { where: { done: true } }, { where: { or: [{ done: true }] } }],
  [
    'the order of a list',
    { where: { status: { in: ['open', 'later'] } } },
    { where: { status: { in: ['later', 'open', 'open'] } } },
  ],
  ['in one value', { where: { status: 'open' } }, { where: { status: { in: ['open'] } } }],
  [
    'not',
    { where: { votes: { ne: 1 } } },
    { where: { not: { votes: 1 } } },
    { where: { votes: { notIn: [1] } } },
    { where: { not: { not: { not: { votes: 1 } } } } },
  ],
  ['not exists', { where: { due: { exists: false } } }, { where: { not: { due: { exists: true } } } }],
  ['never', { where: { or: [] } }, { where: { or: [{ or: [] }] } }, { where: { and: [{ or: [] }] } }],
  ['double negation', { where: { done: true } }, { where: { not: { done: { ne: true } } } }],
  [
    'dates and milliseconds',
    { where: { due: { gte: new Date(5) }, $createdAt: { lt: new Date(7) } } },
    { where: { due: { gte: 5 }, $createdAt: { lt: 7 } } },
  ],
  ['sets', { where: { tags: { eq: ['a', 'b'] } } }, { where: { tags: ['b', 'a', 'b'] } }],
  ['contains of a set', { where: { tags: { contains: ['a'] } } }, { where: { tags: { has: 'a' } } }],
  [
    'keys of maps and of JSON',
    { where: { scores: { eq: { a: 1, b: 2 } }, place: { eq: { x: 1, y: 2 } } } },
    { where: { scores: { eq: { b: 2, a: 1 } }, place: { eq: { y: 2, x: 1 } } } },
  ],
  ['order by one', { orderBy: 'title' }, { orderBy: ['title'] }, { orderBy: [['title', 'asc']] }],
  ['order by $id', {}, { orderBy: '$id' }],
  [
    'what decides nothing in an order',
    { orderBy: [['votes', 'desc']] },
    { orderBy: [['votes', 'desc'], '$id', 'title'] },
    { orderBy: [['votes', 'desc'], 'votes'] },
  ],
  ['minus zero', { where: { votes: 0 } }, { where: { votes: -0 } }],
]

describe('equal queries share a key', () => {
  test.each(SAME)('%s', (_, ...inputs) => {
    expect(new Set(inputs.map(keyOf))).toHaveLength(1)
  })

  test('unequal ones do not', () => {
    const different: Input[] = [
      {},
      { orderBy: [['$id', 'desc']] },
      { orderBy: 'title' },
      { orderBy: ['title', 'votes'] },
      { orderBy: ['votes', 'title'] },
      { limit: 1 },
      { offset: 1 },
      { where: { or: [] } },
      { where: { votes: 1 } },
      { where: { priority: 1 } },
      { where: { votes: { ne: 1 } } },
      { where: { votes: { lt: 1 } } },
      { where: { not: { votes: { gte: 1 } } } },
      { where: { title: '1' } },
      { where: { tags: { has: 'a' } } },
      { where: { tags: ['a'] } },
      { where: { place: { eq: null } } },
      { where: { data: { eq: new Uint8Array([1]) } } },
      { where: { data: { eq: { 0: 1 } } } },
      { where: { place: { eq: 'null' } } },
    ]
    expect(new Set(different.map(keyOf)).size).toBe(different.length)
  })
})

test('a canonical query is plain data, and says what was asked', () => {
  const query = canonicalQuery(Task, {
    where: {
      done: false,
      priority: { gte: 2 },
      tags: { has: 'urgent' },
      or: [{ votes: 1 }, { due: { lt: new Date(9) } }],
    },
    orderBy: ['title', ['votes', 'desc']],
    limit: 50,
  })
  const expected: Query = {
    schema: 'task',
    where: {
      op: 'and',
      of: [
        { op: 'eq', field: 'done', value: false },
        { op: 'gte', field: 'priority', value: 2 },
        { op: 'has', field: 'tags', value: 'urgent' },
        {
          op: 'or',
          of: [
            { op: 'eq', field: 'votes', value: 1 },
            { op: 'lt', field: 'due', value: 9 },
          ],
        },
      ],
    },
    orderBy: [
      ['title', 'asc'],
      ['votes', 'desc'],
    ],
    limit: 50,
    offset: 0,
    opaque: false,
  }
  expect(query).toEqual(expected)
  expect(structuredClone(query)).toEqual(expected)
  expect(JSON.parse(JSON.stringify(query))).toEqual(expected)
})

test('a filter is known by its reference, and is not part of what is printed or sent', () => {
  const even = ({ votes }: { votes: number }): boolean => votes % 2 === 0
  const same = canonicalQuery(Task, { filter: even })
  expect(same.opaque).toBe(true)
  expect(queryKey(same)).toBe(keyOf({ filter: even }))
  expect(queryKey(same)).not.toBe(keyOf({ filter: ({ votes }) => votes % 2 === 0 }))
  expect(queryKey(same)).not.toBe(keyOf({}))
  expect(structuredClone(same)).toEqual({ ...canonicalQuery(Task, {}), opaque: true })
})

test.each<[string, unknown, ...string[]]>([
  ['no object', 'done', "Query of 'task'", 'a plain object', '"done"'],
  ['an unknown option', { sort: 'title' }, 'where | orderBy | limit | offset | filter', '"sort"'],
  ['an unknown field', { where: { titel: 'x' } }, 'where', 'title', '$createdAt', '"titel"'],
  ['a field of every object', { where: { constructor: 'x' } }, '"constructor"'],
  ['an unknown operator', { where: { votes: { above: 1 } } }, 'where.votes', 'eq | ne', 'gte', '"above"'],
  ['an operator of another kind', { where: { done: { lt: true } } }, 'where.done', 'eq | ne', '"lt"'],
  ['a value of another kind', { where: { priority: { gte: '3' } } }, 'where.priority.gte', 'number', '"3"'],
  ['no finite number', { where: { priority: Number.NaN } }, 'where.priority', 'NaN'],
  ['an invalid date', { where: { due: new Date('x') } }, 'where.due', 'Date'],
  ['a stranger to an enum', { where: { status: 'opne' } }, 'where.status', 'closed', '"opne"'],
  ['undefined', { where: { note: undefined } }, 'where.note', 'undefined', '{ exists: false }'],
  ['null', { where: { note: { eq: null } } }, 'where.note.eq', 'null', '{ exists: false }'],
  ['in without a list', { where: { votes: { in: 3 } } }, 'where.votes.in', 'an array', '3'],
  ['in a list of others', { where: { votes: { in: [1, 'b'] } } }, 'where.votes.in.1', '"b"'],
  ['a set that contains one', { where: { tags: { contains: 'a' } } }, 'where.tags.contains', '"a"'],
  ['an element of another kind', { where: { tags: { has: 1 } } }, 'where.tags.has', 'string', '1'],
  ['a map entry of another kind', { where: { scores: { contains: { a: 'b' } } } }, 'where.scores.contains.a', '"b"'],
  ['exists of no boolean', { where: { due: { exists: 'yes' } } }, 'where.due.exists', '"yes"'],
  ['and of no list', { where: { and: { done: true } } }, 'where.and', 'an array'],
  ['deep down', { where: { not: { or: [{}, { votes: 'x' }] } } }, 'where.not.or.1.votes', '"x"'],
  ['order by an unknown field', { orderBy: ['title', 'desc'] }, 'orderBy.1', '"desc"'],
  ['order by no field', { orderBy: 3 }, 'orderBy', 'an array', '3'],
  ['an unknown direction', { orderBy: [['title', 'down']] }, 'orderBy.0', 'asc | desc', '"down"'],
  ['order by a set', { orderBy: 'tags' }, 'orderBy.0', 'set', '"tags"'],
  ['a negative limit', { limit: -1 }, 'limit', 'a whole number from 0', '-1'],
  ['half an offset', { offset: 0.5 }, 'offset', '0.5'],
  ['a filter that is none', { filter: 'x' }, 'filter', 'a function', '"x"'],
])('refuses %s, and says where, what came and what is allowed', (_, input, ...parts) => {
  const message = messageOf(input)
  for (const part of parts) expect(message).toContain(part)
  expect(message).toMatch(/^Query of 'task'/)
})
