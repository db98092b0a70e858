import { afterEach, describe, expect, test } from 'vitest'
import { field } from '../schema/field.js'
import { defineSchema } from '../schema/schema.js'
import type { Store } from '../store/face.js'
import type { History } from '../store/history/face.js'
import { copyAsTest, openReplay } from './open-replay.js'
import { connect, createTestStore, settle } from './test-store.js'

const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  tags: field.set(field.string()),
  votes: field.counter(),
  notes: field.map(field.string()),
  due: field.date().optional(),
})
const schemas = [Task]
const stores: { close(): unknown }[] = []
afterEach(() => stores.splice(0).forEach((each) => void each.close()))

function make(seed: number): Store {
  const store = createTestStore({ schemas, seed })
  stores.push(store)
  return store
}

async function historyOf(store: Store): Promise<History> {
  const history = await store.history()
  stores.push(history)
  return history
}

async function open(...args: Parameters<typeof openReplay>): ReturnType<typeof openReplay> {
  const replay = await openReplay(...args)
  stores.push(replay)
  return replay
}

/** Two who write at once, a deletion, and values of every kind. */
async function written(): Promise<Store> {
  const [ada, lin] = [make(11), make(12)] as const
  connect(ada, lin)
  const [tasks, others] = [ada.collection(Task), lin.collection(Task)]
  tasks.create({ title: 'Milk', due: new Date(5), notes: { where: 'shop' } }, { id: 'milk' })
  tasks.create({ title: 'Bread' }, { id: 'bread' })
  await settle()
  tasks.update('milk', { title: 'Oat milk' })
  others.update('milk', (task) => {
    task.votes.increment(2)
    task.tags.add('urgent').add('cheap')
  })
  await settle()
  tasks.update('milk', (task) => void task.tags.delete('cheap'))
  tasks.delete('bread')
  await settle()
  return ada
}

const shown = (store: Store): unknown => store.collection(Task).query({ orderBy: '$id' }).get()

describe('a recording', () => {
  test('shows at every moment what the store’s history shows', async () => {
    const store = await written()
    const history = await historyOf(store)
    const replay = await open(await store.record(), { schemas })
    expect(replay.moment).toBe(replay.to)
    expect(shown(replay.store)).toEqual(shown(store))
    const entries = history.timeline()
    const recorded = replay.history.timeline()
    expect(recorded.count).toBe(entries.count)
    for (const [i, { moment, id }] of entries.slice(0, entries.count).entries()) {
      expect(recorded.slice(i, i + 1)[0]!.id).toBe(id)
      replay.seek(moment!)
      const past = history.checkout(moment!)
      expect(shown(replay.store)).toEqual(past.collection(Task).query({ orderBy: '$id' }).get())
      expect(replay.items()).toEqual({ task: past.collection(Task).query({ orderBy: '$id' }).get() })
      past.close()
    }
    replay.seek(replay.from)
    expect(replay.items()).toEqual({ task: [] })
  })

  test('of a part begins with the state that the rest came to, and knows nothing of it', async () => {
    const store = await written()
    const history = await historyOf(store)
    const all = history.timeline()
    for (let from = 0; from <= all.count; from++) {
      for (let to = from; to <= all.count; to++) {
        const [first, last] = [from, to].map((n) => (n === 0 ? history.begin : all.slice(n - 1, n)[0]!.moment!))
        const replay = await open(await store.record({ from: first!, to: last! }), { schemas })
        for (const [there, here] of [
          [first!, replay.from],
          [last!, replay.to],
        ] as const) {
          replay.seek(here)
          const past = history.checkout(there)
          expect(replay.items()).toEqual({ task: past.collection(Task).query({ orderBy: '$id' }).get() })
          past.close()
        }
        // A commit goes in whole, so that what precedes an action in it may be there too.
        const ids = all.slice(from, to).map(({ id }) => id)
        const recorded = replay.history.timeline()
        expect(recorded.slice(0, recorded.count).map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
        expect((await replay.history.verify()).faults).toEqual([])
        replay.close()
      }
    }
  })

  test('begins and ends at times, too', async () => {
    const store = await written()
    const history = await historyOf(store)
    const [, second, third] = history.timeline().slice(0, 3)
    const replay = await open(await store.record({ from: new Date(second!.at), to: third!.at }), { schemas })
    const recorded = replay.history.timeline()
    expect(recorded.slice(0, recorded.count).map(({ id }) => id)).toContain(third!.id)
    await expect(store.record({ from: third!.moment, to: history.begin })).rejects.toMatchObject({ code: 'bad-option' })
  })

  test('holds what was pending when it was made', async () => {
    const store = make(13)
    store.collection(Task).create({ title: 'Now' }, { id: 'now' })
    const replay = await open(await store.record({}, { title: 'Just now' }), { schemas })
    expect(replay.items()).toMatchObject({ task: [{ title: 'Now' }] })
    expect(replay.info).toMatchObject({ title: 'Just now', repository: '/data/main', trust: 'none', redacted: 0 })
  })

  test('what is left out is gone from its bytes, before the range and in it, and it still verifies', async () => {
    const store = make(14)
    const tasks = store.collection(Task)
    tasks.create({ title: 'public', notes: { phone: '555-0199' } }, { id: 'a' })
    tasks.create({ title: 'public' }, { id: 'b' })
    await settle()
    const from = (await historyOf(store)).now()
    tasks.update('b', { title: 'secret: 555-0123' })
    tasks.update('b', { done: true })
    await settle()
    const hide = ({ value }: { value: unknown }): boolean => typeof value === 'string' && value.includes('555-')
    const file = await store.record({ from }, { redact: hide })
    const replay = await open(file, { schemas })
    expect(replay.info.redacted).toBeGreaterThan(0)
    expect(JSON.stringify([replay.items(), await replay.store.export()])).not.toContain('555-')
    expect(atob((await replay.store.export()).repositories[0]!.commits.join('').replaceAll('=', ''))).not.toContain(
      '555-',
    )
    replay.seek(replay.from)
    expect(replay.items()).toMatchObject({ task: [{ $id: 'b', title: 'public' }] })
    expect((await replay.history.verify()).ok).toBe(true)
  })
})

describe('an open recording', () => {
  test('moves, and tells whoever listens what became different', async () => {
    const store = await written()
    const replay = await open(await store.record(), { schemas, at: 'start' as never })
    const heard: string[] = []
    const tasks = replay.store.collection(Task)
    tasks.subscribe('milk', () => heard.push(tasks.get('milk')?.title ?? 'none'))
    const view = tasks.query({ where: { votes: { gt: 1 } } })
    view.subscribe(() => heard.push(`${view.get().length} voted for`))
    replay.subscribe(() => heard.push('moved'))
    for (const { moment } of replay.history.timeline().slice(0, 4)) replay.seek(moment!)
    expect(heard.filter((word) => word !== 'moved')).toEqual(['Milk', 'Oat milk', 'Oat milk', '1 voted for'])
    expect(heard.filter((word) => word === 'moved')).toHaveLength(4)
    replay.seek(new Date(0))
    expect(tasks.get('milk')).toBe(undefined)
  })

  test('cannot be written, in any way', async () => {
    const replay = await open(await (await written()).record(), { schemas })
    const { store, history } = replay
    const tasks = store.collection(Task)
    const [action] = history.timeline().get()
    const writes: (() => unknown)[] = [
      () => tasks.create({ title: 'x' }),
      () => tasks.update('milk', { done: true }),
      () => tasks.delete('milk'),
      () => store.transact(() => 1),
      () => history.revert(action!.id),
      () => history.revertTo(replay.from),
      () => history.undoStack({ scope: 'user' }).undo(),
      () => store.reset(),
      () => store.record(),
    ]
    for (const write of writes) {
      const failure = await Promise.resolve()
        .then(write)
        .catch((error: unknown) => error)
      // There is nothing of one's own to be undone.
      if (write !== writes[6]) expect(failure).toMatchObject({ code: 'past-is-read-only' })
    }
    expect(() => store.collection(Task, { in: '/data/other' })).toThrow(expect.objectContaining({ code: 'bad-option' }))
  })

  test('without schemas everything is shown as it is stored', async () => {
    const replay = await open(await (await written()).record())
    expect(replay.items(['milk'])).toMatchObject({
      task: [{ $id: 'milk', title: 'Oat milk', due: 5, tags: ['urgent'], votes: 2, notes: { where: 'shop' } }],
    })
    expect(replay.items(['milk'])['task']![0]).not.toHaveProperty('done')
  })

  test('is given as bytes, as a buffer, or in base64; what is none is refused', async () => {
    const file = await (await written()).record()
    const { buffer } = file.slice()
    for (const given of [file, buffer, Buffer.from(file), Buffer.from(file).toString('base64')]) {
      expect((await open(given, { schemas })).items()['task']).toHaveLength(1)
    }
    const changed = file.slice()
    changed[changed.length - 1]! ^= 1
    await expect(openReplay(changed)).rejects.toMatchObject({
      code: expect.stringMatching(/malformed-bytes|bad-signature/),
    })
    await expect(openReplay('no base64!')).rejects.toMatchObject({ code: 'malformed-bytes' })
    await expect(openReplay(file, { authority: 'ab' })).rejects.toMatchObject({ code: 'bad-option' })
    // A test store's signatures prove nothing to anybody.
    await expect(openReplay(file, { authority: '00'.repeat(32) })).rejects.toMatchObject({ code: 'bad-signature' })
  })
})

describe('a fork', () => {
  test('goes on from a moment with a store of its own', async () => {
    const store = await written()
    const replay = await open(await store.record(), { schemas })
    const second = replay.history.timeline().slice(1, 2)[0]!.moment!
    const fork = replay.fork(second)
    stores.push(fork)
    const tasks = fork.collection(Task)
    expect(tasks.get('bread')).toMatchObject({ title: 'Bread' })
    expect(tasks.get('milk')).toEqual(replay.history.get(Task, 'milk', second))
    // What is written now is later than all that was recorded.
    tasks.update('milk', (task) => {
      task.title = 'Beer'
      task.votes.increment()
      task.tags.add('new')
    })
    await settle()
    expect(tasks.get('milk')).toMatchObject({ title: 'Beer', votes: 1, tags: ['new'] })
    expect(replay.items(['milk'])).toMatchObject({ task: [{ title: 'Oat milk' }] })
    const history = await historyOf(fork)
    expect(history.timeline().count).toBe(1)
    expect(history.complete).toBe(false)
    history.undoStack().undo()
    expect(tasks.get('milk')).toMatchObject({ title: 'Milk', votes: 0, tags: [] })
  })

  test('removes elements that were added before it began', async () => {
    const replay = await open(await (await written()).record(), { schemas })
    const fork = replay.fork()
    stores.push(fork)
    fork.collection(Task).update('milk', { tags: [], notes: {} })
    await settle()
    expect(fork.collection(Task).get('milk')).toMatchObject({ tags: [], notes: {} })
  })
})

describe('copied as a test', () => {
  test('a small recording stands in the code, a large one in a file beside it', async () => {
    const store = await written()
    const small = await copyAsTest(store, {}, { title: 'Buy milk' })
    expect(small.file).toBe(undefined)
    expect(small.code).toContain('test("Buy milk", async () => {')
    store.collection(Task).createMany(Array.from({ length: 400 }, (_, i) => ({ title: `Task ${i * 7919}` })))
    const large = await copyAsTest(store, {}, { title: 'Much to do', schemas: "import { schemas } from './schemas'" })
    expect(large.file?.name).toBe('much-to-do.ibexreplay')
    expect(large.code).toContain("new URL('./much-to-do.ibexreplay', import.meta.url)")
    expect(large.code).toContain("import { schemas } from './schemas'")
    expect((await open(large.file!.bytes, { schemas })).items()['task']).toHaveLength(401)
  })
})
