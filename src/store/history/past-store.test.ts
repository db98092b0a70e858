import { expect, test } from 'vitest'
import { field } from '../../schema/field.js'
import { defineSchema } from '../../schema/schema.js'
import { createTestStore } from '../../testing/test-store.js'
import { storeWithin } from './past-store.js'

const Task = defineSchema('task', { title: field.string() })

test('one repository is the past, whether named or not; everything else is the store', async () => {
  const [store, other] = [createTestStore({ schemas: [Task] }), createTestStore({ schemas: [Task] })]
  await store.ready('/data/inbox')
  const past = other.collection(Task)
  const within = storeWithin(store, '/data/main', { collection: () => past as never })
  expect(within.collection(Task)).toBe(past)
  expect(within.collection(Task, { in: '/data/main' })).toBe(past)
  expect(within.collection(Task, { in: '/data/inbox' })).toBe(store.collection(Task, { in: '/data/inbox' }))
  expect(within.name).toBe('test')
  expect(within.status()).toBe(store.status())

  expect(() => within.transact(() => {})).toThrow(expect.objectContaining({ code: 'past-is-read-only' }))
  const inbox = within.collection(Task, { in: '/data/inbox' })
  within.transact(() => inbox.create({ title: 'a' }), { in: '/data/inbox' })
  expect(inbox.query().count).toBe(1)
})

test('the past of one repository lies within that of another', () => {
  const store = createTestStore({ schemas: [Task] })
  const [one, two] = [createTestStore({ schemas: [Task] }), createTestStore({ schemas: [Task] })].map((each) =>
    each.collection(Task),
  )
  const within = storeWithin(storeWithin(store, '/data/main', { collection: () => one as never }), '/data/inbox', {
    collection: () => two as never,
  })
  expect(within.collection(Task)).toBe(one)
  expect(within.collection(Task, { in: '/data/inbox' })).toBe(two)
  expect(() => within.transact(() => {}, { in: '/data/inbox' })).toThrow(
    expect.objectContaining({ code: 'past-is-read-only' }),
  )
  expect(() => within.transact(() => {})).toThrow(expect.objectContaining({ code: 'past-is-read-only' }))
})
