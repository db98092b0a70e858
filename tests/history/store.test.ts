/** `store.history()` on stores of `ibex-state/testing`: what an app does with it. */
import { describe, expect, test } from 'vitest'
import { defineSchema, field, type History, type Store } from 'ibex-state'
import { connect, createTestStore, offline, online, settle } from 'ibex-state/testing'

const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  due: field.date().optional(),
  votes: field.counter(),
  tags: field.set(field.string()),
  scores: field.map(field.number()),
})

let seed = 100
const make = (): Store => createTestStore({ schemas: [Task], seed: ++seed })

async function two(): Promise<[Store, Store]> {
  const [ada, lin] = [make(), make()]
  connect(ada, lin)
  await settle()
  return [ada, lin]
}

describe('the timeline', () => {
  test('has every action once, pending or not, the newest first, and tells when one came', async () => {
    const store = make()
    const tasks = store.collection(Task)
    const task = tasks.create({ title: 'one' })
    await settle()
    const history = await store.history()
    const timeline = history.timeline()
    expect(timeline.get()).toHaveLength(1)
    let told = 0
    timeline.subscribe(() => told++)
    store.transact(() => tasks.update(task.$id, { title: 'two', done: true }), { label: 'Rename' })
    const [newest, oldest] = timeline.get()
    expect(told).toBe(1)
    expect(newest).toMatchObject({ label: 'Rename', standing: 'pending', moment: undefined, commit: undefined })
    expect(newest!.items).toEqual([{ schema: 'task', id: task.$id, did: 'update', fields: ['title', 'done'] }])
    expect(newest!.changes()).toEqual([
      { schema: 'task', id: task.$id, field: 'title', did: 'set', from: 'one', to: 'two' },
      { schema: 'task', id: task.$id, field: 'done', did: 'set', from: false, to: true },
    ])
    expect(oldest!.items[0]!.did).toBe('create')
    await settle()
    const after = timeline.get()
    expect(after).toHaveLength(2)
    expect(after[0]).toMatchObject({ label: 'Rename', standing: 'accepted', key: newest!.key })
    expect(after[0]!.id).not.toBe(newest!.id)
    expect(after[1]).toBe(oldest)
    expect(after[0]!.changes()).toEqual(newest!.changes())
    expect(history.entry(newest!.id)).toBe(after[0])
    expect(timeline.slice(0, 5)).toEqual([oldest, after[0]])
    expect(timeline.count).toBe(2)
  })

  test('is filtered by item, schema, field, user, label, text and time', async () => {
    const [ada, lin] = await two()
    const first = ada.collection(Task).create({ title: 'Fix the login' })
    await settle(5000)
    ada.transact(() => ada.collection(Task).update(first.$id, { tags: ['Urgent'] }), { label: 'Tag' })
    const second = lin.collection(Task).create({ title: 'Other' })
    await settle()
    const history = await ada.history()
    const of = (filter: Parameters<History['timeline']>[0]): (string | undefined)[] =>
      history
        .timeline(filter)
        .get()
        .map(({ items, label }) => `${label} ${items.map(({ id }) => id).join()}`)
    const [create, tag, other] = [`undefined ${first.$id}`, `Tag ${first.$id}`, `undefined ${second.$id}`]
    expect(new Set(of({}))).toEqual(new Set([create, tag, other]))
    expect(of({ item: first.$id })).toEqual([tag, create])
    expect(of({ schema: Task, field: 'tags' })).toEqual([tag])
    expect(of({ schema: 'none' })).toEqual([])
    expect(of({ text: 'LOGIN' })).toEqual([create])
    expect(of({ text: 'urg' })).toEqual([tag])
    expect(of({ text: 'tag' })).toEqual([tag])
    expect(of({ label: 'Tag' })).toEqual([tag])
    const me = first.$createdBy
    expect(of({ user: me })).toEqual([tag, create])
    expect(of({ user: second.$createdBy })).toEqual([other])
    const moment = history.timeline({ item: first.$id }).get()[1]!.moment!
    expect(of({ until: moment })).toEqual([create])
    expect(new Set(of({ since: moment }))).toEqual(new Set([other, tag]))
    expect(of({ until: first.$createdAt })).toEqual([create])
    expect(new Set(of({ since: first.$createdAt + 1 }))).toEqual(new Set([other, tag]))
    expect(of({ limit: 1 })).toHaveLength(1)
    expect(of({ standing: 'void' })).toEqual([])
    expect(() => history.timeline({ colour: 'red' } as never)).toThrow(expect.objectContaining({ code: 'bad-option' }))
  })
})

describe('undo and redo', () => {
  test('take back and bring back what this session did, pending or committed', async () => {
    const store = make()
    const tasks = store.collection(Task)
    const history = await store.history()
    const stack = history.undoStack()
    const states: unknown[] = []
    stack.subscribe(() => states.push([stack.get().undoLabel, stack.get().redoLabel]))
    const task = store.transact(() => tasks.create({ title: 'one', tags: ['a'] }), { label: 'Create' })
    store.transact(() => tasks.update(task.$id, { title: 'two' }), { label: 'Rename' })
    expect(stack.get()).toMatchObject({ canUndo: true, canRedo: false, undoLabel: 'Rename' })
    stack.undo()
    expect(tasks.get(task.$id)?.title).toBe('one')
    expect(stack.get()).toMatchObject({ undoLabel: 'Create', redoLabel: 'Rename' })
    await settle()
    stack.undo()
    expect(tasks.get(task.$id)).toBeUndefined()
    expect(tasks.statusOf(task.$id)).toBe('deleted')
    expect(stack.get()).toMatchObject({ canUndo: false, redoLabel: 'Create' })
    stack.redo()
    await settle()
    expect(tasks.get(task.$id)).toMatchObject({ title: 'one', tags: ['a'] })
    stack.redo()
    expect(tasks.get(task.$id)?.title).toBe('two')
    expect(stack.get()).toMatchObject({ canUndo: true, canRedo: false, undoLabel: 'Rename' })
    await settle()
    const labels = history
      .timeline()
      .get()
      .map(({ label }) => label)
    expect(labels).toEqual(['Redo: Rename', 'Redo: Create', 'Undo: Create', 'Undo: Rename', 'Rename', 'Create'])
    const [redo, , , undo, rename] = history.timeline().get()
    expect(redo!.redoes).toBe(rename!.id)
    expect(undo!.undoes).toBe(rename!.id)
    expect(rename!.undone).toBe(false)
  })

  test('a new action clears what could be redone', async () => {
    const store = make()
    const tasks = store.collection(Task)
    const stack = (await store.history()).undoStack()
    const task = tasks.create({ title: 'one' })
    tasks.update(task.$id, { title: 'two' })
    stack.undo()
    expect(stack.get().canRedo).toBe(true)
    tasks.update(task.$id, { done: true })
    expect(stack.get().canRedo).toBe(false)
    stack.redo()
    expect(tasks.get(task.$id)).toMatchObject({ title: 'one', done: true })
  })

  test('leave what others did since', async () => {
    const [ada, lin] = await two()
    const stack = (await ada.history()).undoStack()
    const task = ada.collection(Task).create({ title: 'one' })
    await settle()
    ada.collection(Task).update(task.$id, (t) => {
      t.title = 'two'
      t.tags.add('mine').add('both')
      t.votes.increment(2)
      t.scores['a'] = 1
    })
    lin.collection(Task).update(task.$id, (t) => void t.tags.add('both'))
    await settle()
    lin.collection(Task).update(task.$id, (t) => {
      t.title = 'three'
      t.votes.increment(5)
      t.tags.add('theirs')
    })
    await settle()
    stack.undo()
    await settle()
    for (const store of [ada, lin]) {
      expect(store.collection(Task).get(task.$id)).toMatchObject({
        title: 'three',
        votes: 5,
        tags: ['both', 'theirs'],
        scores: {},
      })
    }
    stack.redo()
    await settle()
    expect(lin.collection(Task).get(task.$id)).toMatchObject({
      title: 'three',
      votes: 7,
      tags: ['both', 'mine', 'theirs'],
      scores: { a: 1 },
    })
  })

  test('labels that say what was undone are refused from apps', () => {
    const store = make()
    for (const label of [`undo ${'ab'.repeat(8)}/1/0`, `redo ${'ab'.repeat(8)}/1/0`, 'more 1/0']) {
      expect(() => store.transact(() => {}, { label })).toThrow(expect.objectContaining({ code: 'bad-option' }))
    }
    store.transact(() => {}, { label: 'undo this' })
  })

  test('cannot run inside a transaction', async () => {
    const store = make()
    const stack = (await store.history()).undoStack()
    store.collection(Task).create({ title: 'one' })
    expect(() => store.transact(() => stack.undo())).toThrow(expect.objectContaining({ code: 'reentrant' }))
  })
})

describe('looking at the past', () => {
  test('moments, checkout, diff, blame and conflicts', async () => {
    const [ada, lin] = await two()
    const tasks = ada.collection(Task)
    const task = tasks.create({ title: 'one', due: new Date(5) })
    await settle()
    const history = await ada.history()
    const then = history.now()
    const past = history.checkout(then)
    const seen = past.collection(Task)
    expect(seen.get(task.$id)).toEqual(tasks.get(task.$id))
    offline(ada)
    tasks.update(task.$id, { title: 'two' })
    lin.collection(Task).update(task.$id, { title: 'three', done: true })
    await settle()
    online(ada)
    await settle()
    expect(seen.get(task.$id)?.title).toBe('one')
    expect(history.get(Task, task.$id, then)?.title).toBe('one')
    expect(history.get(Task, task.$id, then)).toBe(history.get(Task, task.$id, then))
    expect(() => seen.update(task.$id, { done: true })).toThrow(expect.objectContaining({ code: 'past-is-read-only' }))

    const [difference, ...none] = history.diff(then)
    expect(none).toEqual([])
    const shown = tasks.get(task.$id)!
    expect(difference).toMatchObject({
      schema: 'task',
      id: task.$id,
      change: 'updated',
      from: { title: 'one' },
      to: shown,
      fields: [
        { field: 'title', from: 'one', to: shown.title },
        { field: 'done', from: false, to: true },
      ],
    })
    expect(history.diff(then, history.now())).toEqual(history.diff(then))
    expect(history.diff(history.begin, then)[0]).toMatchObject({ change: 'created' })
    expect(history.diff(then, history.begin)[0]).toMatchObject({ change: 'deleted' })

    const blame = history.blame(Task, task.$id)
    expect(blame.title).toMatchObject({ by: shown.$updatedBy, verified: 'signature', standing: 'accepted' })
    expect(blame.due).toMatchObject({ by: shown.$createdBy, at: shown.$createdAt })
    expect(blame.votes).toBeUndefined()
    expect(blame.$exists).toMatchObject({ by: shown.$createdBy })

    const [conflict, ...others] = history.conflicts(Task, task.$id)
    expect(others).toEqual([])
    expect(conflict).toMatchObject({ field: 'title', value: shown.title })
    const loser = shown.title === 'two' ? 'three' : 'two'
    expect(conflict!.losing).toMatchObject([{ value: loser }])
    conflict!.losing[0]!.take()
    expect(tasks.get(task.$id)?.title).toBe(loser)
    expect(history.conflicts(Task, task.$id)).toEqual([])
    await settle()
    expect(history.conflicts(Task, task.$id)).toEqual([])

    history.revertTo(then, { label: 'Back' })
    expect(tasks.get(task.$id)).toMatchObject({ title: 'one', done: false })
    await settle()
    expect(history.timeline().get()[0]!.label).toBe('Back')
    expect(await history.verify()).toMatchObject({ ok: true, first: undefined, soundUntil: history.now() })
    history.close()
    expect(() => history.now()).toThrow(expect.objectContaining({ code: 'store-closed' }))
  })
})

test('a store that begins anew ends its histories, and tells who listens; one that is closed ends them in silence', async () => {
  const store = make()
  store.collection(Task).create({ title: 'one' })
  await settle()
  const [history, other] = [await store.history(), await store.history()]
  const told: string[] = []
  history.subscribe(() => told.push('history'))
  history.timeline().subscribe(() => told.push('timeline'))
  history.undoStack().subscribe(() => told.push('undo'))
  other.close()
  expect([history.closed, other.closed]).toEqual([false, true])
  const done = store.reset()
  await settle()
  await done
  expect(history.closed).toBe(true)
  expect(told.sort()).toEqual(['history', 'timeline', 'undo'])
  expect(() => history.timeline()).toThrow(expect.objectContaining({ code: 'store-closed' }))

  const next = await store.history()
  expect(next.timeline().get()).toEqual([])
  next.close()
  // One that is asked for just before is that of the store which is there afterwards.
  store.collection(Task).create({ title: 'two' })
  await settle()
  const opening = store.history()
  const again = store.reset()
  await settle()
  await again
  const last = await opening
  expect([last.closed, last.timeline().get()]).toEqual([false, []])
  last.subscribe(() => told.push('last'))
  await store.close()
  expect(last.closed).toBe(true)
  expect(told).toHaveLength(3)
  await expect(store.history()).rejects.toMatchObject({ code: 'store-closed' })
})

test('what is taken out of a set where a window has become too large is gone everywhere', async () => {
  const [ada, lin] = await two()
  const tasks = ada.collection(Task)
  const task = tasks.create({ title: 'one', tags: ['x', 'y'] })
  // The next action goes to a window of its own, and must name the add by its commit.
  tasks.create({ title: 'x'.repeat(40_000) })
  tasks.update(task.$id, { tags: ['y'] })
  expect(tasks.get(task.$id)!.tags).toEqual(['y'])
  await settle()
  expect(lin.collection(Task).get(task.$id)!.tags).toEqual(['y'])
})
