/** A page with a server, and a panel: refusals, the network, and stores that begin anew. */
import { describe, expect, test } from 'vitest'
import { SILENCE_MS } from '../../src/inspect/channel.js'
import type { InspectedData } from '../../src/inspect/face.js'
import { rule } from '../../src/repository/rules.js'
import { World } from '../server/world.js'
import { copied, createClient, rowsOf, Task } from './looking.js'

const titlesOf = (data: InspectedData): unknown[] => rowsOf(data).map((row) => (row as { title?: string }).title)

const rules = [rule('/data/main', { write: ({ after }) => after?.['title'] !== 'evil' })]

async function start(): Promise<{ world: World; settle: (ms?: number) => Promise<void> }> {
  const world = await new World().start({ schemas: [Task], rules })
  return { world, settle: (ms) => world.settle(ms) }
}

describe('refusals', () => {
  test('are seen with what they wanted, leave the copy, and can be retried and discarded from the panel', async () => {
    const { world, settle } = await start()
    const { panel, tasks, store, join } = await createClient(world)
    join()
    const data = await copied(panel, settle)
    panel.troubles.subscribe(() => {})
    store.onRejected(() => {})
    tasks.create({ title: 'good' })
    await settle()
    store.transact(() => tasks.create({ title: 'evil' }, { id: 'bad' }))
    expect(store.collection(Task).get('bad')).toBeDefined()
    await settle(3000)
    expect(titlesOf(data)).toEqual(['good'])
    const [rejection] = panel.troubles.get().rejected
    expect(rejection).toMatchObject({ repository: '/data/main', code: 'forbidden' })
    expect(rejection!.changes).toContainEqual({
      schema: 'task',
      item: 'bad',
      field: 'title',
      operation: 'put',
      value: 'evil',
    })
    expect(panel.events.get()).toContainEqual(
      expect.objectContaining({ kind: 'rejected', repository: '/data/main', commits: [rejection!.commit] }),
    )
    const { repository, commit } = rejection!
    const retried = panel.command('retryRejection', { repository, commit })
    await settle(3000)
    await retried
    const [second] = panel.troubles.get().rejected
    expect(second!.commit).not.toBe(commit)
    const discarded = panel.command('discardRejection', { repository, commit: second!.commit })
    await settle()
    await discarded
    expect(panel.troubles.get().rejected).toEqual([])
    const wrong = panel.command('discardRejection', { repository, commit })
    wrong.catch(() => {})
    await settle()
    await expect(wrong).rejects.toMatchObject({ code: 'bad-option' })
  })
})

describe('the network', () => {
  test('what went over it is counted: bytes, heads, questions, round trips', async () => {
    const { world, settle } = await start()
    const writer = await world.client()
    for (let n = 0; n < 20; n++) {
      writer.tasks.create({ title: `task ${n}` })
      await settle(400)
    }
    const { panel, tasks, join, network } = await createClient(world)
    join()
    panel.sync.subscribe(() => {})
    await settle()
    const sync = panel.sync.get()!
    expect(sync).toMatchObject({
      connection: 'online',
      offline: false,
      role: 'alone',
      conditions: { delay: 0, loss: 0 },
    })
    const [line] = sync.lines
    expect(line).toMatchObject({ peer: 'server', until: null })
    const [talk] = line!.repositories
    expect(talk).toMatchObject({ path: '/data/main', reconciles: 1, filterMisses: 0 })
    expect(talk!.received).toBeGreaterThan(2000)
    expect(line!.received.bytes).toBeGreaterThanOrEqual(talk!.received)
    expect(talk!.roundTrip).not.toBeNull()
    expect(talk!.heads).toHaveLength(1)
    const { sent } = talk!
    tasks.create({ title: 'one more' })
    await settle()
    expect(panel.sync.get()!.lines[0]!.repositories[0]!.sent).toBeGreaterThan(sent)
    network.at(-1)!.sever('pulled out')
    await settle(5000)
    const [now, before] = panel.sync.get()!.lines
    expect(now).toMatchObject({ until: null })
    expect(before).toMatchObject({ reason: 'pulled out' })
  })

  test('can be cut from the panel, and be made slow and lossy, until the panel is gone', async () => {
    const { world, settle } = await start()
    const other = await world.client()
    const { panel, tasks, store, join, lines } = await createClient(world)
    join()
    const data = await copied(panel, settle)
    void panel.command('setOffline', { offline: true })
    await settle()
    expect(store.status().connection).toBe('offline')
    tasks.create({ title: 'offline' }, { id: 'off' })
    await settle()
    expect(other.tasks.get('off')).toBeUndefined()
    expect(titlesOf(data)).toEqual(['offline'])
    void panel.command('setOffline', { offline: false })
    await settle(3000)
    expect(other.tasks.get('off')).toBeDefined()

    void panel.command('setConditions', { delay: 2000, loss: 0 })
    await settle(100)
    tasks.create({ title: 'slow' }, { id: 'slow' })
    await settle(1900)
    expect(other.tasks.get('slow')).toBeUndefined()
    await settle(1000)
    expect(other.tasks.get('slow')).toBeDefined()

    void panel.command('setConditions', { delay: 0, loss: 1 })
    await settle(5000)
    tasks.create({ title: 'lost' }, { id: 'lost' })
    await settle(5000)
    expect(other.tasks.get('lost')).toBeUndefined()
    lines[0]![1].close()
    // The next keep-alive tells that something is missing.
    await settle(60_000)
    expect(other.tasks.get('lost')).toBeDefined()
  })

  test('what a panel has cut is joined when it is gone; what the app has cut is not', async () => {
    const { world, settle } = await start()
    const { panel, store, join, lines } = await createClient(world)
    join()
    await settle()
    void panel.command('setOffline', { offline: true })
    await settle()
    lines[0]!.sever()
    await settle(SILENCE_MS - 100)
    expect(store.status().connection).toBe('offline')
    await settle(3000)
    expect(store.status().connection).toBe('online')
    store.setOffline(true)
    join()
    await settle()
    void panel.command('setOffline', { offline: true })
    await settle()
    lines[1]!.sever()
    await settle(10_000)
    expect(store.status().connection).toBe('offline')
  })

  test('conditions that make no sense are refused', async () => {
    const { world, settle } = await start()
    const { panel, join, exposed } = await createClient(world)
    join()
    await settle()
    const wrong = [
      panel.command('setConditions', { delay: -1, loss: 0 }),
      panel.command('setConditions', { delay: 0, loss: 2 }),
      panel.command('setConditions', { delay: 'much' as never, loss: 0 }),
    ]
    for (const each of wrong) each.catch(() => {})
    await settle()
    for (const each of wrong) await expect(each).rejects.toMatchObject({ code: 'bad-option' })
    expect(exposed.lines.conditions).toEqual({ delay: 0, loss: 0 })
  })
})

test('a store that begins anew is copied anew', async () => {
  const { world, settle } = await start()
  const { panel, tasks, store, join } = await createClient(world, { server: false })
  tasks.create({ title: 'old' })
  join()
  const before = await copied(panel, settle)
  expect(titlesOf(before)).toEqual(['old'])
  const { epoch } = panel.about.get()!
  const reset = store.reset()
  await settle(3000)
  await reset
  await settle(3000)
  expect(panel.about.get()!.epoch).toBeGreaterThan(epoch)
  expect(panel.data.get()).not.toBe(before)
  expect(panel.events.get().map(({ kind }) => kind)).toContain('restarted')
  store.collection(Task).create({ title: 'new' })
  await settle(3000)
  expect(titlesOf(await copied(panel, settle))).toEqual(['new'])
})

test('a panel that was away for so long that nobody listened takes a new copy', async () => {
  const { world, settle } = await start()
  const { panel, tasks, join, lines } = await createClient(world)
  tasks.create({ title: 'x' })
  join()
  const before = await copied(panel, settle)
  lines[0]!.sever()
  await settle(60_000)
  tasks.create({ title: 'y' })
  join()
  await settle()
  expect(panel.data.get()).not.toBe(before)
  expect(new Set(titlesOf(await copied(panel, settle)))).toEqual(new Set(['x', 'y']))
})

test('what is pending is told with what it touches, before and after it became a commit', async () => {
  const { world, settle } = await start()
  const { panel, store, tasks, join } = await createClient(world)
  tasks.create({ title: 'x' }, { id: 'one' })
  await settle()
  join()
  panel.pending.subscribe(() => {})
  await settle()
  expect(panel.pending.get()).toEqual({ count: 0, actions: [] })
  store.setOffline(true)
  store.transact(
    () => {
      tasks.update('one', { title: 'y', done: true })
      store.transact(() => tasks.create({ title: 'inner' }, { id: 'two' }))
    },
    { label: 'both' },
  )
  tasks.update('one', (draft) => draft.votes.increment())
  await settle(250)
  const { count, actions } = panel.pending.get()
  expect(count).toBeGreaterThanOrEqual(2)
  expect(actions.map(({ label }) => label)).toEqual([null, 'both'])
  expect(actions[1]).toMatchObject({
    repository: '/data/main',
    action: 0,
    touched: [
      { schema: 'task', item: 'one', fields: ['title', 'done'] },
      { schema: 'task', item: 'two', fields: ['title'] },
    ],
  })
  await settle(2000)
  const later = panel.pending.get().actions
  expect(later.map(({ label, level }) => [label, level])).toEqual([
    [null, 'stored'],
    ['both', 'stored'],
  ])
  expect(later[1]!.commit).toMatch(/^[0-9a-f]{64}$/)
  store.setOffline(false)
  await settle(3000)
  expect(panel.pending.get()).toEqual({ count: 0, actions: [] })
})
