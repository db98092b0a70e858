import { expect, test, vi } from 'vitest'
import { canonicalQuery } from './canonical.js'
import { row, Table, Task } from './query.fixture.js'
import type { Query, QueryInput } from './query.js'
import { createRoutes, type Routes } from './routes.js'

interface Waiting {
  readonly query: Query
}

const ROWS = ['p', 'q', 'p', undefined].map((owner, i) =>
  row(`i${i}`, { owner, done: i > 1, tags: owner ? [owner] : [] }),
)

function waiting(where: QueryInput<typeof Task>['where']): Waiting {
  return { query: canonicalQuery(Task, { where }) }
}

function shown(routes: Routes<Waiting>, before: object | undefined, after: object | undefined): Waiting[] {
  const visited: Waiting[] = []
  const snapshot = (fields?: object): ReturnType<typeof row> | undefined => fields && row('x', { ...fields })
  routes.change('x', snapshot(before), snapshot(after), (view) => visited.push(view))
  return visited
}

test('a change is shown once to each view that waits at a value before or after, and to those that wait nowhere', () => {
  const routes = createRoutes<Waiting>(() => [])
  const views = {
    p: waiting({ owner: 'p' }),
    q: waiting({ owner: 'q', votes: { gt: 1 } }),
    either: waiting({ owner: { in: ['p', 'q'] } }),
    tagged: waiting({ tags: { has: 'p' } }),
    or: waiting({ or: [{ owner: 'p' }, { tags: { has: 'p' } }] }),
    half: waiting({ or: [{ owner: 'z' }, { votes: { gt: 1 } }] }),
    never: waiting({ or: [] }),
    not: waiting({ not: { owner: 'p' } }),
    due: waiting({ due: new Date(5) }),
    key: waiting({ scores: { has: 'ann' } }),
  }
  for (const view of Object.values(views)) routes.add(view)
  const always = [views.half, views.not]
  expect(shown(routes, undefined, {}).length).toBe(2)
  expect(new Set(shown(routes, { owner: 'p' }, { owner: 'q' }))).toEqual(
    new Set([...always, views.p, views.q, views.either, views.or]),
  )
  expect(shown(routes, { owner: 'p', tags: ['p'] }, undefined)).toHaveLength(6)
  expect(shown(routes, {}, { due: new Date(5) })).toContain(views.due)
  expect(shown(routes, {}, { scores: { ann: 0 } })).toContain(views.key)
  for (const view of Object.values(views)) routes.delete(view)
  expect(shown(routes, { owner: 'p', tags: ['p'] }, { owner: 'q', due: new Date(5) })).toEqual([])
})

test('of several demands the one is chosen that meets fewest others', () => {
  const routes = createRoutes<Waiting>(() => [])
  for (const owner of ['a', 'b', 'c', 'd']) routes.add(waiting({ done: false, status: 'open', owner }))
  expect(shown(routes, { owner: 'z' }, { owner: 'z', title: 'x' }).length).toBeLessThanOrEqual(1)
})

test('the rows of a value are known from the second view on, and forgotten with the last', () => {
  const table = new Table(ROWS)
  const all = vi.spyOn(table, 'all')
  const routes = createRoutes<Waiting>(() => table.all())
  const [p, q, none, done] = [{ owner: 'p' }, { owner: { in: ['q', 'p'] } }, { owner: 'z' }, { done: true }].map(
    waiting,
  )
  routes.add(p!)
  routes.add(done!)
  expect([routes.candidates(p!), routes.candidates(done!), all.mock.calls.length]).toEqual([undefined, undefined, 0])
  routes.add(q!)
  routes.add(none!)
  expect([...routes.candidates(p!)!]).toEqual(['i0', 'i2'])
  expect([...routes.candidates(q!)!].sort()).toEqual(['i0', 'i1', 'i2'])
  routes.change('i0', ROWS[0], row('i0', { owner: 'z' }), () => {})
  routes.change('i9', undefined, row('i9', { owner: 'p' }), () => {})
  routes.change('i2', ROWS[2], undefined, () => {})
  expect([...routes.candidates(p!)!]).toEqual(['i9'])
  expect([...routes.candidates(none!)!]).toEqual(['i0'])
  expect(all).toHaveBeenCalledTimes(1)
  for (const view of [p, q, none]) routes.delete(view!)
  routes.add(p!)
  expect(routes.candidates(p!)).toBeUndefined()
})
