/** History in the panel: over its own replica, the same as the page's; and what it has the page do with it. */
import { describe, expect, test } from 'vitest'
import type { InspectedData } from '../../src/inspect/face.js'
import type { History } from '../../src/store/history/face.js'
import { rule } from '../../src/repository/rules.js'
import { settle } from '../../src/testing/test-store.js'
import { World } from '../server/world.js'
import { copied, createClient, createLookedAt, done, type Looking, Task } from './looking.js'

const MAIN = '/data/main'

/** An app at work, with a panel at it. */
async function work(looking: Looking): Promise<InspectedData> {
  const { store, tasks } = looking
  tasks.create({ title: 'a' }, { id: 'one' })
  await settle()
  store.transact(
    () => {
      tasks.update('one', { title: 'b', done: true })
      tasks.create({ title: 'second', owner: 'ada' }, { id: 'two' })
    },
    { label: 'rename' },
  )
  await settle()
  tasks.update('one', (draft) => draft.votes.increment(2))
  tasks.delete('two')
  await settle()
  looking.join()
  return copied(looking.panel, settle)
}

const plain = (history: History): object[] =>
  history
    .timeline()
    .get()
    .map(({ changes, ...entry }) => ({ ...entry, changes: changes() }))

describe('the panel’s history', () => {
  test('is that of the page: timeline, moments, differences, blame; and grows with it', async () => {
    const looking = createLookedAt()
    const data = await work(looking)
    const here = await done(data.history())
    const there = await done(looking.store.history())
    expect(plain(here)).toEqual(plain(there))
    expect(here.now()).toBe(there.now())
    const [, , rename] = here.timeline().get()
    expect(rename!.label).toBe('rename')
    const schema = data.schemas[0]!
    expect(here.get(schema, 'one', here.before(rename!.id))).toMatchObject({ title: 'a', done: false })
    expect(here.get(schema, 'two', rename!.moment!)).toEqual(there.get(Task, 'two', rename!.moment!))
    expect(here.diff(here.before(rename!.id), here.now())).toEqual(there.diff(there.before(rename!.id), there.now()))
    expect(here.blame(schema, 'one')).toEqual(there.blame(Task, 'one'))
    looking.tasks.update('one', { title: 'later' })
    await settle()
    expect(plain(here)).toEqual(plain(there))
    here.close()
    there.close()
  })

  test('shows masks where the page masks, at every moment', async () => {
    const looking = createLookedAt({ redact: (value, { field }) => (field === 'owner' ? '•••' : value) })
    const data = await work(looking)
    const here = await done(data.history())
    const [, , rename] = here.timeline().get()
    expect(here.get(data.schemas[0]!, 'two', rename!.moment!)).toMatchObject({ title: 'second', owner: '•••' })
    expect(rename!.changes()).toContainEqual(expect.objectContaining({ id: 'two', field: 'owner', to: '•••' }))
    expect(rename!.items).toHaveLength(2)
    here.close()
  })

  test('knows how each action stands with the authority', async () => {
    const rules = [rule(MAIN, { write: ({ after }) => after?.['title'] !== 'evil' })]
    const world = await new World().start({ schemas: [Task], rules })
    const pass = (ms?: number): Promise<void> => world.settle(ms)
    const { panel, tasks, store, join } = await createClient(world)
    store.onRejected(() => {})
    tasks.create({ title: 'accepted before' })
    await pass()
    join()
    const data = await copied(panel, pass)
    const history = await done(data.history(), pass)
    const standings = (): unknown[] =>
      history
        .timeline()
        .get()
        .map(({ standing }) => standing)
    expect(standings()).toEqual(['accepted'])
    store.setOffline(true)
    tasks.create({ title: 'not yet' })
    await pass()
    expect(standings()).toEqual(['provisional', 'accepted'])
    store.setOffline(false)
    await pass(3000)
    expect(standings()).toEqual(['accepted', 'accepted'])
    tasks.create({ title: 'evil' })
    await pass(3000)
    expect(standings()).toEqual(['void', 'accepted', 'accepted'])
    history.close()
  })

  test('follows when commits are made anew because a clock was ahead', async () => {
    const world = await new World().start({ schemas: [Task] })
    const pass = (ms?: number): Promise<void> => world.settle(ms)
    // The server's clock is an hour behind: what is written before it is met is dated anew.
    world.shift = -3_600_000
    world.away = true
    const { panel, tasks, store, join } = await createClient(world)
    tasks.create({ title: 'x', votes: 0 }, { id: 'one' })
    tasks.update('one', (draft) => draft.votes.increment(5))
    await pass()
    join()
    const data = await copied(panel, pass)
    world.away = false
    store.setOffline(true)
    store.setOffline(false)
    const isWithdrawn = (): boolean => panel.events.get().some(({ kind }) => kind === 'withdrawn')
    for (let turn = 0; turn < 1000 && !(isWithdrawn() && store.status().pending === 0); turn++) {
      // What dates anew is loaded when it is needed, in real time.
      await new Promise((resolve) => setTimeout(resolve, 1))
      await pass(500)
    }
    expect(store.status()).toMatchObject({ connection: 'online', pending: 0 })
    expect(isWithdrawn()).toBe(true)
    expect(data.collection(data.schemas[0]!).get('one')).toEqual(tasks.get('one'))
    expect(data.collection(data.schemas[0]!).get('one')).toMatchObject({ votes: 5 })
    const history = await done(data.history(), pass)
    expect(history.timeline().count).toBe(2)
    history.close()
  })
})

test('a copy of what lies in a log, void commits among it, is whole', async () => {
  const rules = [rule(MAIN, { write: ({ after }) => after?.['title'] !== 'evil' })]
  const world = await new World().start({ schemas: [Task], rules })
  const pass = (ms?: number): Promise<void> => world.settle(ms)
  const { panel, tasks, store, join } = await createClient(world)
  store.onRejected(() => {})
  for (let n = 0; n < 12; n++) {
    tasks.create({ title: n === 5 ? 'evil' : `${n} ${'x'.repeat(60_000)}` })
    await pass(400)
  }
  await pass(3000)
  join()
  const data = await copied(panel, pass)
  const { graph } = store.slots.get(store.repository)!.opened!.journal
  expect(data.progress().get()).toEqual({ commits: graph.size, of: graph.size })
  const rows = (from: { query(how: object): { get(): readonly unknown[] } }): readonly unknown[] =>
    from.query({ orderBy: '$id' }).get()
  expect(rows(data.collection(data.schemas[0]!))).toEqual(rows(tasks))
  expect(rows(tasks)).toHaveLength(11)
  const history = await done(data.history(), pass)
  expect(history.timeline({ standing: 'void' }).get()).toMatchObject([{ items: [] }])
  history.close()
})

describe('what the panel has the page do', () => {
  test('reverts actions, and goes back to a moment', async () => {
    const looking = createLookedAt()
    const data = await work(looking)
    const { panel, tasks } = looking
    const history = await done(data.history())
    const [, , rename, create] = history.timeline().get()
    await done(panel.command('revert', { repository: MAIN, actions: [rename!.id] }))
    await settle()
    expect(tasks.get('one')).toMatchObject({ title: 'a', done: false, votes: 2 })
    expect(history.timeline().get()[0]!.label).toContain('devtools')
    await done(panel.command('revert', { repository: MAIN, moment: create!.moment! }))
    await settle()
    expect(tasks.get('one')).toMatchObject({ title: 'a', done: false, votes: 0 })
    const wrong = [
      panel.command('revert', { repository: MAIN, actions: [`${'0'.repeat(64)}/0`] }),
      panel.command('revert', { repository: MAIN, moment: 'nonsense' }),
      panel.command('revert', { repository: '/data/other', actions: [rename!.id] }),
      panel.command('revert', { repository: MAIN, actions: [5 as never] }),
    ]
    const codes = await Promise.all(wrong.map((each) => done(each).catch((error: { code: string }) => error.code)))
    expect(codes).toEqual(['unknown-action', 'malformed-id', 'not-ready', 'bad-option'])
    history.close()
  })

  test('verifies what lies in the page', async () => {
    const looking = createLookedAt()
    await work(looking)
    expect(await done(looking.panel.command('verify', { repository: MAIN }))).toEqual({
      ok: true,
      commits: 3,
      sealed: 0,
      faults: [],
    })
    // A byte of a body goes wrong in the page's memory.
    const { storage, graph } = looking.store.slots.get(looking.store.repository)!.opened!.journal
    const bytes = await storage.bytesOf(graph.idAt(1))
    bytes[bytes.length - 70]! ^= 1
    const found = await done(looking.panel.command('verify', { repository: MAIN }))
    expect(found).toMatchObject({ ok: false, faults: [{ commit: graph.idAt(1), code: 'bad-hash' }] })
  })
})
