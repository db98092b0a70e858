import { expect, test } from 'vitest'
import { openReplay } from '../../src/testing.js'
import type { History, Moment, Timeline, TimelineEntry } from '../../src/index.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import { begin, journalOf, passing, type SmallWorld } from './small-world.js'
import { type Client, Task } from './world.js'

const ALL = { limit: 1000, joins: true } as const

/** The history of a client, and of one that has everything. */
async function open(
  { store }: Client,
  whole: Client,
  world: SmallWorld,
): Promise<{ history: History; reference: History }> {
  const opening = [store.history(), whole.store.history()] as const
  const [history, reference] = await Promise.all(opening.map((each) => passing(world, each)))
  return { history: history!, reference: reference! }
}

/** What of an entry does not depend on how much is here. */
function said({ known, at, by, session, standing, kind, commit, label, id, items }: TimelineEntry): unknown {
  const content = known === 'index' ? {} : { id, at, label, items, commit }
  return { kind, by, session, standing, of: commit!.slice(0, 16), ...content }
}

/** Each entry says what the same one of a whole timeline says, as far as it says anything. */
function expectTrue(timeline: Timeline, reference: Timeline): void {
  const entries = timeline.get()
  const truth = reference.get()
  expect(entries).toHaveLength(truth.length)
  expect(timeline.count).toBe(reference.count)
  for (const [i, entry] of entries.entries()) {
    const { id, at, label, items, commit, ...rest } = said(truth[i]!) as Record<string, unknown>
    const content = entry.known === 'index' ? {} : { id, at, label, items, commit }
    expect(said(entry)).toEqual({ ...rest, ...content })
    if (entry.known === 'whole') {
      expect(entry.moment).toBe(truth[i]!.moment)
      expect(entry.changes()).toEqual(truth[i]!.changes())
    } else {
      expect(entry.moment).toBeUndefined()
      expect(entry.changes()).toEqual([])
    }
  }
}

const depths = (timeline: Timeline): string[] => [...new Set(timeline.get().map(({ known }) => known))].sort()
const codeOf = (call: () => unknown): string | undefined => {
  try {
    call()
    return undefined
  } catch (error) {
    return (error as { code: string }).code
  }
}

test('an index makes all of it browsable before it is here; what is looked at fills in, and then it is whole', async () => {
  const { world, old, server } = await begin(80)
  const young = await world.client({ history: 'on-demand' })
  for (const title of ['newer', 'newest']) {
    old.tasks.update('i0', { title })
    await world.settle(25_000)
  }
  const { history, reference } = await open(young, old, world)
  expect(history.complete).toBe(false)
  expect(world.count('history')).toBe(0)
  const timeline = history.timeline({ ...ALL, joins: false })
  const truth = reference.timeline({ ...ALL, joins: false })
  let told = 0
  timeline.subscribe(() => told++)
  expect(timeline.get().length).toBeLessThan(10)
  while (timeline.get().length < truth.get().length) await world.settle(1)
  expect(depths(timeline)).toEqual(['index', 'whole'])
  expect(timeline.get().at(-1)).toMatchObject({ known: 'index', items: [], outline: { items: 1 } })
  expectTrue(timeline, truth)
  const before = told
  await world.settle(100)
  expect(told).toBeGreaterThan(before)
  expect(depths(timeline)).toEqual(['content', 'whole'])
  expectTrue(timeline, truth)
  const times = history.commits.olderTimes()
  const below = server.graph.size - history.commits.count
  expect(below).toBeGreaterThan(50)
  expect([...times]).toEqual(Array.from({ length: below }, (_, i) => reference.commits.at(i).at))
  // Looked at, and still not taken.
  expect(journalOf(young).boundary!.size).toBe(0)
  const captured = history.now()
  const past = history.checkout(captured)
  const shown = past.collection(Task).query().get()

  await passing(world, history.load())
  expect(history.complete).toBe(true)
  expect(history.begin).toBe('start')
  expect(depths(timeline)).toEqual(['whole'])
  expectTrue(timeline, truth)
  expect(timeline.get().map(({ key }) => key)).toEqual(truth.get().map(({ key }) => key))
  expect(history.timeline(ALL).count).toBe(reference.timeline(ALL).count)
  expect(past.collection(Task).query().get()).toEqual(shown)
  expect(past.moment).toBe(captured)
  expect(history.commits.count).toBe(server.graph.size)
  expect(history.commits.olderTimes()).toHaveLength(0)
  expect(times).toHaveLength(below)
})

test('it is filtered by what an index knows, and by the rest as that comes', async () => {
  const { world, old } = await begin(80)
  const young = await world.client({ history: 'on-demand' })
  const { history, reference } = await open(young, old, world)
  const all = history.timeline({ limit: 1000 })
  while (all.get().length < 80) await world.settle(1)
  const compare = (filter: Parameters<History['timeline']>[0]): boolean => {
    const given = history.timeline({ limit: 1000, ...filter }).get()
    const truth = reference.timeline({ limit: 1000, ...filter }).get()
    const names = given.map(({ commit }) => commit!.slice(0, 16))
    return names.join() === truth.map(({ commit }) => commit!.slice(0, 16)).join()
  }
  const times = reference
    .timeline({ limit: 1000 })
    .get()
    .map(({ at }) => at)
  expect(compare({ item: 'i3' })).toBe(true)
  expect(compare({ schema: Task, item: 'i3' })).toBe(true)
  expect(compare({ item: 'nobody' })).toBe(true)
  expect(compare({ session: journalOf(old).repository.session })).toBe(true)
  expect(compare({ session: 'f'.repeat(32) })).toBe(true)
  expect(compare({ since: times[60]!, until: times[20]! })).toBe(true)
  expect(compare({ until: history.begin })).toBe(true)
  expect(compare({ since: history.begin })).toBe(true)
  expect(history.timeline({ joins: true }).count).toBe(reference.timeline({ joins: true }).count)
  // What only the content says is found when that is here.
  expect(compare({ field: 'votes' })).toBe(false)
  while (all.get().some(({ known }) => known === 'index')) await world.settle(1)
  for (const filter of [{ field: 'votes' }, { text: 't33' }, { schema: Task }, { item: 'i3', field: 'tags' }]) {
    expect(compare(filter)).toBe(true)
  }
  // By its place among all, the oldest first.
  expect(all.slice(0, 3).map(said)).toEqual(reference.timeline({ limit: 1000 }).slice(0, 3).map(said))
  const oldest = all.slice(0, 1)[0]!
  expect(history.entry(oldest.id)).toBe(oldest)
})

test('who shows a part of it far back is told when that fills in', async () => {
  const { world } = await begin(80)
  const young = await world.client({ history: 'on-demand' })
  const history = await passing(world, young.store.history())
  const timeline = history.timeline({ limit: 1 })
  let told = 0
  timeline.subscribe(() => told++)
  while (timeline.count < 80) await world.settle(1)
  await world.settle(100)
  expect(timeline.slice(0, 3).map(({ known }) => known)).toEqual(['index', 'index', 'index'])
  const before = told
  await world.settle(100)
  expect(told).toBe(before + 1)
  expect(timeline.slice(0, 4).map(({ known }) => known)).toEqual(['content', 'content', 'content', 'index'])
})

test('what comes in the background appears by itself, and nothing that is shown becomes another', async () => {
  const { world, old, server } = await begin(80, 9000)
  // The first answer is lost, so that there is something to see.
  let answers = 0
  world.lie = (message) => (message.type === 'history' && answers++ === 0 ? undefined : message)
  const young = await world.client()
  const { history, reference } = await open(young, old, world)
  expect(history.complete).toBe(false)
  const timeline = history.timeline({ limit: 1000 })
  const truth = reference.timeline({ limit: 1000 })
  const past = history.checkout(history.begin)
  const items = past.collection(Task).query({ orderBy: 'title' })
  const shown = items.get()
  const film = history.playback({ by: 'actions' })
  expect(film.moment).toBe(history.begin)
  const { length } = film
  expect(past.step(-1)).toBe(false)
  const states = new Set<string>()
  const stop = timeline.subscribe(() => {
    states.add(
      timeline
        .get()
        .map(({ known }) => known[0])
        .join(''),
    )
    expect(items.get()).toEqual(shown)
  })
  for (let turn = 0; turn < 4000 && !history.complete; turn++) {
    await world.settle(20)
    const entries = timeline.get()
    if (entries.length === truth.get().length) expectTrue(timeline, truth)
  }
  expect(history.complete).toBe(true)
  expect(states.size).toBeGreaterThan(2)
  expectTrue(timeline, truth)
  expect(items.get()).toEqual(shown)
  expect(film.length).toBe(truth.count)
  expect(film.length).toBeGreaterThan(length)
  expect(history.commits.count).toBe(server.graph.size)
  // And it follows what comes then.
  old.tasks.update('i0', { title: 'later' })
  await world.settle(25_000)
  expectTrue(timeline, truth)
  stop()
  expect(past.step(-1)).toBe(true)
})

test('what needs a past that is not here says so, and how it comes', async () => {
  const { world, old } = await begin(80)
  const young = await world.client({ history: 'on-demand' })
  const { history, reference } = await open(young, old, world)
  const first = reference.timeline({ limit: 1000 }).get().at(-1)!
  const early = first.moment!
  const { title } = old.tasks.get('i0')!
  for (const call of [
    () => history.checkout('start' as Moment),
    () => history.checkout(early),
    () => history.get(Task, 'i0', early),
    () => history.diff(early),
    () => history.blame(Task, 'i0', { at: early }),
    () => history.moment(early),
    () => history.at(first.at),
    () => history.after(first.id),
    () => history.revert(first.id),
    () => history.revertTo(early),
    () => history.playback({ from: early }),
  ]) {
    expect(codeOf(call)).toBe('history-missing')
  }
  expect(history.get(Task, 'i0', history.begin)).toMatchObject({ title })
  expect(history.blame(Task, 'i0').title).toMatchObject({ action: undefined, at: first.at })
  expect(history.place(history.begin).position).toBe(0)
  await passing(world, history.load())
  expect(history.get(Task, 'i0', early)).toEqual(reference.get(Task, 'i0', early))
  expect(history.blame(Task, 'i0').title).toEqual(reference.blame(Task, 'i0').title)
  expect(history.diff(early).length).toBe(reference.diff(early).length)
})

test('without a connection it begins where this device did, and goes on when there is one', async () => {
  const { world, old } = await begin(80)
  const storage = createMemoryStorage()
  const young = await world.client({ storage, history: 'on-demand' })
  await young.store.close()
  world.away = true
  const again = await world.client({ storage, history: 'on-demand' })
  const { history, reference } = await open(again, old, world)
  expect(history.complete).toBe(false)
  const timeline = history.timeline({ limit: 1000 })
  const stop = timeline.subscribe(() => {})
  const few = timeline.get().length
  await world.settle(10_000)
  expect(timeline.get().length).toBe(few)
  await expect(passing(world, history.load())).rejects.toMatchObject({ code: 'unreachable' })
  const { commits } = await passing(world, openReplay(await passing(world, again.store.record()))).then((replay) => ({
    commits: replay.history.complete,
  }))
  expect(commits).toBe(false)
  world.away = false
  await world.settle(60_000)
  expect(timeline.get().length).toBe(reference.timeline({ limit: 1000 }).count)
  expect(depths(timeline)).toEqual(['content'])
  await passing(world, history.load())
  expectTrue(timeline, reference.timeline({ limit: 1000 }))
  stop()
})

test('a history that was looked at before this device met anybody is followed by that of what it met', async () => {
  const { world, old } = await begin(80)
  world.away = true
  const young = await world.client({ history: 'on-demand' })
  young.tasks.create({ title: 'mine' }, { id: 'mine' })
  const history = await passing(world, young.store.history())
  expect(history.timeline().count).toBe(1)
  let told = 0
  history.timeline().subscribe(() => told++)
  world.away = false
  await world.settle(60_000)
  expect(old.tasks.get('mine')?.title).toBe('mine')
  expect(history.closed).toBe(true)
  expect(told).toBeGreaterThan(0)
  const next = await passing(world, young.store.history())
  expect(next.complete).toBe(false)
  expect(next.checkout(next.now()).collection(Task).query().count).toBe(young.tasks.query().count)
  await passing(world, next.load())
  const reference = await passing(world, old.store.history())
  expectTrue(next.timeline({ limit: 1000 }), reference.timeline({ limit: 1000 }))
})
