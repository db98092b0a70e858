import { expect, test } from 'vitest'
import { createNode, type TestNode } from '../../tests/repository/node.js'
import { sha256 } from '../crypto/sha256.js'
import { type Commit, decodeCommit } from '../graph/commit.js'
import { foldProvisional } from '../history/fold.js'
import { encodeKeyframe } from '../history/keyframe.js'
import { type CommitId, toHex } from '../ids.js'
import { createMemoryStorage } from '../storage/memory.js'
import type { Log, Storage } from '../storage/port.js'
import { VirtualTime } from '../testing/virtual-time.js'
import { admit } from './admission.js'
import { baseOf, begin, complete, isBlank, outline, sealWords, storeOlder } from './clone.js'
import { writeCheckpoint } from './checkpoint.js'
import { seal } from './judge.js'
import { openLog } from './opening.js'
import { pastRecord } from './past-records.js'
import { mergeLog } from './takeover.js'

/** A server with some past, a keyframe at a seal in the middle of it, and what came after. */
async function makeServer(): Promise<{ server: TestNode; at: Commit; keyframe: Uint8Array; commits: Commit[] }> {
  const time = new VirtualTime()
  const server = createNode({ authority: 'self', seed: 9, time, log: await createMemoryStorage().openLog('r') })
  const write = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n++) {
      if (n % 3 === 0) server.create(`i${n}`, `made ${n}`)
      else server.setTitle(`i${n - (n % 3)}`, `title ${n}`)
      await server.journal.flush()
      await time.pass(400)
      if (n % 5 === 0) seal(server.journal)
    }
  }
  await write(0, 12)
  const keyframe = encodeKeyframe(server.repository.state)
  const id = seal(server.journal, keyframe)!
  await write(12, 20)
  seal(server.journal)
  await server.journal.flush()
  const { graph, storage } = server.journal
  const commits: Commit[] = []
  for (let n = 0; n < graph.size; n++) commits.push(decodeCommit(await storage.bytesOf(graph.idAt(n)), sha256))
  return { server, at: commits.find((commit) => commit.id === id)!, keyframe, commits }
}

const world = await makeServer()
const { server, keyframe, commits } = world
const place = commits.indexOf(world.at)
/** What came after the keyframe, and what is below it. */
const after = commits.slice(place + 1)
const below = commits.slice(0, place)
const stateOf = ({ repository }: TestNode): string => toHex(encodeKeyframe(repository.state))
const state = stateOf(server)

async function makeClient(storage: Storage = createMemoryStorage()): Promise<TestNode> {
  const client = createNode({ authority: 'remote', log: await storage.openLog('r') })
  client.sessions.pinAuthority(server.sessions.authorityKey!)
  return client
}

async function take(client: TestNode, some: readonly Commit[]): Promise<void> {
  const { stored, turned } = await admit(client.journal, some, { trusted: true, session: undefined })
  expect(turned).toEqual([])
  await stored
}

async function reopened(storage: Storage): Promise<TestNode> {
  const client = createNode({ authority: 'remote' })
  client.sessions.pinAuthority(server.sessions.authorityKey!)
  const { problems } = await openLog(client.journal, await storage.openLog('r'))
  expect(problems).toEqual([])
  return client
}

/** Takes what is below, newest first, as it comes from others. */
async function fetchOlder({ journal }: TestNode, some: readonly Commit[]): Promise<void> {
  for (const commit of [...some].reverse()) journal.boundary!.add(outline(commit, -1))
  await storeOlder(journal, [...some].reverse(), new Set())
}

function expectSame(client: TestNode): void {
  const { graph, fates } = client.journal
  expect(graph.heads()).toEqual(server.journal.graph.heads())
  expect(stateOf(client)).toBe(state)
  for (let n = 0; n < graph.size; n++) expect(fates.of(graph.idAt(n))).toBe('accepted')
}

function expectWhole(client: TestNode): void {
  expectSame(client)
  const { graph, boundary, fates } = client.journal
  const whole = server.journal.graph
  expect(boundary).toBeUndefined()
  expect(graph.size).toBe(whole.size)
  expect(fates.seals).toEqual(server.journal.fates.seals)
  for (let n = 0; n < whole.size; n++) {
    const theirs = whole.at(n)
    const ours = graph.get(theirs.id)!
    const names = (parents: readonly number[], of: typeof graph): CommitId[] => parents.map((parent) => of.idAt(parent))
    expect(names(ours.parents, graph)).toEqual(names(theirs.parents, whole))
    expect([ours.time, ours.kind, ours.session]).toEqual([theirs.time, theirs.kind, theirs.session])
  }
}

test('a replica that begins from a keyframe has the state of one that has it all', async () => {
  const storage = createMemoryStorage()
  const client = await makeClient(storage)
  expect(isBlank(client.journal)).toBe(true)
  await begin(client.journal, [world.at], keyframe)
  expect(isBlank(client.journal)).toBe(false)
  expect(stateOf(client)).toBe(toHex(keyframe))
  expect([client.journal.graph.size, client.journal.fates.lastSeal]).toEqual([1, world.at.id])
  await take(client, after)
  expectSame(client)
  expect(client.journal.graph.size).toBe(1 + after.length)
  const again = await reopened(storage)
  expectSame(again)
  expect(again.journal.graph.size).toBe(1 + after.length)
  expect(again.journal.boundary!.edge.sort()).toEqual([...world.at.header.parents])
  expect(toHex(encodeKeyframe((await baseOf(again.journal))!))).toBe(toHex(keyframe))
  expect((await again.journal.storage.bytesOf(world.at.id)).slice()).toEqual(world.at.bytes)
})

test('what it has written before lies over the keyframe, and is not lost by it', async () => {
  const storage = createMemoryStorage()
  const client = await makeClient(storage)
  client.create('mine', 'own')
  client.create('i0', 'other')
  await client.journal.flush()
  client.create('later', 'pending')
  expect(isBlank(client.journal)).toBe(true)
  await begin(client.journal, [world.at], keyframe)
  expect([client.title('mine'), client.title('later'), client.title('i3')]).toEqual(['own', 'pending', 'title 5'])
  expect(stateOf(client)).toBe(toHex(keyframe))
  await client.journal.flush()
  expect(client.journal.pendingActions).toBe(3)
  const again = await reopened(storage)
  expect([again.title('mine'), again.title('later'), again.title('i3')]).toEqual(['own', 'pending', 'title 5'])
  expect(stateOf(again)).toBe(toHex(keyframe))
  expect(again.journal.pendingActions).toBe(3)
})

test('whoever has anything from others, or of which others have spoken, is not blank', async () => {
  const client = await makeClient()
  await take(client, commits.slice(0, 1))
  expect(isBlank(client.journal)).toBe(false)
  const refused = await makeClient()
  refused.create('a', 'x')
  await refused.journal.flush()
  refused.journal.verdicts.doom({ id: refused.journal.graph.heads()[0]!, code: 'forbidden', message: '' })
  expect(isBlank(refused.journal)).toBe(false)
  const alone = createNode({ authority: 'none' })
  expect(isBlank(alone.journal)).toBe(true)
  alone.create('a', 'x')
  await alone.journal.flush()
  expect(isBlank(alone.journal)).toBe(false)
})

test('I-15: a crash at any record while it begins leaves it blank, or begun', async () => {
  const storage = createMemoryStorage()
  const client = await makeClient(storage)
  client.create('mine', 'own')
  await client.journal.flush()
  await begin(client.journal, [world.at], keyframe)
  await take(client, after)
  await fetchOlder(client, below)
  const frames: Uint8Array[] = []
  await client.journal.storage.log!.replay((payload) => frames.push(payload.slice()))
  let begun = 0
  for (let length = 0; length <= frames.length; length++) {
    const cut = createMemoryStorage()
    const log = await cut.openLog('r')
    for (const frame of frames.slice(0, length)) await log.append(frame)
    const again = await reopened(cut)
    const { journal } = again
    if (journal.boundary === undefined && journal.graph.size < 3) {
      expect(isBlank(journal)).toBe(true)
      await begin(journal, [world.at], keyframe)
    } else begun++
    if (length > 0) expect(again.title('mine')).toBe('own')
    await take(again, after)
    expect(stateOf(again)).toBe(state)
    if (journal.boundary) {
      await fetchOlder(
        again,
        below.filter(({ id }) => !journal.boundary!.isHere(id)),
      )
      complete(journal, await sealWords(journal))
    }
    expect(journal.graph.size).toBe(commits.length + (length > 0 ? 1 : 0))
    const last = await reopened(cut)
    expect(stateOf(last)).toBe(state)
    expect(last.journal.graph.size).toBe(commits.length + (length > 0 ? 1 : 0))
  }
  expect(begun).toBeGreaterThan(below.length)
})

test('older commits come newest first, and the last of them makes it whole', async () => {
  const storage = createMemoryStorage()
  const client = await makeClient(storage)
  await begin(client.journal, [world.at], keyframe)
  await take(client, after)
  const { boundary } = client.journal
  expect(() => boundary!.add(outline(below[0]!, -1))).toThrow(expect.objectContaining({ code: 'bad-parents' }))
  await fetchOlder(client, below.slice(5))
  complete(client.journal, await sealWords(client.journal))
  expect(client.journal.boundary).toBe(boundary)
  // With a checkpoint between, and what comes after it.
  await writeCheckpoint(client.journal)
  const between = await reopened(storage)
  expectSame(between)
  expect(between.journal.boundary!.size).toBe(below.length - 5)
  await fetchOlder(between, below.slice(0, 5))
  complete(between.journal, await sealWords(between.journal))
  expectWhole(between)
  expect(between.journal.unchecked).toBe(below.length)
  for (const { id, bytes } of commits) expect((await between.journal.storage.bytesOf(id)).slice()).toEqual(bytes)
  const again = await reopened(storage)
  expectWhole(again)
  expect(again.journal.unchecked).toBe(below.length)
  again.journal.storage.record([pastRecord({ kind: 'checked', left: 4 })])
  await again.journal.flush()
  await writeCheckpoint(again.journal)
  const checked = await reopened(storage)
  expectWhole(checked)
  expect(checked.journal.unchecked).toBe(4)
  const { newestKeyframe: _, ...log } = await storage.openLog('r')
  const slow = createNode({ authority: 'remote' })
  slow.sessions.pinAuthority(server.sessions.authorityKey!)
  await openLog(slow.journal, { ...log, newestKeyframe: async () => undefined })
  expectWhole(slow)
  expect(slow.journal.unchecked).toBe(4)
})

test('where the keyframe was damaged, its commits are taken for what they are', async () => {
  const storage = createMemoryStorage()
  const client = await makeClient(storage)
  await begin(client.journal, [world.at], keyframe)
  await fetchOlder(client, below)
  const frames: Uint8Array[] = []
  await client.journal.storage.log!.replay((payload) => frames.push(payload.slice()))
  const cut = createMemoryStorage()
  const log = await cut.openLog('r')
  for (const frame of frames.slice(1)) await log.append(frame)
  const again = await reopened(cut)
  expect(again.journal.boundary).toBeUndefined()
  expect(again.journal.graph.heads()).toEqual([world.at.id])
  expect(stateOf(again)).toBe(toHex(keyframe))
})

test('a commit with a parent from below is taken in, and stays, when somebody has told where that lies', async () => {
  const storage = createMemoryStorage()
  const client = await makeClient(storage)
  await begin(client.journal, [world.at], keyframe)
  const late = createNode({ authority: 'none', seed: 31, time: server.time })
  late.journal.addToGraph(below[2]!, 'accepted')
  late.create('late', 'from long ago')
  await late.journal.flush()
  const [id] = late.journal.graph.heads()
  const commit = decodeCommit(await late.journal.storage.bytesOf(id!), sha256)
  client.sessions.addKey(late.sessions.get(late.repository.session)!.publicKey)
  const source = { trusted: true, session: undefined }
  expect((await admit(client.journal, [commit], source)).turned).toMatchObject([{ id, code: 'bad-parents' }])
  const parent = { id: below[2]!.id, time: below[2]!.header.time }
  client.journal.storage.record([client.journal.boundary!.tell(parent)])
  await take(client, [commit])
  expect(client.title('late')).toBe('from long ago')
  const again = await reopened(storage)
  expect(again.title('late')).toBe('from long ago')
  const edge = again.journal.boundary!.edge.sort()
  expect(edge).toContain(parent.id)
  await writeCheckpoint(again.journal)
  const quick = await reopened(storage)
  expect(quick.journal.boundary!.edge.sort()).toEqual(edge)
  await fetchOlder(quick, below)
  complete(quick.journal, await sealWords(quick.journal))
  const { graph } = quick.journal
  expect(graph.get(id!)!.parents.map((n) => graph.idAt(n))).toEqual([parent.id])
})

test('void commits below are void when they come', async () => {
  const time = new VirtualTime()
  const judge = createNode({ authority: 'self', seed: 9, time, log: await createMemoryStorage().openLog('r') })
  const author = createNode({ authority: 'none', seed: 12, time })
  judge.sessions.addKey(author.sessions.get(author.repository.session)!.publicKey)
  author.create('a', 'kept')
  await author.journal.flush()
  author.create('b', 'refused')
  await author.journal.flush()
  const [refused] = author.journal.graph.heads()
  const written: Commit[] = []
  for (const n of [0, 1]) {
    written.push(decodeCommit(await author.journal.bytesOf(author.journal.graph.idAt(n)), sha256))
  }
  const source = { trusted: false, session: author.repository.session }
  await admit(judge.journal, written, source, {
    checkTime: () => {},
    judge: (commit, chunks) => {
      if (commit.id === refused) return { id: commit.id, code: 'forbidden', message: 'no' }
      foldProvisional(judge.repository.state, commit, chunks)
      return undefined
    },
  })
  seal(judge.journal)
  const bytes = encodeKeyframe(judge.repository.state)
  const at = seal(judge.journal, bytes)!
  await judge.journal.flush()
  const given = async (id: CommitId): Promise<Commit> => decodeCommit(await judge.journal.bytesOf(id), sha256)
  const client = await makeClient()
  await begin(client.journal, [await given(at)], bytes)
  expect([client.title('a'), client.title('b')]).toEqual(['kept', undefined])
  const older: Commit[] = []
  for (let n = 0; n < judge.journal.graph.size - 1; n++) older.push(await given(judge.journal.graph.idAt(n)))
  await fetchOlder(client, older)
  complete(client.journal, await sealWords(client.journal))
  expect(client.journal.fates.voids()).toEqual([refused])
  expect([client.title('a'), client.title('b')]).toEqual(['kept', undefined])
})

test('who takes a log over after it began from another tab finds all the rest in it', async () => {
  for (const whole of [true, false]) {
    const storage = createMemoryStorage()
    const leader = await makeClient(storage)
    if (whole) await take(leader, commits)
    else {
      await begin(leader.journal, [world.at], keyframe)
      await take(leader, after)
    }
    const follower = createNode({ authority: 'remote', follows: true, process: 77, time: server.time })
    follower.sessions.pinAuthority(server.sessions.authorityKey!)
    const [head] = leader.journal.graph.heads()
    const at = decodeCommit(await leader.journal.storage.bytesOf(head!), sha256)
    await begin(follower.journal, [at], encodeKeyframe(leader.repository.state))
    follower.create('mine', 'unstored')
    await follower.journal.flush()
    leader.create('other', 'not told')
    await leader.journal.flush()
    const log: Log = await storage.openLog('r')
    await mergeLog(follower.journal, log)
    expect([follower.title('mine'), follower.title('other'), follower.title('i0')]).toEqual([
      'unstored',
      'not told',
      server.title('i0'),
    ])
    expect(stateOf(follower)).toBe(state)
    expect(follower.journal.boundary === undefined).toBe(whole)
    const size = commits.length - (whole ? 0 : below.length) + 2
    expect(follower.journal.graph.size).toBe(size)
    expect(follower.journal.boundary?.frontier).toEqual(whole ? undefined : [world.at.id])
    const again = await reopened(storage)
    expect(again.title('mine')).toBe('unstored')
    expect(stateOf(again)).toBe(state)
    expect(again.journal.graph.size).toBe(size)
    for (let n = 0; n < follower.journal.graph.size; n++)
      await follower.journal.storage.bytesOf(follower.journal.graph.idAt(n))
  }
})
