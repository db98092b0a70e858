/** How a panel opens where not all commits are in the page, or so many that they take their time. */
import { expect, test, vi } from 'vitest'
import { momentAt } from '../../devtools-extension/panel/state/moment-at.js'
import type { Open } from '../../devtools-extension/panel/state/repository-session.js'
import { stepFrom } from '../../devtools-extension/panel/state/steps.js'
import { announce } from '../../src/inspect/announce.js'
import type { AppStore } from '../../src/store/store.js'
import { begin } from '../server/small-world.js'
import { Browser } from '../store/browser.js'
import { copied, done, load, look, rowsOf } from './looking.js'

test('where the page began from a keyframe the panel does; older commits can be looked through, and are fetched when one wants', async () => {
  const { world, old } = await begin()
  const pass = (ms = 50): Promise<void> => world.settle(ms)
  const { store, tasks } = await world.client({ history: 'on-demand' })
  const looking = look(announce(store as AppStore, { load }))
  looking.join()
  const data = await copied(looking.panel, pass)
  expect(rowsOf(data)).toEqual(tasks.query({ orderBy: '$id' }).get())
  const whole = await done(old.store.history(), pass)
  const history = await done(data.history(), pass)
  const timeline = history.timeline()
  timeline.get()
  await pass(5000)
  // Nothing came unasked, neither here nor in the page.
  expect(history.complete).toBe(false)
  expect(store.status().history.here).toBeLessThan(whole.commits.count)
  expect(timeline.count).toBe(whole.timeline().count)
  expect(timeline.slice(0, 1)).toMatchObject([{ known: 'index', items: [] }])
  await pass(1000)
  const first = timeline.slice(0, 1)[0]!
  expect(first).toMatchObject({ known: 'content', moment: undefined, items: [{ did: 'create', id: 'i0' }] })
  expect(() => history.at(first.at)).toThrow(expect.objectContaining({ code: 'history-missing' }))

  // One goes back as far as moments go, and on again.
  for (const title of ['a', 'b', 'c']) {
    tasks.update('i0', { title })
    await pass(1000)
  }
  const open = { history, actions: history.timeline() } as Open
  const newest = open.actions.slice(open.actions.count - 3, open.actions.count)
  expect(stepFrom(open, history.now(), -1)).toBe(newest[1]!.moment)
  expect(stepFrom(open, newest[0]!.moment!, 1)).toBe(newest[1]!.moment)
  expect(stepFrom(open, newest[0]!.moment!, 5)).toBe(newest[2]!.moment)
  expect(stepFrom(open, newest[0]!.moment!, -50)).toBe(history.begin)
  expect(momentAt(history, first.at)).toBe(history.begin)

  await done(history.load(), pass)
  expect(history.complete).toBe(true)
  expect(data.progress().get()).toEqual({ commits: history.commits.count, of: history.commits.count })
  const early = whole.timeline().slice(20, 21)[0]!.moment!
  const [schema] = data.schemas
  expect(history.get(schema!, 'i0', early)).toEqual(whole.get(schema!, 'i0', early))
  // And goes on.
  old.tasks.update('i0', { title: 'the last' })
  await pass(25_000)
  expect(rowsOf(data)).toEqual(old.tasks.query({ orderBy: '$id' }).get())
})

test('of a long history the panel begins from a keyframe, though the page has all; the rest comes by itself', async () => {
  const { world, old } = await begin(50, 9000)
  const pass = (ms = 50): Promise<void> => world.settle(ms)
  const looking = look(announce(old.store as AppStore, { load, keyframeFrom: 20 }))
  looking.join()
  const data = await copied(looking.panel, () => world.settle(1))
  const { history: status } = data.status()
  expect(rowsOf(data)).toEqual(old.tasks.query({ orderBy: '$id' }).get())
  expect(status).toMatchObject({ state: 'verifying' })
  expect(status.here).toBeLessThan(30)
  const history = await done(data.history(), pass)
  // What is written meanwhile is there before the past is.
  old.tasks.update('i0', { title: 'meanwhile' })
  await pass(400)
  expect(rowsOf(data)).toEqual(old.tasks.query({ orderBy: '$id' }).get())
  await pass(5000)
  expect(history.complete).toBe(true)
  expect(data.status().history).toMatchObject({ state: 'complete' })
  expect(data.progress().get()).toEqual({ commits: history.commits.count, of: history.commits.count })
  const whole = await done(old.store.history(), pass)
  expect(history.timeline().count).toBe(whole.timeline().count)
  const early = whole.timeline().slice(20, 21)[0]!.moment!
  expect(history.get(data.schemas[0]!, 'i0', early)).toEqual(whole.get(looking.store.schemas[0]!, 'i0', early))
})

test('what the keyframe has already counts once, before and after the rest has come', async () => {
  const { world, old } = await begin(50, 9000)
  const pass = (ms = 50): Promise<void> => world.settle(ms)
  const add = (votes: number): unknown => old.tasks.update('i0', (draft) => draft.votes.increment(votes))
  for (const votes of [5, 3]) {
    add(votes)
    await pass(400)
  }
  const { votes } = old.tasks.get('i0')!
  const looking = look(announce(old.store as AppStore, { load, keyframeFrom: 20 }))
  looking.join()
  const data = await copied(looking.panel, () => world.settle(1))
  const history = await done(data.history(), () => world.settle(1))
  const timeline = history.timeline()
  const newest = (): unknown => timeline.slice(timeline.count - 1, timeline.count)
  const now = (): unknown => history.get(data.schemas[0]!, 'i0', history.now())
  expect(history.complete).toBe(false)
  expect(now()).toMatchObject({ votes })
  expect(newest()).toMatchObject([{ known: 'content', moment: history.begin, items: [{ id: 'i0' }] }])
  add(100)
  await pass(400)
  expect(now()).toMatchObject({ votes: votes + 100 })
  await pass(10_000)
  expect(history.complete).toBe(true)
  expect(now()).toMatchObject({ votes: votes + 100 })
  const [before] = timeline.slice(timeline.count - 2, timeline.count - 1)
  expect(before).toMatchObject({ known: 'whole' })
  expect(before!.changes()).toMatchObject([{ did: 'count', from: votes - 3, to: votes }])
})

test('a page that gets its past while a panel looks gives it on by itself', async () => {
  const { world, old } = await begin()
  const pass = (ms = 50): Promise<void> => world.settle(ms)
  const { lie } = world
  world.lie = (message) => (message.type === 'history' ? undefined : message)
  const { store } = await world.client()
  const looking = look(announce(store as AppStore, { load }))
  looking.join()
  const data = await copied(looking.panel, pass)
  const history = await done(data.history(), pass)
  await pass(5000)
  expect(looking.panel.repositories.get()).toMatchObject([{ whole: false }])
  expect(history.complete).toBe(false)
  world.lie = lie
  await pass(60_000)
  expect(looking.panel.repositories.get()).toMatchObject([{ whole: true }])
  expect(history.complete).toBe(true)
  const whole = await done(old.store.history(), pass)
  expect(history.timeline().count).toBe(whole.timeline().count)
})

test('what the page cannot read of its past is named in the panel, which shows the rest', async () => {
  const { world, old, server } = await begin()
  const pass = (ms = 50): Promise<void> => world.settle(ms)
  const looking = look(announce(old.store as AppStore, { load, keyframeFrom: 20 }))
  const { storage } = looking.store.slots.get(looking.store.repository)!.opened!.journal
  const { readCommits } = storage
  const bad = server.graph.idAt(9)
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  storage.readCommits = (ids, each) =>
    readCommits.call(
      storage,
      [...ids].filter((id) => id !== bad),
      each,
    )
  looking.join()
  const data = await copied(looking.panel, pass)
  const history = await done(data.history(), pass)
  await pass(10_000)
  expect(rowsOf(data)).toEqual(old.tasks.query({ orderBy: '$id' }).get())
  expect(data.status().history).toMatchObject({ state: 'damaged', firstBad: bad })
  expect(data.status().history.here).toBe(server.graph.size - 10)
  await expect(done(history.load(), pass)).rejects.toMatchObject({ code: 'history-damaged' })
  expect(said).toHaveBeenCalledWith(expect.stringContaining(bad), expect.objectContaining({ code: 'history-damaged' }))
  said.mockRestore()
  // It can be read again.
  storage.readCommits = readCommits
  await done(history.load(), pass)
  expect(history.complete).toBe(true)
})

test('a tab that follows another has its history too: what is not with it comes from the one that leads', async () => {
  const browser = new Browser()
  const pass = (ms = 50): Promise<void> => browser.pass(ms)
  const leader = await browser.open()
  for (let i = 0; i < 30; i++) {
    leader.write(`${i}`)
    await pass(400)
  }
  const follower = await browser.open()
  await pass(3000)
  const looking = look(announce(follower.store, { load }))
  expect(looking.store.slots.get(looking.store.repository)!.opened!.journal.storage.kept).toEqual([])
  looking.join()
  const data = await copied(looking.panel, pass)
  expect(rowsOf(data)).toHaveLength(30)
  const history = await done(data.history(), pass)
  expect(history.timeline().count).toBe(30)
  expect(history.timeline().slice(3, 4)[0]!.changes()).toMatchObject([{ did: 'create' }, { field: 'title', to: '3' }])
  leader.write('from the one that leads')
  await pass(3000)
  expect(history.timeline().count).toBe(31)
})

test('a page that begins from a keyframe while a panel looks gives the panel one; where it masks it gives all commits, masked', async () => {
  const { world, old } = await begin()
  const pass = (ms = 50): Promise<void> => world.settle(ms)
  for (const redact of [undefined, () => '•••']) {
    world.away = true
    const { store } = await world.client()
    const looking = look(announce(store as AppStore, redact ? { load, redact } : { load }))
    looking.join()
    const data = await copied(looking.panel, pass)
    expect(rowsOf(data)).toEqual([])
    world.away = false
    await pass(120_000)
    const rows = rowsOf(data) as readonly { title: string }[]
    expect(rows).toHaveLength(old.tasks.query().get().length)
    expect(new Set(rows.map(({ title }) => title))).toEqual(
      new Set(
        redact
          ? ['•••']
          : old.tasks
              .query()
              .get()
              .map(({ title }) => title),
      ),
    )
    const history = await done(data.history(), pass)
    await done(history.load(), pass)
    const whole = await done(old.store.history(), pass)
    expect(history.timeline().count).toBe(whole.timeline().count)
    const gives = (text: string): boolean => looking.left.some((bytes) => Buffer.from(bytes).includes(text))
    if (redact) expect(gives('t48')).toBe(false)
  }
})
