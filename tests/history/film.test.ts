/** Playback and search through the past, on stores of `ibex-state/testing`, whose time passes in `settle`. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defineSchema, field, type Collection, type History, type Store } from 'ibex-state'
import { connect, createTestStore, settle } from 'ibex-state/testing'

const Task = defineSchema('task', { title: field.string(), votes: field.counter() })

let seed = 300

/** A store with one item, whose title was set to 0, 1, 2 … at these times after each other, and its history. */
async function filmed(gaps: readonly number[]): Promise<[Store, Collection<typeof Task>, string, History]> {
  const store = createTestStore({ schemas: [Task], seed: ++seed })
  const tasks = store.collection(Task)
  const { $id } = tasks.create({ title: '0' })
  let n = 0
  for (const gap of gaps) {
    await settle(gap)
    tasks.update($id, { title: `${++n}` })
  }
  await settle(1000)
  return [store, tasks, $id, await store.history()]
}

describe('playback', () => {
  test('goes as fast as it went, and passes over pauses', async () => {
    const [, , id, history] = await filmed([500, 60_000, 500])
    const playback = history.playback()
    const task = playback.past.collection(Task)
    const titles: (string | undefined)[] = []
    playback.subscribe(() => {
      const title = task.get(id)?.title
      if (titles.at(-1) !== title) titles.push(title)
    })
    expect(playback).toMatchObject({ position: 0, length: 4, playing: false, by: 'time', speed: 1 })
    expect(playback.moment).toBe(history.begin)
    playback.play()
    await settle(100)
    expect(titles).toEqual(['0'])
    await settle(500)
    expect(titles.at(-1)).toBe('1')
    // A minute's pause takes a second.
    await settle(800)
    expect(titles.at(-1)).toBe('1')
    await settle(300)
    expect(titles.at(-1)).toBe('2')
    await settle(600)
    expect(titles).toEqual(['0', '1', '2', '3'])
    expect(playback).toMatchObject({ position: 4, playing: false })
    // From the end it begins anew.
    playback.set({ speed: 32 })
    playback.play()
    await settle(200)
    expect(playback).toMatchObject({ position: 4, playing: false })
  })

  test('goes by so many actions a second, over a range, in a loop, until it is paused', async () => {
    const [, , id, history] = await filmed([10, 5000, 10, 10, 10])
    const entries = history.timeline().get()
    const from = entries[4]!.moment!
    const to = entries[1]!.moment!
    const playback = history.playback({ from, to, by: 'actions', speed: 10, loop: true })
    expect(playback).toMatchObject({ position: 0, length: 3, loop: true })
    const shown = new Set<string>()
    let rounds = 0
    let before = 0
    playback.subscribe(() => {
      shown.add(playback.past.collection(Task).get(id)!.title)
      if (playback.position < before) rounds++
      before = playback.position
    })
    playback.play()
    await settle(1500)
    expect([...shown].sort()).toEqual(['1', '2', '3', '4'])
    expect(rounds).toBeGreaterThan(2)
    playback.pause()
    const { position } = playback
    await settle(1000)
    expect(playback.position).toBe(position)
    playback.seek(1)
    expect(playback.past.collection(Task).get(id)!.title).toBe('2')
    playback.step()
    expect(playback.moment).toBe(entries[2]!.moment)
    playback.step(-5)
    expect(playback).toMatchObject({ position: 0, playing: false })
    playback.seek(history.now())
    expect(playback.past.collection(Task).get(id)!.title).toBe('5')
    playback.close()
    expect(() => playback.past.collection(Task)).toThrow(expect.objectContaining({ code: 'store-closed' }))
  })

  test('refuses what cannot be played', async () => {
    const [, , , history] = await filmed([10])
    for (const options of [{ speed: 33 }, { by: 'actions', speed: 0 }, { idle: -1 }, { by: 'commits' }]) {
      expect(() => history.playback(options as never)).toThrow(expect.objectContaining({ code: 'bad-option' }))
    }
    const { moment } = history.timeline().get()[1]!
    expect(() => history.playback({ from: history.now(), to: moment })).toThrow(
      expect.objectContaining({ code: 'bad-option' }),
    )
    expect(() => history.playback().seek(Number.NaN)).toThrow(expect.objectContaining({ code: 'bad-option' }))
  })

  test('forwards, backwards and by seeks shows the same', async () => {
    const ada = createTestStore({ schemas: [Task], seed: ++seed })
    const lin = createTestStore({ schemas: [Task], seed: ++seed })
    connect(ada, lin)
    const ids = ['a', 'b', 'c']
    for (let i = 0; i < 40; i++) {
      for (const store of [ada, lin]) {
        const tasks = store.collection(Task)
        const id = ids[(i * 7 + (store === ada ? 1 : 0)) % 3]!
        if (tasks.statusOf(id) === 'deleted') tasks.restore(id)
        else if (!tasks.get(id)) tasks.create({ title: 'new' }, { id })
        else if (i % 11 === 10) tasks.delete(id)
        else
          tasks.update(id, (draft) => {
            draft.title = `${i}`
            draft.votes.increment()
          })
      }
      if (i % 3 === 0) await settle(500)
    }
    await settle()
    const history = await lin.history()
    const playback = history.playback()
    const tasks = playback.past.collection(Task)
    const look = (): string => JSON.stringify(tasks.query().get())
    const forwards = [look()]
    while (playback.position < playback.length) {
      playback.step()
      forwards.push(look())
    }
    expect(new Set(forwards).size).toBeGreaterThan(40)
    for (let position = playback.length; position >= 0; position--) {
      expect(look()).toBe(forwards[position])
      playback.step(-1)
    }
    fc.assert(
      fc.property(fc.nat(playback.length), (position) => {
        playback.seek(position)
        expect(look()).toBe(forwards[position])
        const fresh = history.checkout(playback.moment)
        expect(JSON.stringify(fresh.collection(Task).query().get())).toBe(forwards[position])
        fresh.close()
      }),
      { numRuns: 60 },
    )
  })
})

describe('bisect', () => {
  test('finds the action that made a condition false, by looking at few moments', async () => {
    const [, , id, history] = await filmed(Array.from({ length: 40 }, () => 10))
    const spoiled = 23
    let looks = 0
    const found = history.bisect((past) => {
      looks++
      return Number(past.collection(Task).get(id)?.title ?? 0) < spoiled
    })
    expect(found!.changes()).toMatchObject([{ field: 'title', to: `${spoiled}` }])
    expect(looks).toBeLessThan(9)
    expect(history.bisect(() => true)).toBeUndefined()
    const { moment } = history.timeline().slice(30, 31)[0]!
    expect(() => history.bisect(() => true, { good: history.now(), bad: moment! })).toThrow(
      expect.objectContaining({ code: 'bad-option' }),
    )
  })

  test('by hand, with moments that cannot be judged', async () => {
    const [, , id, history] = await filmed(Array.from({ length: 20 }, () => 10))
    const search = history.bisection()
    const judge = (skips: (n: number) => boolean): void => {
      for (let round = 0; round < 30 && !search.found && search.suspects.length === 0; round++) {
        const title = search.past.collection(Task).get(id)?.title
        const n = title === undefined ? -1 : Number(title)
        if (skips(n)) search.skip()
        else if (n < 13) search.good()
        else search.bad()
      }
    }
    judge((n) => n === 10)
    expect(search.found!.changes()).toMatchObject([{ field: 'title', to: '13' }])
    search.close()
    const other = history.bisection()
    const all = history.timeline().slice(0, 21)
    for (let round = 0; round < 30 && other.suspects.length === 0; round++) {
      const n = Number(other.past.collection(Task).get(id)?.title ?? -1)
      if (n >= 12 && n <= 14) other.skip()
      else if (n < 13) other.good()
      else other.bad()
    }
    expect(other.found).toBeUndefined()
    expect(other.suspects).toEqual(all.slice(12, 16).map(({ id: action }) => action))
    expect(other.left).toBe(0)
  })
})

describe('going back', () => {
  test('to a moment writes what makes everything look as then, as one action', async () => {
    const store = createTestStore({ schemas: [Task], seed: ++seed })
    const tasks = store.collection(Task)
    const a = tasks.create({ title: 'a' })
    const b = tasks.create({ title: 'b' })
    await settle()
    const history = await store.history()
    const then = history.now()
    tasks.update(a.$id, (draft) => {
      draft.title = 'other'
      draft.votes.increment(4)
    })
    tasks.delete(b.$id)
    const c = tasks.create({ title: 'c' })
    history.revertTo(then, { items: [a.$id] })
    expect(tasks.get(a.$id)).toMatchObject({ title: 'a', votes: 0 })
    expect(tasks.get(c.$id)).toBeDefined()
    history.revertTo(then)
    await settle()
    expect(
      tasks
        .query({ orderBy: 'title' })
        .get()
        .map(({ title }) => title),
    ).toEqual(['a', 'b'])
    expect(history.diff(then)).toEqual([])
    history.undoStack().undo()
    expect(
      tasks
        .query({ orderBy: 'title' })
        .get()
        .map(({ title }) => title),
    ).toEqual(['a', 'c'])
  })

  test('of many items is split over commits, is one entry, and is undone as one', async () => {
    const store = createTestStore({ schemas: [Task], seed: ++seed })
    const tasks = store.collection(Task)
    const history = await store.history()
    const text = 'x'.repeat(400)
    tasks.createMany(Array.from({ length: 1500 }, (_, i) => ({ title: `${text} ${i}` })))
    await settle()
    expect(history.commits.count).toBeGreaterThan(10)
    expect(history.timeline().get()).toHaveLength(1)
    expect(history.timeline().get()[0]!.items).toHaveLength(1500)
    history.undoStack().undo()
    await settle()
    expect(tasks.query().count).toBe(0)
    history.undoStack().redo()
    await settle()
    expect(tasks.query().count).toBe(1500)
    history.revert(history.timeline().get().at(-1)!.id)
    await settle()
    expect(tasks.query().count).toBe(0)
    expect(
      history
        .timeline()
        .get()
        .map(({ label }) => label),
    ).toEqual(['Revert', 'Redo', 'Undo', undefined])
    expect((await history.verify()).ok).toBe(true)
  })

  test('takes back what somebody else did, and leaves what came since', async () => {
    const ada = createTestStore({ schemas: [Task], seed: ++seed })
    const lin = createTestStore({ schemas: [Task], seed: ++seed })
    connect(ada, lin)
    const { $id } = ada.collection(Task).create({ title: 'one' })
    await settle()
    lin.transact(
      () =>
        lin.collection(Task).update($id, (draft) => {
          draft.title = 'spam'
          draft.votes.increment(100)
        }),
      { label: 'Spam' },
    )
    await settle()
    ada.collection(Task).update($id, (draft) => draft.votes.increment())
    await settle()
    const history = await ada.history()
    const spam = history.timeline({ label: 'Spam' }).get()[0]!
    history.revert(spam.id)
    expect(ada.collection(Task).get($id)).toMatchObject({ title: 'one', votes: 1 })
    await settle()
    expect(lin.collection(Task).get($id)).toMatchObject({ title: 'one', votes: 1 })
    expect(history.timeline().get()[0]!.label).toBe('Revert: Spam')
    expect(() => history.revert(`${'0'.repeat(64)}/0` as never)).toThrow(
      expect.objectContaining({ code: 'unknown-action' }),
    )
  })
})
