/** A page and a panel: what the panel gets to know, and that the app does not notice it. */
import { describe, expect, test, vi } from 'vitest'
import { encodeChannel } from '../../src/inspect/channel-codec.js'
import { CHANNEL_STREAM, COPY_STREAM } from '../../src/inspect/channel.js'
import { createStreams } from '../../src/inspect/streams.js'
import { defineSchema, field } from '../../src/index.js'
import { LINGER_MS } from '../../src/query/live.js'
import { encodeMessage, decodeMessage } from '../../src/sync/message-codec.js'
import { connect, createTestStore, settle } from '../../src/testing/test-store.js'
import { createMemoryPair } from '../../src/transport/memory.js'
import { copied, createLookedAt, rowsOf, Task } from './looking.js'

describe('a panel', () => {
  test('is told of the store, copies a repository, and follows it', async () => {
    const { panel, tasks, store, join } = createLookedAt()
    tasks.create({ title: 'before', tags: ['a'], notes: { k: 'v' } }, { id: 'one' })
    join()
    await settle()
    expect(panel.standing.get()).toEqual({ state: 'connected', message: '' })
    expect(panel.about.get()).toMatchObject({
      name: 'test',
      hasServer: false,
      redacts: false,
      repository: '/data/main',
    })
    expect(panel.repositories.get()).toMatchObject([
      {
        path: '/data/main',
        state: 'open',
        authority: 'none',
        commits: 1,
        items: { task: 1 },
        pending: 0,
      },
    ])
    const data = await copied(panel, settle)
    expect(rowsOf(data)).toEqual([tasks.get('one')])
    store.transact(() => {
      tasks.create({ title: 'later', due: new Date(0) }, { id: 'two' })
      tasks.update('one', (draft) => {
        draft.votes.increment(3)
        draft.tags.delete('a')
      })
    })
    await settle()
    expect(rowsOf(data)).toEqual([tasks.get('one'), tasks.get('two')])
    expect(data.progress().get()).toEqual({ commits: 2, of: 2 })
  })

  test('sees what others write as soon as the page does', async () => {
    const other = createTestStore({ schemas: [Task] })
    const { panel, store, tasks, join } = createLookedAt()
    connect(store, other)
    join()
    const data = await copied(panel, settle)
    other.collection(Task).create({ title: 'from elsewhere' }, { id: 'far' })
    await settle()
    expect(rowsOf(data)).toEqual([tasks.get('far')])
  })

  test('shows items of which the app’s store has no schema, as they are stored', async () => {
    const Label = defineSchema('label', { text: field.string(), uses: field.counter() })
    const other = createTestStore({ schemas: [Task, Label] })
    const { panel, store, join } = createLookedAt()
    connect(store, other)
    other.collection(Label).create({ text: 'x', uses: 0 }, { id: 'one' })
    await settle()
    join()
    const data = await copied(panel, settle)
    expect(data.schemas.map(({ name }) => name)).toEqual(['task'])
    const [, label] = data.schemasIn()
    expect(label).toMatchObject({ name: 'label', names: expect.arrayContaining(['text']) as never })
    expect(data.collection(label!).get('one')).toMatchObject({ text: 'x' })
    expect(data.schemasIn()[1]).toBe(label)
  })

  test('gets a repository on this device only too, and none that the app has not opened', async () => {
    const { panel, store, join } = createLookedAt()
    const drafts = store.collection(Task, { in: '/local/drafts' })
    await store.ready('/local/drafts')
    drafts.create({ title: 'mine alone' }, { id: 'one' })
    join()
    const data = await copied(panel, settle, '/local/drafts')
    expect(data.collection(data.schemas[0]!, { in: '/local/drafts' }).get('one')).toEqual(drafts.get('one'))
    const refused = data.ready('/data/other')
    refused.catch(() => {})
    await settle()
    await expect(refused).rejects.toMatchObject({ code: 'not-ready' })
    expect(Array.from(store.slots.keys())).toEqual(['/data/main', '/local/drafts'])
  })

  test('writes nothing: the copy refuses, and a commit that is sent all the same ends the line', async () => {
    const { agent, panel, tasks, store, join } = createLookedAt()
    tasks.create({ title: 'x' }, { id: 'one' })
    join()
    const data = await copied(panel, settle)
    const copy = data.collection(data.schemas[0]!)
    expect(() => copy.update('one', { title: 'y' } as never)).toThrow(expect.objectContaining({ code: 'not-ready' }))
    const pair = createMemoryPair(store.ports())
    agent.attach(pair[0])
    const streams = createStreams({ transport: pair[1], opened: () => {}, closed: () => {} })
    streams.open(CHANNEL_STREAM).send(encodeChannel({ type: 'hello', versions: [1], release: '0' }))
    const stream = streams.open(COPY_STREAM)
    const said: ReturnType<typeof decodeMessage>[] = []
    const ended = vi.fn()
    stream.onMessage((bytes) => said.push(decodeMessage(bytes)))
    stream.onClose(ended)
    const before = store.slots.get(store.repository)!.opened!.journal.graph.size
    stream.send(
      encodeMessage({
        type: 'commits',
        repository: store.repository,
        round: 0,
        more: false,
        partial: false,
        credentials: [],
        inflated: 0,
        payload: Uint8Array.of(1, 7),
      }),
    )
    await settle()
    expect(said.at(-1)).toMatchObject({ type: 'error', code: 'forbidden' })
    expect(ended).toHaveBeenCalledWith({ message: 'forbidden' })
    expect(store.slots.get(store.repository)!.opened!.journal.graph.size).toBe(before)
  })

  test('may be one of several', async () => {
    const { panel, tasks, join, another } = createLookedAt()
    join()
    const { end } = another()
    tasks.create({ title: 'x' })
    expect(rowsOf(await copied(panel, settle))).toEqual(rowsOf(await copied(end.store, settle)))
    expect(rowsOf(panel.data.get()!)).toHaveLength(1)
  })
})

describe('the app does not notice', () => {
  /** An app at work: what it was told, what is in its graph, and what its chance gives next. */
  async function run(isWatched: boolean): Promise<object> {
    const { store, tasks, join, panel, lines } = createLookedAt({ seed: 77 })
    const start = store.ports().clock.now()
    let told = 0
    store.subscribeStatus(() => told++)
    const view = tasks.query({ where: { done: false } })
    view.subscribe(() => told++)
    tasks.subscribe('task-0', () => told++)
    if (isWatched) {
      join()
      for (const topic of [panel.queries, panel.sync, panel.storage, panel.troubles, panel.pending]) {
        topic.subscribe(() => {})
      }
      await copied(panel, settle)
    }
    // As much time has passed either way.
    await settle(start + 60_000 - store.ports().clock.now())
    for (let n = 0; n < 5; n++) {
      tasks.create({ title: 'x' }, { id: `task-${n}` })
      await settle()
    }
    lines.at(-1)?.[1].close()
    await settle()
    const { graph } = store.slots.get(store.repository)!.opened!.journal
    return { told, commits: graph.size, peers: store.status().peers, chance: store.ports().random.bytes(8) }
  }

  test('no commit, no notification, no peer, no other chance', async () => {
    const alone = await run(false)
    expect(alone).toMatchObject({ commits: 5, peers: 0 })
    expect(await run(true)).toEqual(alone)
  })

  test('the browser is not asked with every change how much it stores, which takes another process', async () => {
    const estimate = vi.fn(async () => ({ usage: 7, quota: 70 }))
    vi.stubGlobal('navigator', { storage: { estimate } })
    try {
      const { tasks, store, join, panel } = createLookedAt()
      panel.storage.subscribe(() => {})
      join()
      await settle()
      const start = store.ports().clock.now()
      for (let n = 0; n < 30; n++) {
        tasks.create({ title: 'x' })
        await settle(200)
      }
      expect(panel.storage.get()).toMatchObject({ usage: 7, quota: 70 })
      expect(estimate.mock.calls.length).toBeGreaterThan(1)
      expect(estimate.mock.calls.length).toBeLessThanOrEqual(2 + (store.ports().clock.now() - start) / 2000)
    } finally {
      vi.unstubAllGlobals()
    }
  })

  test('no view is kept alive, and each is left as it was', async () => {
    const { store, tasks, join, panel, lines } = createLookedAt()
    const view = tasks.query({ where: { done: false } })
    const before = { ...view }
    view.get()
    join()
    const stop = panel.queries.subscribe(() => {})
    await settle(1000)
    expect(panel.queries.get()).toMatchObject([{ schema: 'task', rows: 0, listeners: 0 }])
    expect((view as unknown as { change: unknown }).change).not.toBe((before as unknown as { change: unknown }).change)
    await settle(LINGER_MS)
    expect(panel.queries.get()).toEqual([])
    const alive = (): number =>
      Array.from(
        store.slots.get(store.repository)!.repository.openTables(),
        (table) => [...table.queries.alive()].length,
      ).reduce((sum, count) => sum + count, 0)
    expect(alive()).toBe(0)
    stop()
    lines[0]![1].close()
    await settle(60_000)
    expect((view as unknown as { change: unknown }).change).toBe((before as unknown as { change: unknown }).change)
  })
})

describe('lines break', () => {
  test('both go on where they were, and what happened meanwhile is told', async () => {
    const { panel, tasks, join, lines, left, losses } = createLookedAt()
    for (let n = 0; n < 40; n++) {
      tasks.create({ title: `task ${n}` })
      await settle(400)
    }
    join()
    const data = await copied(panel, settle)
    const first = left.reduce((sum, { length }) => sum + length, 0)
    lines[0]!.sever()
    await settle()
    expect(panel.standing.get().state).toBe('lost')
    expect(losses()).toBe(1)
    expect(rowsOf(data)).toHaveLength(40)
    tasks.create({ title: 'meanwhile' }, { id: 'new' })
    await settle()
    left.length = 0
    join()
    await settle()
    expect(panel.standing.get().state).toBe('connected')
    expect(panel.data.get()).toBe(data)
    expect(data.collection(data.schemas[0]!).get('new')).toEqual(tasks.get('new'))
    const again = left.reduce((sum, { length }) => sum + length, 0)
    expect(again).toBeLessThan(first / 3)
  })

  test('a copy whose own line breaks is taken up again', async () => {
    const { panel, store, tasks, join } = createLookedAt()
    tasks.create({ title: 'x' }, { id: 'one' })
    join()
    const data = await copied(panel, settle)
    // Only the copy is given up by the page; the channel stays.
    const { journal } = store.slots.get(store.repository)!.opened!
    const { bytesOf } = journal.storage
    journal.storage.bytesOf = () => Promise.resolve(Uint8Array.of(1, 2, 3))
    tasks.create({ title: 'unreadable for a while' }, { id: 'two' })
    await settle(500)
    journal.storage.bytesOf = bytesOf
    await settle(5000)
    expect(panel.standing.get().state).toBe('connected')
    expect(data.collection(data.schemas[0]!).get('two')).toEqual(tasks.get('two'))
  })

  test('a command that was under way fails, and one without a line does so at once', async () => {
    const { panel, join, lines } = createLookedAt()
    await expect(panel.command('setOffline', { offline: true })).rejects.toMatchObject({ code: 'unreachable' })
    join()
    await settle()
    const answer = panel.command('setOffline', { offline: true })
    answer.catch(() => {})
    lines[0]!.sever()
    await settle()
    await expect(answer).rejects.toMatchObject({ code: 'unreachable' })
  })
})
