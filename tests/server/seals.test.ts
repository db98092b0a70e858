import { expect, test } from 'vitest'
import { type CommitId } from '../../src/ids.js'
import { unsealed } from '../../src/repository/admission.js'
import { MAX_HEADS, MAX_UNSEALED } from '../../src/server/seal-keeper.js'
import { MAIN, RawClient } from './raw-client.js'
import { titles, World } from './world.js'

async function begin() {
  const world = await new World().start()
  const client = await RawClient.connect(world)
  const { journal } = await world.server.repository(MAIN)
  const seals = (): CommitId[] => {
    const found: CommitId[] = []
    for (let n = 0; n < journal.graph.size; n++) {
      const { kind, id } = journal.graph.at(n)
      if (kind === 'seal') found.push(id)
    }
    return found
  }
  return { world, client, journal, seals }
}

test('more than eight heads are joined by a seal', async () => {
  const { world, client, journal, seals } = await begin()
  for (let i = 0; i < MAX_HEADS; i++) await client.push([await client.commit(`${i}`)])
  expect(journal.graph.heads()).toHaveLength(MAX_HEADS)
  expect(seals()).toHaveLength(0)
  await client.push([await client.commit('last')])
  await world.settle(1)
  expect(journal.graph.heads()).toEqual(seals())
  expect(seals()).toEqual([journal.fates.lastSeal])
})

test('64 commits are sealed without waiting for quiet', async () => {
  const { world, client, journal, seals } = await begin()
  let parents: CommitId[] = []
  for (let i = 0; i < MAX_UNSEALED; i++) {
    expect(seals()).toHaveLength(0)
    const commit = await client.commit(`${i}`, { parents, time: world.time.now() + i })
    await client.push([commit])
    parents = [commit.id]
  }
  await world.settle(1)
  expect(seals()).toHaveLength(1)
  expect(unsealed(journal)).toBe(0)
})

test('after some quiet what is there is sealed, once', async () => {
  const { world, client, seals } = await begin()
  await client.push([await client.commit('one')])
  await world.settle(9000)
  await client.push([await client.commit('two')])
  await world.settle(9000)
  expect(seals()).toHaveLength(0)
  await world.settle(21_000)
  expect(seals()).toHaveLength(1)
  await world.settle(60_000)
  expect(seals()).toHaveLength(1)
})

test('what a server could not seal before it ended, its successor seals; closing seals at once', async () => {
  const { world, client } = await begin()
  await client.push([await client.commit('one')])
  await world.start()
  const { journal } = await world.server.repository(MAIN)
  expect(journal.fates.lastSeal).toBeUndefined()
  await world.settle(21_000)
  expect(journal.fates.lastSeal).toBeDefined()
  const again = await RawClient.connect(world)
  await again.push([await again.commit('two')])
  expect(unsealed(journal)).toBe(1)
  await world.server.settle()
  expect(unsealed(journal)).toBe(0)
  await world.server.close()
  await world.start()
  expect(unsealed((await world.server.repository(MAIN)).journal)).toBe(0)
})

test('seals are pushed to clients like any commit', async () => {
  const world = await new World().start()
  const [a, b] = [await world.client(), await world.client()]
  a.tasks.create({ title: 'one' })
  await world.settle(30_000)
  const sent: number[] = []
  const { journal } = await world.server.repository(MAIN)
  b.tasks.create({ title: 'two' })
  journal.onAdmitted.subscribe((ids) => sent.push(ids.length))
  await world.settle(1000)
  // The new commit descends from the seal, so its author had it.
  expect(journal.graph.get(journal.graph.heads()[0]!)!.parents).toEqual([
    journal.graph.numberOf(journal.fates.lastSeal!),
  ])
  expect(sent).toEqual([1])
  expect(titles(a)).toEqual(['one', 'two'])
})

test('I-10: a checkpoint holds everything, so that a long log is not read again', async () => {
  const world = await new World().start()
  const client = await world.client()
  for (let i = 0; i < 20; i++) {
    client.tasks.create({ title: `${i}` })
    await world.settle(400)
  }
  await world.server.settle()
  await world.server.close()
  const log = await world.storage.openLog(MAIN)
  const keyframe = (await log.newestKeyframe())!
  let after = 0
  await log.replay(() => after++, keyframe.covers)
  expect(after).toBe(0)
  await world.restart(undefined, [client])
  const late = await world.client()
  await world.settle(3000)
  expect(titles(late)).toHaveLength(20)
  client.tasks.create({ title: 'more' })
  await world.settle(3000)
  expect(titles(late)).toHaveLength(21)
})
