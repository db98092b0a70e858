import { expect, expectTypeOf, test, vi } from 'vitest'
import { createStore, defineSchema, field, type Snapshot } from '../index.js'
import { createMemoryStorage } from '../storage/memory.js'
import type { Storage } from '../storage/port.js'
import { connect, createTestStore, offline, online, settle } from '../testing.js'

const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  due: field.date().optional(),
  tags: field.set(field.string()),
  votes: field.counter(),
})
const Note = defineSchema('note', { text: field.string() })

const code = (name: string): object => expect.objectContaining({ name: 'IbexError', code: name })

test('a created item is there at once, in the collection and in live queries', () => {
  const store = createTestStore({ schemas: [Task] })
  const tasks = store.collection(Task)
  const open = tasks.query({ where: { done: false }, orderBy: 'title' })
  const seen = vi.fn()
  open.subscribe(seen)
  const task = tasks.create({ title: 'b' })
  expectTypeOf(task).toEqualTypeOf<Snapshot<typeof Task>>()
  expect(tasks.get(task.$id)).toBe(task)
  expect(task.$path).toBe(`/data/main/${task.$id}`)
  expect(open.get()).toEqual([task])
  expect(seen).toHaveBeenCalledTimes(1)
  const earlier = tasks.create({ title: 'a' }, { id: 'mine' })
  expect(open.get()).toEqual([earlier, task])
  tasks.update('mine', { done: true })
  expect(open.ids()).toEqual([task.$id])
})

test('the same schema and path give the same collection', () => {
  const store = createTestStore({ schemas: [Task] })
  expect(store.collection(Task)).toBe(store.collection(Task))
  expect(store.collection(Task, { in: '/data/main' })).toBe(store.collection(Task))
  expect(store.collection(Task, { in: '/data/inbox' })).not.toBe(store.collection(Task))
})

test('repositories are apart', () => {
  const store = createTestStore({ schemas: [Task] })
  const inbox = store.collection(Task, { in: '/data/inbox' })
  expect(store.isReady('/data/inbox')).toBe(false)
  void store.ready('/data/inbox')
  inbox.create({ title: 'x' }, { id: 'one' })
  expect(store.collection(Task).get('one')).toBeUndefined()
})

test('createMany is one action, checked before anything is applied', async () => {
  const store = createTestStore({ schemas: [Task] })
  const tasks = store.collection(Task)
  expect(() => tasks.createMany([{ title: 'a' }, { title: 5 as never }])).toThrow(code('invalid'))
  expect(tasks.query().get()).toEqual([])
  const made = tasks.createMany(Array.from({ length: 5000 }, (_, i) => ({ title: `t${i}` })))
  expect(tasks.query({ orderBy: '$id' }).get()).toEqual(made)
  await settle(30_000)
  expect(store.status().pending).toBe(0)
})

test('every write answers when it is durable', async () => {
  const store = createTestStore({ schemas: [Task] })
  const tasks = store.collection(Task)
  const { $id } = tasks.create({ title: 'a' })
  const written = tasks.update($id, { title: 'b' }).wait('local')
  await settle()
  await written
  await tasks.update($id, { title: 'b' }).wait('server')
  expect(store.status().pending).toBe(0)
})

test('delete and restore', () => {
  const store = createTestStore({ schemas: [Task] })
  const tasks = store.collection(Task)
  const task = tasks.create({ title: 'a', tags: ['x'] })
  tasks.delete(task.$id)
  expect(tasks.get(task.$id)).toBeUndefined()
  expect(tasks.statusOf(task.$id)).toBe('deleted')
  expect(() => tasks.update(task.$id, { title: 'b' })).toThrow(code('item-missing'))
  expect(() => tasks.delete(task.$id)).toThrow(code('item-missing'))
  expect(() => tasks.create({ title: 'c' }, { id: task.$id })).toThrow(code('item-exists'))
  tasks.restore(task.$id)
  expect(tasks.require(task.$id).tags).toEqual(['x'])
  expect(tasks.statusOf('nobody')).toBe('missing')
  expect(() => tasks.restore('nobody')).toThrow(code('item-missing'))
})

test('bad input has its own error, and nothing is applied', () => {
  const store = createTestStore({ schemas: [Task, Note] })
  const tasks = store.collection(Task)
  const task = tasks.create({ title: 'a' }, { id: 't' })
  expect(() => tasks.create({ title: 'a' }, { id: 't' })).toThrow(code('item-exists'))
  expect(() => tasks.create({ title: 'a' }, { id: 'not an id' })).toThrow(code('malformed-id'))
  expect(() => store.collection(Note).update('t', { text: 'x' })).toThrow(code('wrong-schema'))
  expect(() => store.collection(Note).create({ text: 'x' }, { id: 't' })).toThrow(code('wrong-schema'))
  expect(() => tasks.create({ preventDefault: () => {} } as never)).toThrow(code('event-as-data'))
  expect(() => tasks.update('t', { votes: 3 } as never)).toThrow(code('invalid'))
  expect(() => tasks.update('t', (async () => {}) as never)).toThrow(code('draft-async'))
  expect(() => tasks.query({ where: { nothing: 1 } as never })).toThrow(code('invalid-query'))
  expect(() => store.collection(defineSchema('other', { x: field.string() }))).toThrow(code('unknown-schema'))
  expect(() => store.collection(Task, { in: 'data/x' })).toThrow(code('malformed-path'))
  expect(() => store.collection(Task, { in: '/sys/authority' })).toThrow(code('forbidden'))
  expect(tasks.get('t')).toBe(task)
})

test('what cannot make a store is refused', () => {
  expect(() => createStore({ schemas: [] })).toThrow(code('bad-option'))
  expect(() => createStore({ schemas: [{}] as never })).toThrow(code('bad-option'))
  expect(() => createStore({ schemas: [Task, defineSchema('task', {})] })).toThrow(code('duplicate-schema'))
  expect(() => createStore({ schemas: [Task], name: 'a b' })).toThrow(code('bad-option'))
  expect(() => createStore({ schemas: [Task], repository: 'x' })).toThrow(code('malformed-path'))
})

test('a store in a process without a page opens nothing by itself', () => {
  const store = createStore({ schemas: [Task], server: false })
  expect(store.status()).toMatchObject({ ready: false, storageMode: 'opening', connection: 'local' })
  expect(() => store.collection(Task).create({ title: 'x' })).toThrow(code('not-ready'))
})

test('a store with memory only opens in Node, and closes', async () => {
  const store = createStore({ schemas: [Task], server: false, storage: 'memory' })
  await store.ready()
  const tasks = store.collection(Task)
  tasks.create({ title: 'x' })
  await store.flush()
  expect(store.status()).toMatchObject({ ready: true, pending: 0, storageMode: 'memory' })
  const { repositories } = await store.export()
  expect(repositories[0]).toMatchObject({ path: '/data/main', items: { task: [{ title: 'x' }] } })
  expect(repositories[0]!.commits).toHaveLength(1)
  await store.close()
  expect(() => tasks.create({ title: 'y' })).toThrow(code('not-ready'))
})

test('reset empties the store, and it can be used again', async () => {
  const store = createStore({ schemas: [Task], server: false, storage: 'memory' })
  await store.ready()
  const tasks = store.collection(Task)
  const view = tasks.query()
  const heard = vi.fn()
  view.subscribe(heard)
  tasks.create({ title: 'x' })
  await store.reset()
  expect(view.get()).toEqual([])
  await store.ready()
  tasks.create({ title: 'y' })
  expect(view.get()).toHaveLength(1)
  await store.close()
})

test('connected stores converge; edits made apart are all kept', async () => {
  const ada = createTestStore({ schemas: [Task] })
  const lin = createTestStore({ schemas: [Task] })
  const here = ada.collection(Task)
  const there = lin.collection(Task)
  const { $id } = here.create({ title: 'x', tags: ['old'] })
  connect(ada, lin)
  await settle()
  expect(there.get($id)).toEqual(here.get($id))
  offline(ada)
  here.update($id, (t) => {
    t.tags.add('a')
    t.votes.increment()
  })
  there.update($id, (t) => {
    t.tags.add('b')
    t.tags.delete('old')
    t.votes.increment(2)
    t.title = 'y'
  })
  await settle()
  expect(here.require($id).title).toBe('x')
  online(ada)
  await settle()
  expect(here.get($id)).toEqual(there.get($id))
  expect(here.get($id)).toMatchObject({ title: 'y', tags: ['a', 'b'], votes: 3 })
})

test('status keeps identity while nothing changes', async () => {
  const store = createTestStore({ schemas: [Task] })
  const before = store.status()
  expect(store.status()).toBe(before)
  const heard = vi.fn()
  store.subscribeStatus(heard)
  store.collection(Task).create({ title: 'x' })
  expect(heard).toHaveBeenCalled()
  expect(store.status()).toMatchObject({ pending: 1 })
  await settle()
  expect(store.status()).toMatchObject({ pending: 0 })
})

test('inside a transaction one reads what one wrote, and views hear of it once at the end', () => {
  const store = createTestStore({ schemas: [Task] })
  const tasks = store.collection(Task)
  const a = tasks.create({ title: 'a' })
  const view = tasks.query({ where: { done: false }, orderBy: 'title' })
  const heard = vi.fn(() => view.ids())
  view.subscribe(heard)
  store.transact(() => {
    const b = tasks.create({ title: 'b' })
    tasks.update(a.$id, { title: 'c' })
    tasks.get(a.$id)
    expect(view.ids()).toEqual([b.$id, a.$id])
    tasks.update(b.$id, { done: true })
    tasks.get(b.$id)
    expect(view.get()).toEqual([tasks.get(a.$id)])
    expect(heard).not.toHaveBeenCalled()
  })
  expect(heard).toHaveBeenCalledTimes(1)
  expect(() =>
    store.transact(() => {
      tasks.update(a.$id, { title: 'd' })
      expect(view.get()[0]!.title).toBe('d')
      throw new Error('no')
    }),
  ).toThrow('no')
  expect(view.get()[0]!.title).toBe('c')
})

test('an element that an earlier, unfinished window added can be taken back at once', async () => {
  const ada = createTestStore({ schemas: [Task] })
  const lin = createTestStore({ schemas: [Task] })
  connect(ada, lin)
  const tasks = ada.collection(Task)
  // More than one commit holds, so that the first items wait in a window of their own.
  const made = tasks.createMany(Array.from({ length: 2000 }, () => ({ title: 'x'.repeat(50), tags: ['new'] })))
  tasks.update(made[0]!.$id, (t) => void t.tags.delete('new'))
  expect(tasks.require(made[0]!.$id).tags).toEqual([])
  await settle(20_000)
  expect(tasks.require(made[0]!.$id).tags).toEqual([])
  expect(lin.collection(Task).require(made[0]!.$id)).toEqual(tasks.get(made[0]!.$id))
})

test('a store that could not be opened is opened by asking again', async () => {
  const storage = createMemoryStorage()
  let failures = 1
  const flaky: Storage = {
    ...storage,
    openLog: (name) => (failures-- > 0 ? Promise.reject(new Error('locked')) : storage.openLog(name)),
  }
  const store = createStore({ schemas: [Task], server: false, storage: flaky })
  await expect(store.ready()).rejects.toEqual(code('storage'))
  expect(store.status().error).toEqual(code('storage'))
  await store.ready()
  store.collection(Task).create({ title: 'x' })
  expect(store.status()).toMatchObject({ ready: true, error: undefined })
  await store.close()
})

test('who reads the status in between keeps nobody from being told', () => {
  const store = createTestStore({ schemas: [Task] })
  const told: number[] = []
  store.subscribeStatus(() => told.push(store.status().pending))
  const tasks = store.collection(Task)
  tasks.query().subscribe(() => void store.status())
  tasks.create({ title: 'a' })
  tasks.create({ title: 'b' })
  expect(told).toEqual([1, 2])
})

test('until a repository is ready nothing in it is missing, and who listens is told when it is', async () => {
  const store = createStore({ schemas: [Task], server: false, storage: 'memory' })
  const tasks = store.collection(Task)
  const heard = vi.fn(() => tasks.statusOf('x'))
  tasks.subscribe('x', heard)
  expect(tasks.statusOf('x')).toBe('loading')
  await store.ready()
  expect(heard).toHaveLastReturnedWith('missing')
  await store.close()
})
