import { expect, test } from 'vitest'
import { createNode, Task, type TestNode } from '../../tests/repository/node.js'
import { IbexError } from '../errors.js'
import { sha256 } from '../crypto/sha256.js'
import { type Commit, decodeCommit } from '../graph/commit.js'
import { type CommitId, requireItemId } from '../ids.js'
import { createMemoryStorage } from '../storage/memory.js'
import type { Log } from '../storage/port.js'
import { VirtualTime } from '../testing/virtual-time.js'
import { admit } from './admission.js'
import { openLog } from './opening.js'
import { encodeRecords } from './records.js'

const STRANGER = { trusted: false, session: undefined }

/** A log that takes nothing while `fails` says so. */
function failing(log: Log, fails: (attempt: number) => boolean): Log {
  let attempt = 0
  return {
    ...log,
    append: (payload) =>
      fails(attempt++) ? Promise.reject(new IbexError('storage', 'The disk failed once.')) : log.append(payload),
  }
}

async function give(from: TestNode, to: TestNode, judge?: Parameters<typeof admit>[3]): Promise<void> {
  const { graph } = from.journal
  for (let n = 0; n < graph.size; n++) to.sessions.addKey(from.sessions.get(graph.at(n).session)!.publicKey)
  const batch = []
  for (let n = 0; n < graph.size; n++) batch.push(decodeCommit(await from.journal.bytesOf(graph.idAt(n)), sha256))
  await (
    await admit(to.journal, batch, STRANGER, judge)
  ).stored
}

test('I-15: what could not be stored is stored later, also where what came after it was', async () => {
  const storage = createMemoryStorage()
  const log = await storage.openLog('r')
  const { journal, create, time } = createNode({ log: failing(log, (attempt) => attempt === 0) })
  const first = create('a', 'first')
  await time.pass(400)
  expect(journal.storage.error?.code).toBe('storage')
  create('b', 'second')
  await time.pass(10_000)
  expect(journal.storage.error).toBeUndefined()
  await journal.flush()
  await first.wait('local')
  const again = createNode({ seed: 1 })
  await openLog(again.journal, await storage.openLog('r'))
  expect([again.title('a'), again.title('b')]).toEqual(['first', 'second'])
})

test('I-11: what the authority refused stays refused, also where the refusal could not be stored at first', async () => {
  for (let broken = 0; broken < 2; broken++) {
    const storage = createMemoryStorage()
    const time = new VirtualTime()
    const log = failing(await storage.openLog('r'), (attempt) => attempt === broken)
    const server = createNode({ authority: 'self', log, time })
    const client = createNode({ authority: 'remote', seed: 2, time })
    client.create('x', 'forbidden')
    await time.pass(0)
    const judge = {
      checkTime: () => {},
      judge: ({ id }: Commit) => ({ id, code: 'forbidden' as const, message: 'no' }),
    }
    await give(client, server, judge)
    await time.pass(10_000)
    const again = createNode({ authority: 'self' })
    await openLog(again.journal, await storage.openLog('r'))
    expect(again.journal.fates.voids()).toEqual(client.journal.graph.heads())
    expect(again.title('x')).toBeUndefined()
  }
})

test('flush() ends although more comes all the time', async () => {
  const time = new VirtualTime()
  const memory = await createMemoryStorage().openLog('r')
  const slow: Log = {
    ...memory,
    append: async (payload) => {
      await new Promise<void>((resolve) => time.after(10, resolve))
      return memory.append(payload)
    },
  }
  const here = createNode({ time, log: slow })
  const there = createNode({ time, seed: 2 })
  let going = true
  const busy = async (): Promise<void> => {
    for (let i = 0; going; i++) {
      there.create(`i${i}`, '')
      await there.journal.flush()
      const { graph } = there.journal
      here.sessions.addKey(there.sessions.get(graph.at(0).session)!.publicKey)
      await admit(
        here.journal,
        [decodeCommit(await there.journal.bytesOf(graph.idAt(graph.size - 1)), sha256)],
        STRANGER,
      )
      await new Promise<void>((resolve) => time.after(4, resolve))
    }
  }
  void busy()
  here.create('mine', '')
  let flushed = false
  void here.journal.flush().then(() => (flushed = true))
  await time.pass(500)
  going = false
  expect(flushed).toBe(true)
  await time.pass(100)
})

test('who waits for the server is told when nothing is followed any more', async () => {
  const { journal, create, time } = createNode({ authority: 'remote', log: await createMemoryStorage().openLog('r') })
  const window = create('a', '')
  await time.pass(0)
  const answer = window.wait('server')
  answer.catch(() => {})
  await journal.close()
  await expect(answer).rejects.toMatchObject({ code: 'store-closed' })
  await window.wait('local')
})

test('a listener that throws does not keep a change from becoming a commit', async () => {
  const { journal, repository, create, time } = createNode()
  repository.table(Task).subscribe(requireItemId('a'), () => {
    throw new Error('a listener of the app')
  })
  expect(() => create('a', '')).toThrow('a listener of the app')
  await time.pass(1000)
  expect(journal.graph.size).toBe(1)
})

test('a label that no commit could hold is refused at once, and nothing is lost', async () => {
  const { journal, repository, create, time, title } = createNode()
  create('a', 'before')
  for (const label of ['\ud800', 'x'.repeat(300_000), 7 as never]) {
    expect(() => repository.transact(() => create('b', ''), label)).toThrow('label')
  }
  expect(title('b')).toBeUndefined()
  for (let i = 0; i < 600; i++) repository.transact(() => create(`i${i}`, ''), 'ä'.repeat(1024))
  await journal.flush()
  expect(journal.graph.size).toBeGreaterThan(10)
  expect(journal.pendingActions).toBe(0)
  await time.pass(0)
})

test('many commits are read back in the order of the log; those in memory follow, and what is not here is told', async () => {
  const storage = createMemoryStorage()
  const log = await storage.openLog('r')
  const { journal, create } = createNode({ log })
  for (let i = 0; i < 4; i++) {
    create(`i${i}`, `t${i}`)
    await journal.flush()
  }
  const { graph } = journal
  // Two commits in one record, as an earlier release may have written them; and one record that is damaged.
  const ids = Array.from({ length: 4 }, (_, n) => graph.idAt(n))
  const bytes = await Promise.all(ids.map((id) => journal.storage.bytesOf(id)))
  const both = await log.append(encodeRecords([0, 1].map((n) => ({ kind: 'commit', bytes: bytes[n]! }))))
  for (const n of [0, 1]) graph.setPosition(n, both)
  const damaged = graph.at(3).position
  journal.storage.log = {
    ...failing(log, () => true),
    readMany: (positions, each) =>
      log.readMany(positions, (payload, position) => each(position === damaged ? undefined : payload, position)),
  }
  create('unstored', '')
  await journal.flush().catch(() => {})
  const unstored = graph.idAt(4)
  const stranger = ids[0]!.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) as CommitId
  const found: CommitId[] = []
  const wanted = [unstored, ids[1]!, stranger, ids[3]!, ids[2]!, ids[0]!]
  const missing = await journal.storage.readCommits(wanted, async (commit) => {
    await Promise.resolve()
    expect(commit.bytes).toEqual(await journal.storage.bytesOf(commit.id))
    found.push(commit.id)
  })
  expect(found).toEqual([ids[2], ids[1], ids[0], unstored])
  expect(missing).toEqual([stranger, ids[3]])
})
