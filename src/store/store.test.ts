import { expect, test } from 'vitest'
import { field, defineSchema } from '../index.ts'
import { createTestStore, connect, settle, offline, online } from '../testing.ts'
const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  tags: field.set(field.string()),
  votes: field.counter(),
})
test('two stores', async () => {
  const a = createTestStore({ schemas: [Task] })
  const b = createTestStore({ schemas: [Task] })
  expect(a.isReady()).toBe(true)
  const tasks = a.collection(Task)
  const one = tasks.create({ title: 'x' })
  expect(one.title).toBe('x')
  const view = tasks.query({ where: { done: false }, orderBy: 'title' })
  expect(view.get()).toEqual([one])
  connect(a, b)
  await settle()
  const bt = b.collection(Task)
  expect(bt.get(one.$id)).toEqual(one)
  offline(a)
  tasks.update(one.$id, (t) => {
    t.tags.add('q')
    t.votes.increment()
  })
  bt.update(one.$id, (t) => {
    t.tags.add('r')
    t.votes.increment(2)
    t.title = 'y'
  })
  await settle()
  online(a)
  await settle()
  expect(bt.get(one.$id)).toEqual(tasks.get(one.$id))
  expect(tasks.get(one.$id)).toMatchObject({ title: 'y', tags: ['q', 'r'], votes: 3 })
  expect(a.status()).toMatchObject({ pending: 0, ready: true })
  expect(() =>
    a.transact(() => {
      tasks.update(one.$id, { title: 'z' })
      throw new Error('no')
    }),
  ).toThrow('no')
  expect(tasks.get(one.$id)!.title).toBe('y')
})
