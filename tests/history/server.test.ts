/** History of clients of a server: seals, refusals, users with several devices, reloads, logs with damage. */
import { describe, expect, test } from 'vitest'
import type { EntryKind, History } from '../../src/index.js'
import { rule } from '../../src/repository/rules.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import type { Log, Storage } from '../../src/storage/port.js'
import { RawClient } from '../server/raw-client.js'
import { Task, World } from '../server/world.js'

const config = {
  schemas: [Task],
  authenticate: ({ token }: { token: string | undefined }) => token ?? null,
}

/** `store.history()` waits for promises alone, but the store may need time to be ready. */
async function historyOf(world: World, store: { history(): Promise<History> }): Promise<History> {
  const opening = store.history()
  await world.settle(100)
  return opening
}

describe('undo', () => {
  test('survives a reload, and redo does too', async () => {
    const world = await new World().start(config)
    const storage = createMemoryStorage()
    const first = await world.client({ token: 'ada', storage })
    const task = first.tasks.create({ title: 'one', tags: ['a'] })
    first.store.transact(() => first.tasks.update(task.$id, { title: 'two' }), { label: 'Rename' })
    first.store.transact(() => first.tasks.update(task.$id, { tags: ['a', 'b'] }), { label: 'Tag' })
    const before = await historyOf(world, first.store)
    before.undoStack().undo()
    await world.settle(2000)
    await first.store.close()

    const again = await world.client({ token: 'ada', storage })
    const other = await world.client({ token: 'lin' })
    other.tasks.update(task.$id, (draft) => draft.votes.increment(3))
    await world.settle(2000)
    const stack = (await historyOf(world, again.store)).undoStack()
    expect(stack.get()).toMatchObject({ canUndo: true, undoLabel: 'Rename', canRedo: true, redoLabel: 'Tag' })
    stack.undo()
    await world.settle(2000)
    for (const { tasks } of [again, other]) {
      expect(tasks.get(task.$id)).toMatchObject({ title: 'one', tags: ['a'], votes: 3 })
    }
    stack.redo()
    stack.redo()
    await world.settle(2000)
    expect(other.tasks.get(task.$id)).toMatchObject({ title: 'two', tags: ['a', 'b'], votes: 3 })
    await Promise.all([again, other].map(({ store }) => store.close()))
  })

  test("of a user reaches what the user's other devices did; of a session it does not", async () => {
    const world = await new World().start(config)
    const phone = await world.client({ token: 'ada' })
    const laptop = await world.client({ token: 'ada' })
    const other = await world.client({ token: 'lin' })
    const task = phone.tasks.create({ title: 'from the phone' })
    await world.settle(2000)
    laptop.tasks.update(task.$id, { done: true })
    await world.settle(2000)
    const history = await historyOf(world, laptop.store)
    const own = history.undoStack()
    const all = history.undoStack({ scope: 'user' })
    own.undo()
    expect(laptop.tasks.get(task.$id)?.done).toBe(false)
    expect(own.get().canUndo).toBe(false)
    expect(all.get().canUndo).toBe(true)
    all.undo()
    await world.settle(2000)
    expect(phone.tasks.get(task.$id)).toBeUndefined()
    // The phone knows that it was undone, and can redo it.
    const there = (await historyOf(world, phone.store)).undoStack({ scope: 'user' })
    expect(there.get()).toMatchObject({ canRedo: true })
    there.redo()
    await world.settle(2000)
    expect(laptop.tasks.get(task.$id)?.title).toBe('from the phone')
    const strange = (await historyOf(world, other.store)).undoStack({ scope: 'user' })
    expect(strange.get()).toMatchObject({ canUndo: false, canRedo: false })
    await Promise.all([phone, laptop, other].map(({ store }) => store.close()))
  })

  test('passes over what was refused; the timeline shows it', async () => {
    const world = await new World().start({
      ...config,
      rules: [rule('/data/main', { write: ({ after }) => after?.['title'] !== 'forbidden' })],
    })
    const client = await world.client({ token: 'ada' })
    const task = client.tasks.create({ title: 'one' })
    await world.settle(2000)
    client.store.transact(() => client.tasks.update(task.$id, { title: 'two' }), { label: 'Allowed' })
    await world.settle(2000)
    const history = await historyOf(world, client.store)
    const timeline = history.timeline()
    client.store.transact(() => client.tasks.update(task.$id, { title: 'forbidden' }), { label: 'Forbidden' })
    expect(timeline.get()[0]).toMatchObject({ label: 'Forbidden', standing: 'pending' })
    const past = history.checkout(history.now())
    await world.settle(2000)
    expect(client.rejections).toHaveLength(1)
    const [refused] = history.timeline({ standing: 'void' }).get()
    expect(refused).toMatchObject({ label: 'Forbidden', standing: 'void' })
    expect(refused!.changes()).toMatchObject([{ field: 'title', from: 'two', to: 'forbidden' }])
    expect(timeline.get()[0]).toBe(refused)
    expect(history.undoStack().get().undoLabel).toBe('Allowed')
    history.undoStack().undo()
    expect(client.tasks.get(task.$id)?.title).toBe('one')
    past.seek(history.after(refused!.id))
    expect(past.collection(Task).get(task.$id)?.title).toBe('two')
    await client.store.close()
  })
})

test('blame says what vouches: a seal as soon as there is one', async () => {
  const world = await new World().start(config)
  const client = await world.client({ token: 'ada' })
  const task = client.tasks.create({ title: 'one' })
  const history = await historyOf(world, client.store)
  client.tasks.update(task.$id, { done: true })
  expect(history.blame(Task, task.$id).done).toMatchObject({ verified: 'pending', standing: 'pending', by: 'ada' })
  await world.settle(60_000)
  expect(history.blame(Task, task.$id)).toMatchObject({
    title: { verified: 'seal', standing: 'accepted', by: 'ada' },
    done: { verified: 'seal', standing: 'accepted' },
    $exists: { verified: 'seal' },
  })
  expect(history.timeline({ joins: true }).get()[0]).toMatchObject({ kind: 'seal' })
  const kinds = (kind: EntryKind | readonly EntryKind[]): Set<string> =>
    new Set(
      history
        .timeline({ kind })
        .get()
        .map((entry) => entry.kind),
    )
  expect(kinds('seal')).toEqual(new Set(['seal']))
  expect(kinds(['seal', 'action'])).toEqual(new Set(['seal', 'action']))
  expect(kinds('action')).toEqual(new Set(['action']))
  expect(() => history.timeline({ kind: 'tag' as 'seal' })).toThrow(expect.objectContaining({ code: 'bad-option' }))
  expect(
    history
      .timeline()
      .get()
      .every(({ kind }) => kind === 'action'),
  ).toBe(true)
  expect(history.commits.at(history.commits.count - 1)).toMatchObject({ kind: 'seal', actions: 0 })
  const verified = await history.verify()
  expect(verified).toMatchObject({ ok: true, commits: history.commits.count })
  expect(verified.sealed).toBeGreaterThan(0)
  await client.store.close()
})

test('the last valid moment is the newest at which every item satisfied its schema; one can go back to it', async () => {
  // A server without a configuration takes whatever is structurally valid.
  const world = await new World().start()
  const client = await world.client()
  const task = client.tasks.create({ title: 'one' })
  await world.settle(2000)
  const raw = await RawClient.connect(world)
  const spoiled = [{ action: 0, field: 'title', tag: 'put' as const, value: 5 }]
  const history = await historyOf(world, client.store)
  const then = history.now()
  await raw.push([await raw.commit('', { id: task.$id, changes: spoiled })])
  await world.settle(2000)
  client.tasks.create({ title: 'two' })
  await world.settle(2000)
  expect(client.tasks.get(task.$id)).toBeUndefined()
  expect(client.store.status().problems).toHaveLength(1)
  expect(await history.lastValid()).toBe(then)
  history.revertTo(then)
  await world.settle(2000)
  expect(client.store.status().problems).toEqual([])
  expect(
    client.tasks
      .query()
      .get()
      .map(({ title }) => title),
  ).toEqual(['one'])
  expect(await history.lastValid()).toBe(history.now())
  await client.store.close()
})

describe('verify', () => {
  /** A storage whose log can be spoiled. */
  function spoilable(): Storage & { spoil(change: (payload: Uint8Array) => Uint8Array): void } {
    const memory = createMemoryStorage()
    let change = (payload: Uint8Array): Uint8Array => payload
    const wrap = (log: Log): Log => ({
      ...log,
      replay: (each, after) => log.replay((payload, position) => each(change(payload), position), after),
      read: async (position) => change(await log.read(position)),
      readMany: (positions, each) =>
        log.readMany(positions, (payload, position) => each(payload && change(payload), position)),
    })
    return {
      ...memory,
      openLog: async (name, options) => wrap(await memory.openLog(name, options)),
      spoil: (how) => (change = how),
    }
  }

  test.each(['few', 'many'])('names the commit of which one byte was altered, of %s', async (how) => {
    const world = await new World().start(config)
    const storage = spoilable()
    const client = await world.client({ token: 'ada', storage })
    const count = how === 'few' ? 5 : 80
    for (let i = 0; i < count; i++) {
      client.tasks.create({ title: `title ${i}` })
      await world.settle(1000)
    }
    await world.settle(60_000)
    const history = await historyOf(world, client.store)
    expect(await history.verify()).toMatchObject({ ok: true })
    const spoilt = history.timeline().slice(2, 3)[0]!
    storage.spoil((payload) => {
      const text = 'title 2'
      const at = Buffer.from(payload).indexOf(text)
      if (at < 0 || payload[at + text.length] === 0x30) return payload
      const altered = Uint8Array.from(payload)
      altered[at]! ^= 1
      return altered
    })
    const seen: number[] = []
    const { ok, first, faults, soundUntil } = await history.verify({ progress: (done) => seen.push(done) })
    expect(ok).toBe(false)
    expect(faults.map(({ commit }) => commit)).toContain(spoilt.commit)
    expect(first).toMatchObject({ commit: spoilt.commit, code: 'bad-hash' })
    expect(soundUntil).toBe(history.before(spoilt.id))
    expect(seen.at(-1)).toBe(history.commits.count)
    expect(await history.lastValid()).toBe(soundUntil)
    await client.store.close()
  })
})
