import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decodeCommit } from '../../src/graph/commit.js'
import { encodeKeyframe } from '../../src/history/keyframe.js'
import { type ItemId, toHex } from '../../src/ids.js'
import { exportStore, importStore } from '../../src/inspect/backup.js'
import type { Journal } from '../../src/repository/journal.js'
import { decodeRecords, type LogRecord } from '../../src/repository/records.js'
import type { AppStore } from '../../src/store/store.js'
import { readBlobs } from '../../src/sync/batch.js'
import { type Brief, markOf } from '../../src/sync/briefs.js'
import { fflateCompression } from '../../src/sync/deflate.js'
import { decodeGift, encodeGift } from '../../src/sync/parts.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import type { Position } from '../../src/storage/port.js'
import { ByteWriter } from '../../src/value/bytes.js'
import { MAIN } from './raw-client.js'
import { begin, journalOf, openedOf, passing, type SmallWorld } from './small-world.js'
import { type Client, titles } from './world.js'

/** What is accepted, in few letters. */
function stateOf({ repository, options }: Journal): string {
  return toHex(options.crypto.sha256(encodeKeyframe(repository.state)))
}

function expectSame(client: Client, server: Journal): void {
  const journal = journalOf(client)
  expect(journal.graph.heads()).toEqual(server.graph.heads())
  expect(stateOf(journal)).toBe(stateOf(server))
}

test('a client that holds nothing begins from the keyframe, and gets only what came after it', async () => {
  const { world, old, server } = await begin()
  const young = await world.client({ history: 'on-demand' })
  expect(titles(young)).toEqual(titles(old))
  expect(young.store.status().complete).toBe(true)
  expectSame(young, server)
  expect(world.count('keyframe')).toBe(1)
  expect(journalOf(young).graph.size).toBeLessThan(20)
  expect(journalOf(young).boundary!.frontier).toHaveLength(1)
  // And both go on as any other.
  young.tasks.update('i0', { title: 'from the young' })
  old.tasks.update('i3', { title: 'from the old' })
  await world.settle(25_000)
  expectSame(young, server)
  expectSame(old, server)
  expect(young.store.status().pending).toBe(0)
})

test('it opens again without the server, and asks for nothing twice', async () => {
  const { world, server } = await begin()
  const storage = createMemoryStorage()
  const young = await world.client({ storage })
  await young.store.close()
  world.away = true
  const again = await world.client({ storage })
  expect(again.store.isReady()).toBe(true)
  expectSame(again, server)
  world.away = false
  await world.settle(60_000)
  expect(again.store.status().connection).toBe('online')
  expect(world.count('keyframe')).toBe(0)
  expectSame(again, server)
})

test('what was written before the first contact is kept, and sent', async () => {
  const { world, old, server } = await begin()
  world.away = true
  const storage = createMemoryStorage()
  const young = await world.client({ storage })
  young.tasks.create({ title: 'mine' }, { id: 'mine' })
  await world.settle(1000)
  world.away = false
  await world.settle(60_000)
  expect(world.count('keyframe')).toBe(1)
  expect(titles(old)).toContain('mine')
  expect(titles(young)).toEqual(titles(old))
  expectSame(young, server)
  expect(young.store.status().pending).toBe(0)
  // One that has lost its log and not its key gets everything anew: what it wrote could be in the keyframe.
  await young.store.close()
  const lost = createMemoryStorage()
  for (const key of ['key', 'authority', 'certificate']) await lost.put(key, await storage.get(key))
  const again = await world.client({ storage: lost })
  expect(world.sent.filter(({ type }) => type === 'keyframe')).toMatchObject([{ at: [] }])
  expect(journalOf(again).boundary === undefined).toBe(true)
  expectSame(again, server)
})

test('a keyframe that is not what its seal names is not taken, which somebody hears; all commits are', async () => {
  const { world, server } = await begin()
  const errors: unknown[] = []
  const { error } = console
  console.error = (...args: unknown[]) => errors.push(args)
  for (const [lie, code] of [
    [(keyframe: Uint8Array) => (keyframe[keyframe.length - 1]! ^= 1), 'bad-hash'],
    [(_: Uint8Array, seal: Uint8Array) => (seal[seal.length - 1]! ^= 1), 'bad-signature'],
    [(keyframe: Uint8Array) => keyframe.fill(0), 'newer-version'],
  ] as const) {
    world.lie = (message) => {
      if (message.type !== 'keyframe') return message
      const payload =
        message.inflated > 0 ? fflateCompression.inflate(message.payload, message.inflated) : message.payload
      const gift = decodeGift(payload as Uint8Array)
      const seal = message.commits[0]!.slice()
      lie(gift.keyframe, seal)
      const bytes = encodeGift(gift)
      return { ...message, inflated: 0, payload: bytes, commits: [seal], hash: server.options.crypto.sha256(bytes) }
    }
    const young = await world.client()
    expect(journalOf(young).boundary === undefined).toBe(true)
    expectSame(young, server)
    expect(young.store.status().problems).toMatchObject([{ kind: 'history' }])
    expect(errors.splice(0)).toMatchObject([[expect.any(String), { code }]])
    await young.store.close()
  }
  console.error = error
})

test('an older server, which does not know what a keyframe is, gives all commits', async () => {
  const { world, server } = await begin()
  world.lie = (message) =>
    message.type === 'keyframe' ? { type: 'error', code: 'protocol', message: 'Unknown message 14.' } : message
  const young = await world.client()
  expect(journalOf(young).boundary === undefined).toBe(true)
  expectSame(young, server)
})

test('a connection that breaks in between costs nothing but time', async () => {
  const { world, server } = await begin()
  let broken = 0
  const lines: Client['lines'] = []
  world.lie = (message) => {
    if (message.type !== 'keyframe' || broken++ > 2) return message
    lines.at(-1)?.sever()
    return undefined
  }
  const dial = world.dial.bind(world)
  world.dial = (mine, headers) => {
    const transport = dial(mine, headers)
    lines.push(mine!.at(-1)!)
    return transport
  }
  const young = await world.client({ history: 'on-demand' })
  await world.settle(60_000)
  expect(broken).toBeGreaterThan(3)
  expectSame(young, server)
  expect(journalOf(young).boundary === undefined).toBe(false)
})

test('an answer that is lost is asked for again', async () => {
  const { world, server } = await begin()
  let lost = 0
  world.lie = (message) => (message.type === 'keyframe' && lost++ < 2 ? undefined : message)
  const young = await world.client({ history: 'on-demand' })
  await world.settle(60_000)
  expectSame(young, server)
  expect(journalOf(young).boundary === undefined).toBe(false)
})

/** Everything is here: the graph, each commit's bytes, and what became of each. */
async function expectWhole(client: Client, server: Journal): Promise<void> {
  expectSame(client, server)
  const { graph, fates, storage, boundary } = journalOf(client)
  expect(boundary).toBeUndefined()
  expect(graph.size).toBe(server.graph.size)
  for (let n = 0; n < graph.size; n++) {
    const id = graph.idAt(n)
    expect(fates.of(id)).toBe(server.fates.of(id))
    expect(graph.at(n).position).toBeGreaterThan(0)
    expect(toHex(await storage.bytesOf(id))).toBe(toHex(await server.bytesOf(id)))
  }
}

test('what is below comes in the background, is checked, and stays', async () => {
  const { world, server } = await begin(80)
  const storage = createMemoryStorage()
  const young = await world.client({ storage })
  const first = young.store.status().history
  expect(first).toMatchObject({ total: server.graph.size, firstBad: undefined })
  expect(first.here).toBeLessThan(first.total)
  await world.settle(5000)
  await expectWhole(young, server)
  const { size: total } = server.graph
  const complete = { state: 'complete', here: total, verified: total, total, firstBad: undefined }
  expect(young.store.status().history).toEqual(complete)
  await young.store.close()
  world.away = true
  const again = await world.client({ storage })
  await expectWhole(again, server)
  expect(again.store.status().history).toEqual(complete)
})

test('on demand nothing comes that nobody has asked for; then all of it', async () => {
  const { world, server } = await begin(80)
  const storage = createMemoryStorage()
  const young = await world.client({ storage, history: 'on-demand' })
  await world.settle(60_000)
  expect(world.count('history')).toBe(0)
  expect(young.store.status().history).toMatchObject({
    state: 'partial',
    total: server.graph.size,
    firstBad: undefined,
  })
  expect(journalOf(young).graph.size).toBeLessThan(10)
  // One that is below, by its name alone.
  const id = server.graph.idAt(3)
  const bytes = await passing(world, journalOf(young).storage.bytesOf(id))
  expect(toHex(bytes)).toBe(toHex(await server.bytesOf(id)))
  const descent = await openedOf(young).descent()
  await passing(world, descent.complete())
  await expectWhole(young, server)
})

test('a server that lost everything is told so by who has only the newest, and is filled by who has all', async () => {
  const { world, old } = await begin(80)
  const young = await world.client({ history: 'on-demand' })
  const before = titles(old)
  const errors: unknown[] = []
  const { error } = console
  console.error = (...args: unknown[]) => errors.push(args)
  old.store.setOffline(true)
  world.storage = createMemoryStorage()
  await world.restart(undefined, [young])
  young.tasks.create({ title: 'meanwhile' }, { id: 'meanwhile' })
  await world.settle(60_000)
  console.error = error
  expect(errors).toMatchObject([[expect.any(String), { code: 'history-missing' }]])
  expect(young.store.status()).toMatchObject({ pending: 1, problems: [{ kind: 'history' }] })
  expect((await world.server.repository(MAIN)).journal.graph.size).toBe(0)
  expect(world.said.some((line) => line.includes('history-missing'))).toBe(true)
  old.store.setOffline(false)
  await world.settle(120_000)
  expect(titles(old)).toEqual([...before, 'meanwhile'].sort())
  expect(titles(young)).toEqual(titles(old))
  expect(young.store.status()).toMatchObject({ pending: 0, problems: [] })
  expectSame(young, (await world.server.repository(MAIN)).journal)
})

test('an index says of each commit that is not here what it is, in few bytes; what is looked at is loaded', async () => {
  const { world, server, old } = await begin(80)
  const young = await world.client({ history: 'on-demand' })
  const descent = await openedOf(young).descent()
  const briefs: Brief[] = []
  const collect = async (): Promise<void> => {
    for await (const some of descent.briefs()) briefs.push(...some)
  }
  await passing(world, collect())
  const { graph, options } = server
  const above = journalOf(young).graph.size
  expect(briefs.map(({ prefix }) => prefix)).toEqual(
    Array.from({ length: graph.size - above }, (_, i) => graph.idAt(graph.size - above - 1 - i).slice(0, 16)),
  )
  const bytes = world.sent.filter((message) => message.type === 'history').map((message) => message.payload.length)
  expect(bytes[0]! / briefs.length).toBeLessThan(24)
  expect(bytes).toHaveLength(1)
  // By its id an item is recognised, and by its session who wrote.
  const mark = markOf('i3' as ItemId)
  const found = briefs.filter(({ marks }) => marks.includes(mark))
  expect(found.length).toBe(3)
  expect(found.every(({ session }) => session === journalOf(old).repository.session)).toBe(true)
  const loaded = await passing(world, descent.load(found.map(({ prefix }) => prefix)))
  for (const [i, { id, header, bytes: whole }] of loaded.entries()) {
    expect(found[i]).toEqual({
      prefix: id.slice(0, 16),
      time: header.time,
      kind: 'change',
      session: header.session,
      size: whole.length,
      actions: 1,
      items: 1,
      marks: [mark],
    })
    expect(toHex(whole)).toBe(toHex(await server.bytesOf(id)))
    expect(decodeCommit(whole, options.crypto.sha256).id).toBe(id)
  }
  expect(loaded).toHaveLength(3)
  // Nothing else has come.
  expect(journalOf(young).boundary!.size).toBe(0)
})

test('an export holds all of it, and is taken in by one that began from a keyframe without counting twice', async () => {
  const { world, old, server } = await begin(80)
  const young = await world.client({ history: 'on-demand' })
  const bytes = await passing(world, exportStore(young.store as AppStore))
  expect(journalOf(young).graph.size).toBe(server.graph.size)
  const other = await world.client({ history: 'on-demand' })
  expect(await passing(world, importStore(other.store as AppStore, bytes))).toEqual({ commits: 0, refused: 0 })
  expectSame(other, server)
  expect(other.tasks.get('i3')!.votes).toBe(old.tasks.get('i3')!.votes)
})

test('I-15: what has come is not asked for again after a restart, and the rest comes', async () => {
  const { world, server } = await begin(80, 9000)
  const storage = createMemoryStorage()
  let given = 0
  world.lie = (message) => (message.type === 'history' && given++ > 0 ? undefined : message)
  const young = await world.client({ storage })
  await world.settle(1000)
  const { here, total, state } = young.store.status().history
  expect(state).toBe('verifying')
  expect(here).toBeGreaterThan(30)
  expect(here).toBeLessThan(total)
  await young.store.close()
  world.lie = (message) => message
  const again = await world.client({ storage })
  expect(world.count('keyframe')).toBe(0)
  await world.settle(5000)
  await expectWhole(again, server)
  expect(again.store.status().history).toMatchObject({ state: 'complete', total })
})

describe('one altered byte in an old commit is named, and nothing else is lost by it', () => {
  const errors: unknown[][] = []
  const { error } = console
  beforeEach(() => {
    errors.length = 0
    console.error = (...args: unknown[]) => errors.push(args)
  })
  afterEach(() => {
    console.error = error
  })

  /** Where a byte of the commit lies in what is stored: in its body, behind its header. */
  const inBody = (commit: Uint8Array): number => commit.length - 64 - 20
  const inHeader = (): number => 40
  const inSignature = (commit: Uint8Array): number => commit.length - 5

  /** A server whose log gives an altered commit from now on, and a client that comes then. */
  async function alter(
    where: (commit: Uint8Array) => number,
  ): Promise<{ young: Client; bad: string; world: SmallWorld; server: Journal }> {
    const { world, server } = await begin(80)
    const bad = server.graph.idAt(9)
    const position = server.graph.at(9).position
    const log = server.storage.log!
    const { read, readMany } = log
    const alterAt = (at: Position, payload: Uint8Array): Uint8Array => {
      if (at !== position) return payload
      // One record a frame, of which the commit is the last.
      const altered = payload.slice()
      const record = decodeRecords(altered).find(({ kind }) => kind === 'commit')
      const { bytes } = record as Extract<LogRecord, { kind: 'commit' }>
      bytes[where(bytes)]! ^= 1
      return altered
    }
    log.read = async (at) => alterAt(at, await read(at))
    log.readMany = (positions, each) => readMany(positions, (payload, at) => each(payload && alterAt(at, payload), at))
    const young = await world.client()
    await world.settle(30_000)
    return { young, bad, world, server }
  }

  test.each([
    ['in its body', inBody],
    ['in its header', inHeader],
  ])('%s: the server cannot read it any more, and says so', async (_, where) => {
    const { young, bad, server } = await alter(where)
    expectSame(young, server)
    expect(young.store.status().history).toMatchObject({ state: 'damaged', firstBad: bad })
    expect(young.store.status().history.here).toBe(server.graph.size - 10)
    expect(young.store.status().problems).toMatchObject([{ kind: 'history', message: expect.stringContaining(bad) }])
    expect(errors).toEqual([[expect.stringContaining(bad), expect.objectContaining({ code: 'history-damaged' })]])
  })

  test('in its signature, which no hash covers', async () => {
    const { young, bad, server } = await alter(inSignature)
    expectSame(young, server)
    expect(journalOf(young).graph.size).toBe(server.graph.size)
    expect(young.store.status().history).toMatchObject({ state: 'damaged', firstBad: bad })
    expect(errors).toEqual([[expect.stringContaining(bad), expect.objectContaining({ code: 'history-damaged' })]])
  })

  test.each([
    ['body', inBody],
    ['header', inHeader],
  ])('a server that gives another %s than there is, is not believed', async (_, where) => {
    const { world, server } = await begin(80)
    const bad = server.graph.idAt(9)
    const true9 = await server.bytesOf(bad)
    let lies = true
    world.lie = (message) => {
      if (message.type !== 'history' || !lies) return message
      const payload =
        message.inflated > 0 ? fflateCompression.inflate(message.payload, message.inflated) : message.payload
      const writer = new ByteWriter()
      for (const bytes of readBlobs(payload as Uint8Array)) {
        if (toHex(bytes) === toHex(true9)) bytes[where(bytes)]! ^= 1
        writer.bytes(bytes)
      }
      return { ...message, inflated: 0, payload: writer.finish() }
    }
    const young = await world.client()
    await world.settle(10_000)
    expect(young.store.status().history).toMatchObject({ state: 'damaged', firstBad: bad })
    expect(journalOf(young).boundary!.isHere(bad as never)).toBe(false)
    expect(errors).toHaveLength(1)
    expectSame(young, server)
    // When another, or the same, gives what holds, all is well again.
    lies = false
    young.lines.at(-1)!.sever()
    await world.settle(30_000)
    await expectWhole(young, server)
    expect(young.store.status().history.state).toBe('complete')
  })
})
