import { expect, test } from 'vitest'
import { decodeCommit } from '../../src/graph/commit.js'
import { foldAccepted } from '../../src/history/fold.js'
import { encodeItems, hashKeyframe } from '../../src/history/keyframe.js'
import { RepositoryState, visibleItems } from '../../src/history/state.js'
import type { CommitId } from '../../src/ids.js'
import type { HostedRepository } from '../../src/server/hosted-repository.js'
import { MAIN, RawClient } from './raw-client.js'
import { World } from './world.js'

const RHYTHM = { commits: 12, bytes: 2 ** 30, worthwhile: 10, idleMs: 5000 }

async function begin(rhythm = RHYTHM) {
  const world = new World()
  world.rhythm = rhythm
  await world.start()
  const client = await RawClient.connect(world)
  let parents: CommitId[] = []
  const write = async (count: number): Promise<void> => {
    for (; count > 0; count--) {
      const commit = await client.commit(`${count}`, { parents, id: `t-${count % 7}-${parents[0] ?? ''}`.slice(0, 30) })
      await client.push([commit])
      parents = [commit.id]
      await world.settle(1)
    }
  }
  return { world, write, hosted: await world.server.repository(MAIN) }
}

/** What a seal covers, folded from its commits alone. */
async function foldBelow({ journal }: HostedRepository, seal: CommitId): Promise<RepositoryState> {
  const state = new RepositoryState()
  for (let n = 0; n < journal.graph.numberOf(seal); n++) {
    const id = journal.graph.idAt(n)
    if (journal.fates.of(id) !== 'accepted') continue
    foldAccepted(state, decodeCommit(await journal.storage.bytesOf(id), journal.options.crypto.sha256))
  }
  return state
}

test('a checkpoint after enough commits takes a keyframe, whose hash its seal names', async () => {
  const { world, write, hosted } = await begin()
  const { crypto } = hosted.journal.options
  await write(8)
  await world.settle(1000)
  expect(hosted.keyframe).toBeUndefined()
  await write(5)
  await world.settle(1000)
  const { seal, read } = hosted.keyframe!
  const bytes = (await read())!
  const { header } = decodeCommit(await hosted.journal.storage.bytesOf(seal), crypto.sha256)
  expect(header.seal!.keyframe).toEqual(hashKeyframe(bytes, crypto.sha256))
  expect(header.seal!.count).toBe(hosted.journal.graph.numberOf(seal))
  expect(bytes).toEqual(encodeItems(visibleItems(await foldBelow(hosted, seal))))
})

test('when nothing comes for a while, one is taken of less', async () => {
  const { world, write, hosted } = await begin()
  await write(10)
  expect(hosted.keyframe).toBeUndefined()
  await world.settle(RHYTHM.idleMs + 1000)
  const first = hosted.keyframe!.seal
  await write(3)
  await world.settle(60_000)
  expect(hosted.keyframe!.seal).toBe(first)
})

test('it outlives the server, and the next one takes its place', async () => {
  const { world, write, hosted } = await begin()
  await write(15)
  await world.settle(1000)
  const { seal, read } = hosted.keyframe!
  const bytes = await read()
  await world.restart()
  const again = await world.server.repository(MAIN)
  expect(again.keyframe!.seal).toBe(seal)
  expect(await again.keyframe!.read()).toEqual(bytes)
  const later = await RawClient.connect(world)
  for (let i = 0; i < 15; i++) await later.push([await later.commit(`later ${i}`, { id: `l-${i}` })])
  await world.settle(1000)
  expect(again.keyframe!.seal).not.toBe(seal)
  expect(await again.keyframe!.read()).not.toEqual(bytes)
  expect(await read()).toBeUndefined()
})

test('one whose seal is not in the log any more is not offered', async () => {
  const { world, write, hosted } = await begin()
  await write(15)
  await world.settle(1000)
  expect(hosted.keyframe).toBeDefined()
  const { openLog, ...storage } = world.storage
  world.storage = { ...storage, openLog: (name) => openLog(`restored ${name}`) }
  await world.restart()
  expect((await world.server.repository(MAIN)).keyframe).toBeUndefined()
})
