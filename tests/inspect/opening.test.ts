/** How a panel opens a long history: on a keyframe, and the rest comes meanwhile. */
import { expect, test } from 'vitest'
import { settle } from '../../src/testing/test-store.js'
import { copied, createLookedAt, done, type Looking, rowsOf } from './looking.js'

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
