import { expect, test } from 'vitest'
import { canonicalQuery } from './canonical.js'
import { evaluate, matches } from './match.js'
import { row, Task } from './query.fixture.js'
import type { QueryInput, Where } from './query.js'

type Input = QueryInput<typeof Task>
type Condition = Where<typeof Task>

const FULL = row('full', {
  title: 'Fix the lift',
  note: '',
  done: true,
  priority: 2,
  due: new Date(5000),
  owner: 'bob',
  place: { x: 1, y: 2 },
  data: { at: new Uint8Array([7, 8]) },
  votes: 3,
  tags: ['a', 'b'],
  reminders: [new Date(1), new Date(2)],
  scores: { ann: 1, bob: 2 },
})
const BARE = row('bare')

/** Conditions, whether they hold for {@link FULL}, and for {@link BARE}, which has no optional field. */
test.each<[Condition, boolean, boolean]>([
  [{}, true, true],
  [{ title: 'Fix the lift' }, true, false],
  [{ title: { ne: 'Fix the lift' } }, false, true],
  [{ priority: 2 }, true, false],
  [{ priority: { ne: 2 } }, false, true],
  [{ priority: { in: [1, 2] } }, true, false],
  [{ priority: { notIn: [1, 2] } }, false, true],
  [{ priority: { notIn: [7] } }, true, true],
  [{ priority: { in: [] } }, false, false],
  [{ priority: { lt: 3 } }, true, false],
  [{ priority: { lt: 2 } }, false, false],
  [{ priority: { lte: 2 } }, true, false],
  [{ priority: { gt: 1 } }, true, false],
  [{ priority: { gte: 3 } }, false, false],
  [{ not: { priority: { gte: 3 } } }, true, true],
  [{ priority: { exists: true } }, true, false],
  [{ priority: { exists: false } }, false, true],
  [{ note: { exists: true } }, true, false],
  [{ note: { startsWith: '' } }, true, false],
  [{ note: { contains: '' } }, true, false],
  [{ title: { startsWith: 'Fix' } }, true, false],
  [{ title: { startsWith: 'fix' } }, false, false],
  [{ title: { contains: 'the l' } }, true, false],
  [{ title: { gt: 'Fix' } }, true, false],
  [{ title: { lt: 'a' } }, true, true],
  [{ due: new Date(5000) }, true, false],
  [{ due: { ne: 5000 } }, false, true],
  [{ due: { in: [new Date(5000), 7] } }, true, false],
  [{ due: { gte: new Date(5000) } }, true, false],
  [{ due: { lt: new Date(5000) } }, false, false],
  [{ owner: { in: ['ann', 'bob'] } }, true, false],
  [{ votes: { gt: 2.5 } }, true, false],
  [{ votes: { exists: true } }, true, true],
  [{ place: { eq: { y: 2, x: 1 } } }, true, false],
  [{ place: { ne: { y: 2, x: 1 } } }, false, true],
  [{ place: { eq: { y: 2, x: 3 } } }, false, false],
  [{ place: { in: ['home', { x: 1, y: 2 }] } }, true, false],
  [{ place: 'home' }, false, false],
  [{ data: { eq: { at: new Uint8Array([7, 8]) } } }, true, false],
  [{ data: { eq: { at: [7, 8] } } }, false, false],
  [{ tags: { has: 'a' } }, true, false],
  [{ tags: { has: 'c' } }, false, false],
  [{ not: { tags: { has: 'a' } } }, false, true],
  [{ tags: { contains: ['b', 'a'] } }, true, false],
  [{ tags: { contains: ['a', 'c'] } }, false, false],
  [{ tags: { contains: [] } }, true, true],
  [{ tags: ['b', 'a'] }, true, false],
  [{ tags: { eq: ['a'] } }, false, false],
  [{ tags: { ne: [] } }, true, false],
  [{ tags: { exists: true } }, true, true],
  [{ reminders: { has: new Date(2) } }, true, false],
  [{ reminders: { eq: [new Date(2), new Date(1)] } }, true, false],
  [{ scores: { has: 'ann' } }, true, false],
  [{ scores: { has: 'toString' } }, false, false],
  [{ scores: { contains: { bob: 2 } } }, true, false],
  [{ scores: { contains: { bob: 1 } } }, false, false],
  [{ scores: { contains: {} } }, true, true],
  [{ scores: { eq: { bob: 2, ann: 1 } } }, true, false],
  [{ scores: { eq: {} } }, false, true],
  [{ $id: { startsWith: 'f' } }, true, false],
  [{ $createdAt: { lte: new Date(1000) }, $createdBy: 'ann' }, true, true],
  [{ and: [] }, true, true],
  [{ or: [] }, false, false],
  [{ not: {} }, false, false],
  [{ or: [{ done: true }, { title: '' }] }, true, true],
  [{ and: [{ done: true }, { votes: 3 }, { priority: 2 }] }, true, false],
  [{ not: { done: true, votes: 4 } }, true, true],
  [{ not: { or: [{ done: true }, { title: '' }] } }, false, false],
])('%j', (where, full, bare) => {
  const query = canonicalQuery(Task, { where })
  expect([matches(query, FULL), matches(query, BARE)]).toEqual([full, bare])
  const opposite = canonicalQuery(Task, { where: { not: where } })
  expect([matches(opposite, FULL), matches(opposite, BARE)]).toEqual([!full, !bare])
})

test('data that looks like a date is data', () => {
  const query = canonicalQuery(Task, { where: { data: { eq: { getTime: 5 } } } })
  expect(matches(query, row('x', { data: { getTime: 5 } }))).toBe(true)
})

test('a filter comes on top of the condition', () => {
  const seen: string[] = []
  const filter: Input['filter'] = (task) => seen.push(task.$id) > 0 && task.votes > 2
  const query = canonicalQuery(Task, { where: { done: true }, filter })
  expect(evaluate(query, [BARE, FULL, row('x', { done: true })])).toEqual([FULL])
  expect(seen).toEqual(['full', 'x'])
})

const idsOf = (input: Input): string =>
  evaluate(canonicalQuery(Task, input), ROWS)
    .map((each) => each.$id)
    .join('')
const ROWS = [
  row('e', { priority: 2, title: 'b', due: new Date(1) }),
  row('d', { title: 'é', done: true }),
  row('c', { priority: 10, title: 'a', due: new Date(2) }),
  row('b', { priority: 2, title: 'B', done: true, due: new Date(1) }),
  row('a', { title: 'z' }),
]

test('order: by size or code unit, missing values last in both directions, ties by $id', () => {
  expect(idsOf({})).toBe('abcde')
  expect(idsOf({ orderBy: [['$id', 'desc']] })).toBe('edcba')
  expect(idsOf({ orderBy: 'priority' })).toBe('becad')
  expect(idsOf({ orderBy: [['priority', 'desc']] })).toBe('cbead')
  expect(idsOf({ orderBy: ['priority', ['$id', 'desc']] })).toBe('ebcda')
  expect(idsOf({ orderBy: 'title' })).toBe('bcead')
  expect(idsOf({ orderBy: [['due', 'desc'], 'title'] })).toBe('cbead')
  expect(idsOf({ orderBy: [['done', 'desc'], 'title'] })).toBe('bdcea')
})

test('limit and offset cut the order', () => {
  expect(idsOf({ limit: 2 })).toBe('ab')
  expect(idsOf({ limit: 2, offset: 4 })).toBe('e')
  expect(idsOf({ offset: 3 })).toBe('de')
  expect(idsOf({ limit: 0 })).toBe('')
})
