import { expect, test } from 'vitest'
import { decodeCommit } from '../graph/commit.js'
import { sha256 } from '../crypto/sha256.js'
import { createMemoryStorage } from '../storage/memory.js'
import { VirtualTime } from '../testing/virtual-time.js'
import { admit } from './admission.js'
import { writeCheckpoint } from './checkpoint.js'
import { createNode, type TestNode } from '../../tests/repository/node.js'
import { openLog } from './opening.js'

const TRUSTED = { trusted: false, session: undefined }

/** Every commit of `from` that `to` lacks. */
async function pull(from: TestNode, to: TestNode): Promise<void> {
  const { graph } = from.journal
  for (let n = 0; n < graph.size; n++) {
    const known = from.sessions.get(graph.at(n).session)!
    to.sessions.addKey(known.publicKey)
  }
  const batch = []
  for (let n = 0; n < graph.size; n++) batch.push(decodeCommit(await from.journal.bytesOf(graph.idAt(n)), sha256))
  const { turned, stored } = await admit(to.journal, batch, TRUSTED)
  expect(turned).toEqual([])
  await stored
}

test('I-2: the first change after quiet is committed at once, the next at least 333 ms later', async () => {
  const { journal, time, create, setTitle } = createNode()
  const times: number[] = []
  journal.onAdmitted.subscribe(() => times.push(time.now()))
  const start = time.now()
  create('a', '')
  await time.pass(0)
  expect(times).toEqual([start])
  for (let key = 0; key < 300; key++) {
    setTitle('a', `${key}`)
    await time.pass(10)
  }
  await time.pass(1000)
  expect(times.length).toBeGreaterThan(8)
  for (let i = 1; i < times.length; i++) expect(times[i]! - times[i - 1]!).toBeGreaterThanOrEqual(333)
  await time.pass(5000)
  const before = time.now()
  setTitle('a', 'isolated')
  await time.pass(0)
  expect(times.at(-1)).toBe(before)
})

test('I-2: a clock that is set back does not stop commits', async () => {
  const { journal, time, create } = createNode()
  create('a', '')
  await time.pass(0)
  Object.defineProperty(time, 'now', { value: () => 1000 })
  create('b', '')
  await time.pass(400)
  expect(journal.graph.size).toBe(2)
})

test('flush() commits at once and resolves when it is durable', async () => {
  const storage = createMemoryStorage()
  const log = await storage.openLog('r')
  const { journal, create } = createNode({ log })
  create('a', '1')
  const flushed = journal.flush()
  create('b', '2')
  await flushed
  await journal.flush()
  expect(log.size().frames).toBe(2)
  expect(journal.pendingActions).toBe(0)
})

test('I-5: parents are all heads that were folded, and the time is greater than theirs', async () => {
  const time = new VirtualTime()
  const a = createNode({ time, seed: 1 })
  const b = createNode({ time, seed: 2 })
  a.create('x', 'a')
  b.create('y', 'b')
  await time.pass(500)
  await pull(b, a)
  const heads = a.journal.graph.heads()
  expect(heads).toHaveLength(2)
  Object.defineProperty(time, 'now', { value: () => 5 })
  a.create('z', 'late')
  await a.journal.flush()
  const newest = a.journal.graph.at(2)
  expect(newest.parents.map((n) => a.journal.graph.idAt(n))).toEqual(heads)
  for (const n of newest.parents) expect(newest.time.ms).toBeGreaterThanOrEqual(a.journal.graph.at(n).time.ms)
})

test('I-5: with more than 32 heads, a join comes first', async () => {
  const time = new VirtualTime()
  const a = createNode({ time, seed: 1 })
  for (let seed = 2; seed < 42; seed++) {
    const other = createNode({ time, seed })
    other.create(`i${seed}`, 'x')
    await other.journal.flush()
    await pull(other, a)
  }
  expect(a.journal.graph.heads()).toHaveLength(40)
  a.create('mine', 'x')
  await a.journal.flush()
  expect(a.journal.graph.heads()).toHaveLength(1)
  const kinds = Array.from({ length: a.journal.graph.size }, (_, n) => a.journal.graph.at(n).kind)
  expect(kinds.filter((kind) => kind === 'join')).toHaveLength(1)
})

test('two nodes that exchange everything show the same', async () => {
  const time = new VirtualTime()
  const a = createNode({ time, seed: 1 })
  const b = createNode({ time, seed: 2 })
  a.create('x', 'one')
  await a.journal.flush()
  await pull(a, b)
  a.setTitle('x', 'from a')
  b.setTitle('x', 'from b')
  await Promise.all([a.journal.flush(), b.journal.flush()])
  await pull(a, b)
  await pull(b, a)
  expect(a.title('x')).toBe(b.title('x'))
})

test('what was stored is there after opening, with and without a checkpoint', async () => {
  const storage = createMemoryStorage()
  const a = createNode({ log: await storage.openLog('r') })
  for (let i = 0; i < 50; i++) {
    a.create(`i${i}`, `t${i}`)
    await a.journal.flush()
  }
  const reopen = async (): Promise<TestNode> => {
    const node = createNode({ seed: 1 })
    const { problems } = await openLog(node.journal, await storage.openLog('r'))
    expect(problems).toEqual([])
    return node
  }
  const plain = await reopen()
  expect(plain.title('i49')).toBe('t49')
  await writeCheckpoint(plain.journal)
  plain.setTitle('i3', 'after')
  await plain.journal.flush()
  const again = await reopen()
  expect(again.title('i3')).toBe('after')
  expect(again.title('i48')).toBe('t48')
  expect(again.journal.graph.size).toBe(51)
  expect(again.journal.graph.heads()).toEqual(plain.journal.graph.heads())
})

test('a commit for another repository, or with a byte changed, is not taken', async () => {
  const time = new VirtualTime()
  const a = createNode({ time, seed: 1 })
  const b = createNode({ time, seed: 2 })
  a.create('x', 'one')
  await a.journal.flush()
  const bytes = await a.journal.bytesOf(a.journal.graph.idAt(0))
  const commit = decodeCommit(bytes, sha256)
  const unknown = await admit(b.journal, [commit], TRUSTED)
  expect(unknown.turned).toMatchObject([{ code: 'unknown-session', retry: true }])
  b.sessions.addKey(a.sessions.get(commit.header.session)!.publicKey)
  const forged = decodeCommit(
    bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
    sha256,
  )
  const lie = await admit(b.journal, [forged], TRUSTED)
  expect(lie.turned).toMatchObject([{ code: 'bad-signature', retry: false }])
  expect(b.journal.graph.size).toBe(0)
  expect(b.repository.state.count('task')).toBe(0)
})

test('I-3: what another tab of this session made is given to nobody before it is durable', async () => {
  const tab = createNode()
  tab.create('a', '')
  await tab.time.pass(0)
  const [id] = tab.journal.graph.heads()
  const log = await createMemoryStorage().openLog('r')
  let store!: () => void
  const held = new Promise<void>((resolve) => (store = resolve))
  const leader = createNode({ log: { ...log, append: (payload) => held.then(() => log.append(payload)) } })
  const commit = decodeCommit(await tab.journal.bytesOf(id!), sha256)
  const { stored } = await admit(leader.journal, [commit], { trusted: true, session: undefined })
  let given = false
  const giving = leader.journal.bytesOf(id!).then(() => (given = true))
  await leader.time.pass(100)
  expect([leader.title('a'), given]).toEqual(['', false])
  store()
  await Promise.all([stored, giving])
})

test('I-11: a refused change is kept for inspection also where another tab has the log', async () => {
  const { journal, repository, create, title, time } = createNode({ authority: 'remote', follows: true })
  const window = create('x', 'one')
  await time.pass(0)
  journal.storage.forget([window.id!])
  const answer = window.wait('server').catch((error: unknown) => error)
  const told: string[] = []
  journal.verdicts.onVoid.subscribe(({ id }, session) => told.push(`${id} ${session}`))
  journal.verdicts.doom({ id: window.id!, code: 'forbidden', message: 'no' })
  expect(title('x')).toBeUndefined()
  expect(told).toEqual([`${window.id} ${repository.session}`])
  expect(journal.verdicts.refusals.get(window.id!)?.chunks).toMatchObject([
    { item: 'x', changes: [{ tag: 'create' }, { value: 'one' }] },
  ])
  expect(await answer).toMatchObject({ code: 'forbidden' })
})
