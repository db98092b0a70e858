import { expect, test } from 'vitest'
import { type CommitId, commitIdOf } from '../../src/ids.js'
import { decodeCommit } from '../../src/graph/commit.js'
import { seal } from '../../src/repository/judge.js'
import { MAIN, RawClient } from './raw-client.js'
import { titles, World } from './world.js'

function someIds(count: number): CommitId[] {
  return Array.from({ length: count }, (_, i) => {
    const bytes = new Uint8Array(32)
    new DataView(bytes.buffer).setUint32(0, i * 97)
    return commitIdOf(bytes)
  })
}

test('I-11: more refusals than one seal can list are listed by several', async () => {
  const world = await new World().start()
  const client = await world.client()
  client.tasks.create({ title: 'one' })
  await world.settle()
  const { journal } = await world.server.repository(MAIN)
  const refused = someIds(10_000)
  for (const id of refused) journal.fates.unsealedVoids.add(id)
  seal(journal)
  expect(journal.fates.unsealedVoids.size).toBe(0)
  await journal.flush()
  const listed = new Set<string>()
  for (const id of journal.fates.seals) {
    const { header } = decodeCommit(await journal.storage.bytesOf(id), world.crypto.sha256)
    for (const voided of header.seal!.void) listed.add(voided)
  }
  expect([...listed].sort()).toEqual([...refused].sort())
})

test('I-14: who knows no seal can connect however much was refused', async () => {
  const world = await new World().start()
  const client = await world.client()
  client.tasks.create({ title: 'one' })
  await world.settle()
  const { journal } = await world.server.repository(MAIN)
  journal.fates.voids = () => someIds(40_000)
  client.lines.at(-1)!.sever()
  await world.settle(5000)
  client.tasks.create({ title: 'two' })
  await world.settle(5000)
  expect(client.store.status()).toMatchObject({ connection: 'online', pending: 0 })
  expect(titles(client)).toEqual(['one', 'two'])
  expect(client.lines).toHaveLength(2)
})

test('I-14: what one connection makes the server hold is bounded, however many repositories it names', async () => {
  const world = await new World().start()
  const flooder = await RawClient.connect(world)
  const [parent] = someIds(1)
  let held = 0
  for (let n = 0; n < 20 && !flooder.closed; n++) {
    const repository = `/data/r${n}`
    for (let frame = 0; frame < 4; frame++) {
      const commits = []
      for (let i = 0; i < 4; i++) {
        commits.push(await flooder.commit('x'.repeat(240_000), { repository, id: `i${frame}${i}`, parents: [parent!] }))
      }
      await flooder.push(commits, { repository })
    }
    held = n + 1
  }
  expect(flooder.closed).toBe('limit')
  expect(held).toBeGreaterThan(14)
})
