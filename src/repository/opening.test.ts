import { expect, test } from 'vitest'
import { createNode, type TestNode } from '../../tests/repository/node.js'
import { sha256 } from '../crypto/sha256.js'
import { decodeCommit } from '../graph/commit.js'
import { createMemoryStorage } from '../storage/memory.js'
import type { Log } from '../storage/port.js'
import { VirtualTime } from '../testing/virtual-time.js'
import { admit } from './admission.js'
import { writeCheckpoint } from './checkpoint.js'
import { seal } from './judge.js'
import { openLog } from './opening.js'
import { mergeLog } from './takeover.js'

const storageOf = async (): Promise<Log> => createMemoryStorage().openLog('r')

test('a refusal that was dealt with after a checkpoint does not come back', async () => {
  const storage = createMemoryStorage()
  const { journal, create, time } = createNode({ authority: 'remote', log: await storage.openLog('r') })
  create('a', 'x')
  await time.pass(0)
  const [commit] = journal.graph.heads()
  journal.verdicts.doom({ id: commit!, code: 'forbidden', message: 'no' })
  await journal.flush()
  await writeCheckpoint(journal)
  journal.verdicts.settle(commit!)
  await journal.flush()
  const again = createNode({ authority: 'remote' })
  await openLog(again.journal, await storage.openLog('r'))
  expect(again.journal.verdicts.refusals.size).toBe(0)
  expect(again.journal.fates.voids()).toEqual([commit])
})

test('a commit that the disk does not give back keeps nothing else from being opened', async () => {
  const storage = createMemoryStorage()
  const { journal, create } = createNode({ authority: 'remote', log: await storage.openLog('r') })
  create('a', 'lost')
  await journal.flush()
  create('b', 'kept')
  await journal.flush()
  await writeCheckpoint(journal)
  const log = await storage.openLog('r')
  const lost = journal.graph.at(0).position
  const again = createNode({ authority: 'remote' })
  const { problems } = await openLog(again.journal, {
    ...log,
    readMany: (positions, each) =>
      log.readMany(positions, (payload, position) => each(position === lost ? undefined : payload, position)),
  })
  expect(problems).toHaveLength(1)
  expect([again.title('a'), again.title('b')]).toEqual([undefined, 'kept'])
})

test('a checkpoint of another release is passed over', async () => {
  const storage = createMemoryStorage()
  const { journal, create } = createNode({ log: await storage.openLog('r') })
  create('a', 'x')
  await journal.flush()
  const log = await storage.openLog('r')
  const again = createNode()
  const other = { name: 'x', bytes: new Uint8Array([99, 1, 2]), covers: 10 ** 9 }
  await openLog(again.journal, { ...log, newestKeyframe: () => Promise.resolve(other) })
  expect(again.title('a')).toBe('x')
})

test('a checkpoint that makes no sense is passed over, said to be, and leaves nothing behind', async () => {
  const storage = createMemoryStorage()
  const { journal, create } = createNode({ log: await storage.openLog('r') })
  for (let i = 0; i < 10; i++) {
    create(`i${i}`, `t${i}`)
    await journal.flush()
  }
  await writeCheckpoint(journal)
  const log = await storage.openLog('r')
  const { name, bytes, covers } = (await log.newestKeyframe())!
  for (let length = 1; length < bytes.length; length += 7) {
    const again = createNode()
    const cut = { name, bytes: bytes.slice(0, length), covers }
    const { problems } = await openLog(again.journal, { ...log, newestKeyframe: () => Promise.resolve(cut) })
    expect(problems).toEqual(['A checkpoint made no sense; the log was read instead.'])
    expect(again.journal.graph.heads()).toEqual(journal.graph.heads())
    expect(again.title('i9')).toBe('t9')
  }
})

test('a long log is opened in pieces, and nobody sees a part of what is in it', async () => {
  const storage = createMemoryStorage()
  const { journal, create } = createNode({ log: await storage.openLog('r') })
  for (let i = 0; i < 30; i++) {
    create(`i${i}`, `t${i}`)
    await journal.flush()
  }
  // A machine on which every look at the clock takes a millisecond.
  const time = new VirtualTime()
  let now = time.now()
  const again = createNode({ time: Object.assign(time, { now: () => now++ }) })
  let opened = false
  const opening = openLog(again.journal, await storage.openLog('r')).then(() => (opened = true))
  const seen: number[] = []
  const look = (): void => {
    if (opened) return
    seen.push(again.repository.state.count('task'))
    time.after(0, look)
  }
  look()
  await time.pass(1)
  await opening
  expect(seen.length).toBeGreaterThan(5)
  expect(new Set(seen)).toEqual(new Set([0]))
  expect(again.repository.state.count('task')).toBe(30)
})

test('I-5: commits that lie in a log before their parents keep them', async () => {
  for (const authority of ['none', 'self', 'remote'] as const) {
    const source = createNode({ log: await storageOf() })
    source.create('a', '1')
    await source.journal.flush()
    source.setTitle('a', '2')
    await source.journal.flush()
    const frames: Uint8Array[] = []
    await source.journal.storage.log!.replay((payload) => frames.push(payload.slice()))
    const log = await storageOf()
    for (const frame of frames.reverse()) await log.append(frame)
    const again = createNode({ authority })
    await openLog(again.journal, log)
    expect(again.journal.graph.heads()).toEqual(source.journal.graph.heads())
    expect(again.title('a')).toBe('2')
  }
})

test('I-10: who takes a log over obeys the seals that lie in it', async () => {
  const time = new VirtualTime()
  const server = createNode({ authority: 'self', seed: 9, time })
  const log = await storageOf()
  const leader = createNode({ authority: 'remote', time, log })
  const follower = createNode({ authority: 'remote', time, seed: 1, follows: true })
  for (const { sessions } of [leader, follower]) sessions.pinAuthority(server.sessions.authorityKey!)
  leader.create('a', 'kept')
  await leader.journal.flush()
  leader.create('b', 'refused')
  await leader.journal.flush()
  const give = async (from: TestNode, to: TestNode): Promise<void> => {
    const batch = []
    for (let n = 0; n < from.journal.graph.size; n++) {
      to.sessions.addKey(from.sessions.get(from.journal.graph.at(n).session)!.publicKey)
      batch.push(decodeCommit(await from.journal.bytesOf(from.journal.graph.idAt(n)), sha256))
    }
    await (
      await admit(to.journal, batch, { trusted: true, session: undefined })
    ).stored
  }
  await give(leader, server)
  server.journal.fates.unsealedVoids.add(leader.journal.graph.heads()[0]!)
  const sealed = seal(server.journal)
  await give(server, leader)
  await leader.journal.flush()
  await mergeLog(follower.journal, log)
  expect(follower.journal.fates.lastSeal).toBe(sealed)
  expect(follower.journal.fates.voids()).toEqual(leader.journal.fates.voids())
  expect(follower.journal.fates.of(sealed!)).toBe('accepted')
  expect([follower.title('a'), follower.title('b')]).toEqual(['kept', undefined])
})
