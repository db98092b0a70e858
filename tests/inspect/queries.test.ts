/** What live queries are said to be and to cost. */
import { expect, test } from 'vitest'
import { settle } from '../../src/testing/test-store.js'
import { createLookedAt } from './looking.js'

test('queries are told as data, with their rows, listeners, and how often they were updated', async () => {
  const { panel, tasks, join } = createLookedAt()
  tasks.create({ title: 'a' }, { id: 'a' })
  const open = tasks.query({ where: { done: false }, orderBy: ['title', ['votes', 'desc']], limit: 10 })
  const filtered = tasks.query({ filter: ({ title }) => title.length > 3, offset: 1 })
  let told = 0
  open.subscribe(() => told++)
  filtered.subscribe(() => {})
  join()
  panel.queries.subscribe(() => {})
  await settle()
  const [first, second] = panel.queries.get()
  expect(first).toMatchObject({
    repository: '/data/main',
    schema: 'task',
    where: { op: 'eq', field: 'done', value: false },
    orderBy: [
      ['title', 'asc'],
      ['votes', 'desc'],
    ],
    limit: 10,
    offset: 0,
    opaque: false,
    rows: 1,
    held: 1,
    listeners: 1,
    changes: 0,
    notified: 0,
    lastNotified: 0,
  })
  expect(second).toMatchObject({ opaque: true, offset: 1, limit: null, rows: 0 })
  tasks.create({ title: 'b' })
  tasks.update('a', { title: 'longer' })
  tasks.update('a', { done: true })
  await settle()
  const [after, opaque] = panel.queries.get()
  expect(after).toMatchObject({ id: first!.id, rows: 1, changes: 3, notified: 3 })
  expect(told).toBe(3)
  expect(after!.milliseconds).toBeGreaterThan(0)
  expect(after!.slowest).toBeLessThanOrEqual(after!.milliseconds)
  expect(after!.lastNotified).toBeGreaterThan(0)
  expect(opaque!.id).not.toBe(first!.id)
})
