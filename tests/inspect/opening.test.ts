/** How a panel opens a long history: on a keyframe, and the rest comes meanwhile. */
import { expect, test } from 'vitest'
import { announce } from '../../src/inspect/announce.js'
import { settle } from '../../src/testing/test-store.js'
import type { AppStore } from '../../src/store/store.js'
import { begin } from '../server/small-world.js'
import { Browser } from '../store/browser.js'
import { copied, createLookedAt, done, load, look, type Looking, rowsOf } from './looking.js'

const ITEMS = 50
const EDITS = 2200

/** Longer than what is copied at once. */
async function writeMuch({ tasks }: Looking): Promise<void> {
  for (let i = 0; i < ITEMS; i++) tasks.create({ title: `task ${i}` }, { id: `t-${i}` })
  for (let i = 0; i < EDITS; i++) {
    tasks.update(`t-${i % ITEMS}`, { title: `edit ${i}`, notes: { n: `${i}`.padStart(60, '.') } })
    await settle(400)
  }
}

test('a long history opens on a keyframe; until the rest is here it can be looked through, and then all of it is shown', async () => {
  const looking = createLookedAt()
  await writeMuch(looking)
  const { panel, tasks, store, join, left } = looking
  const history = await done(store.history())
  join()
  const data = await copied(panel, settle)
  const bytes = left.reduce((sum, each) => sum + each.length, 0)
  expect(bytes).toBeLessThan(store.slots.get(store.repository)!.opened!.journal.graph.size * 40)
  expect(rowsOf(data)).toEqual(tasks.query({ orderBy: '$id' }).get())

  const copy = await done(data.history())
  await settle(60_000)
  await done(copy.load())
  expect(data.progress().get()).toEqual({ commits: history.commits.count, of: history.commits.count })
  expect(copy.complete).toBe(true)
  expect(copy.timeline().count).toBe(history.timeline().count)
  const early = history.timeline().slice(700, 701)[0]!.moment!
  const [schema] = data.schemas
  expect(copy.get(schema!, 't-3', early)).toEqual(history.get(schema!, 't-3', early))

  // And goes on.
  tasks.update('t-1', { title: 'the last' })
  await settle()
  expect(rowsOf(data)).toEqual(tasks.query({ orderBy: '$id' }).get())
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
