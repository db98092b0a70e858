/** Masking: no byte of what is masked leaves the page, and everything else of the commit still holds. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskChange, maskCommit, mask } from '../../src/inspect/masks.js'
import { decodeCommit } from '../../src/graph/commit.js'
import { sha256 } from '../../src/crypto/sha256.js'
import { decodeChunk } from '../../src/item/change.js'
import { CHANNEL_STREAM, COPY_STREAM } from '../../src/inspect/channel.js'
import { encodeChannel } from '../../src/inspect/channel-codec.js'
import { createStreams } from '../../src/inspect/streams.js'
import { rule } from '../../src/repository/rules.js'
import { createLink } from '../../src/store/link.js'
import type { AppStore } from '../../src/store/store.js'
import { createTestStore, settle } from '../../src/testing/test-store.js'
import { createMemoryPair } from '../../src/transport/memory.js'
import { World } from '../server/world.js'
import { copied, createClient, createLookedAt, rowsOf, Task } from './looking.js'

const SECRET = 'correct horse battery staple'

/** Texts of `owner`, of sets and of maps are masked. */
const redact = (value: unknown, { field }: { field: string }): unknown =>
  ['owner', 'tags', 'notes'].includes(field) ? '•••' : value

const holds = (bytes: Uint8Array, text: string): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(text)

describe('a store that masks', () => {
  test('gives nothing of it away, in no message; the panel shows the masks', async () => {
    const { panel, tasks, join, left } = createLookedAt({ redact })
    tasks.create(
      { title: 'plain', owner: SECRET, tags: [SECRET, 'other'], notes: { key: SECRET }, votes: 0 },
      { id: 'one' },
    )
    tasks.create({ title: 'nothing to hide' }, { id: 'two' })
    join()
    for (const topic of [panel.queries, panel.sync, panel.storage, panel.troubles, panel.pending])
      topic.subscribe(() => {})
    const view = tasks.query({ where: { owner: SECRET } })
    view.subscribe(() => {})
    const data = await copied(panel, settle)
    tasks.update('one', (draft) => {
      draft.votes.increment(2)
      draft.owner = `${SECRET}, again`
    })
    await settle()
    const [one, two] = rowsOf(data)
    expect(one).toMatchObject({ title: 'plain', owner: '•••', tags: ['•••'], notes: { key: '•••' }, votes: 2 })
    expect(two).toEqual(tasks.get('two'))
    expect(panel.about.get()!.redacts).toBe(true)
    expect(panel.queries.get()[0]!.where).toMatchObject({ field: 'owner', value: '•••' })
    expect(left.length).toBeGreaterThan(10)
    for (const bytes of left) expect(holds(bytes, SECRET)).toBe(false)
    expect(left.some((bytes) => holds(bytes, 'plain'))).toBe(true)
    // A masked element is taken back like any other.
    tasks.update('one', (draft) => void draft.tags.delete('other'))
    await settle()
    expect(rowsOf(data)[0]).toMatchObject({ tags: ['•••'] })
    tasks.update('one', (draft) => draft.tags.clear())
    await settle()
    expect(rowsOf(data)[0]).toMatchObject({ tags: [] })
  })

  test('gives nothing of it away to who asks for older commits', async () => {
    const { agent, store, tasks } = createLookedAt({ redact })
    tasks.create({ title: 'plain', owner: SECRET }, { id: 'one' })
    await settle()
    const [page, panel] = createMemoryPair(store.ports())
    agent.attach(page)
    const streams = createStreams({ transport: panel, opened: () => {}, closed: () => {} })
    streams.open(CHANNEL_STREAM).send(encodeChannel({ type: 'hello', versions: [1], release: '0' }))
    const other = createTestStore({ schemas: [Task] }) as AppStore
    await settle()
    const { replica } = other.engine!
    const nothing = (): void => {}
    const link = createLink(
      { ...replica.options, crypto: { ...replica.options.crypto, verify: () => Promise.resolve(true) } },
      {
        role: 'initiator',
        transport: streams.open(COPY_STREAM),
        trusted: true,
        begins: false,
        token: () => Promise.resolve(undefined),
        certificate: nothing as () => undefined,
        welcomed: nothing,
        refused: nothing,
        refusedRepository: nothing,
        synced: nothing,
        distrusted: nothing,
        timed: nothing,
        resume: nothing as () => undefined,
        resumable: nothing,
        closed: nothing,
      },
    )
    link.carry(other.slots.get(other.repository)!.opened!.journal)
    await settle()
    const ids = store.slots.get(store.repository)!.opened!.journal.graph.heads()
    const answers = [true, false].map((deep) => link.ask(store.repository, { deep, brief: false, ids, prefixes: [] }))
    await settle()
    for (const { blobs } of await Promise.all(answers)) {
      expect(blobs.map((bytes) => decodeCommit(bytes, sha256).id)).toEqual(ids)
      for (const bytes of blobs) expect(holds(bytes, SECRET)).toBe(false)
    }
  })

  test('masks what was refused and what is wrong with items, and exports nothing', async () => {
    // What a rule says may quote what it refuses.
    const rules = [
      rule('/data/main', {
        write: ({ after }) => after?.['title'] !== 'evil' || `Nobody is called ${String(after['owner'])}.`,
      }),
    ]
    const world = await new World().start({ schemas: [Task], rules })
    const { panel, tasks, store, join, left } = await createClient(world, { redact })
    store.onRejected(() => {})
    join()
    panel.troubles.subscribe(() => {})
    const data = await copied(panel, (ms) => world.settle(ms))
    tasks.create({ title: 'evil', owner: SECRET })
    // While it is provisional it is folded with its masks, and then taken out with them.
    await world.settle(3000)
    expect(rowsOf(data)).toEqual([])
    expect(store.status().rejected[0]!.message).toContain(SECRET)
    const { changes, code, message } = panel.troubles.get().rejected[0]!
    expect([code, message]).toEqual(['forbidden', expect.stringMatching(/^It was refused\./)])
    expect(panel.events.get()).toContainEqual(
      expect.objectContaining({ kind: 'rejected', message: expect.stringMatching(/^Refused \(forbidden\): It was/) }),
    )
    expect(changes).toContainEqual(expect.objectContaining({ field: 'owner', value: '•••' }))
    const exported = panel.exportAll()
    exported.catch(() => {})
    await world.settle()
    await expect(exported).rejects.toMatchObject({ code: 'forbidden' })
    for (const bytes of left) expect(holds(bytes, SECRET)).toBe(false)
  })

  test('writes nothing that a panel made of what it is shown; a refused commit can be retried as it is', async () => {
    const rules = [rule('/data/main', { write: ({ after }) => after?.['title'] !== 'evil' })]
    const world = await new World().start({ schemas: [Task], rules })
    const { panel, tasks, store, join } = await createClient(world, { redact })
    store.onRejected(() => {})
    join()
    panel.troubles.subscribe(() => {})
    tasks.create({ title: 'good', owner: SECRET }, { id: 'one' })
    await world.settle(3000)
    tasks.update('one', { title: 'evil', owner: `${SECRET}, again` })
    await world.settle(3000)
    const { repository, commit } = panel.troubles.get().rejected[0]!
    const run = async <T>(command: Promise<T>): Promise<T> => {
      command.catch(() => {})
      await world.settle(3000)
      return command
    }
    const where = { schema: 'task', item: 'one' }
    const edits = [{ ...where, field: 'owner', value: '•••' }]
    for (const command of [
      panel.command('edit', { repository, ...where, patch: { owner: '•••' } }),
      panel.command('retryEdited', { repository, commit, edits }),
    ]) {
      await expect(run(command)).rejects.toMatchObject({ code: 'forbidden', message: /masks values/ })
    }
    expect(tasks.get('one')!.owner).toBe(SECRET)
    expect(store.status().rejected[0]!.commit).toBe(commit)
    await run(panel.command('retryRejection', { repository, commit }))
    expect(store.status().rejected[0]!.commit).not.toBe(commit)
    expect(store.status().rejected[0]!.changes.map(({ value }) => value)).toContain(`${SECRET}, again`)
  })

  test('an app’s function that fails, or answers what is no value, masks with null', () => {
    const where = { repository: '/data/main', schema: 'task', item: 'one', field: 'owner' }
    expect(mask('x', where, () => undefined)).toBeNull()
    expect(mask('x', where, () => new Map())).toBeNull()
    expect(
      mask('x', where, () => {
        throw new Error('oh')
      }),
    ).toBeNull()
    const same = { a: 1 }
    expect(mask(same, where, (value) => value)).toBe(same)
  })
})

test('what is not masked is left as it is; ids, signatures and hashes hold all the same', async () => {
  const { store, tasks } = createLookedAt()
  tasks.create({ title: 'plain' }, { id: 'one' })
  await settle()
  tasks.create({ title: 'x', owner: SECRET }, { id: 'two' })
  tasks.update('one', { title: 'y' })
  await settle()
  const { journal } = store.slots.get(store.repository)!.opened!
  const [first, second] = await Promise.all(
    [0, 1].map(async (n) => decodeCommit(await journal.storage.bytesOf(journal.graph.idAt(n)), sha256)),
  )
  expect(maskCommit(first!, redact)).toEqual({ bytes: first!.bytes, mask: undefined })
  const { bytes, mask: found } = maskCommit(second!, redact)
  const sent = decodeCommit(bytes, sha256)
  expect([sent.id, sent.signature]).toEqual([second!.id, second!.signature])
  expect(sent.chunks.map((chunk) => chunk.bytes !== null)).toEqual([true, false])
  expect(found!.chunks.map(({ index, bytes: masked }) => [index, decodeChunk(masked).item])).toEqual([[1, 'two']])
})

test('every value of a change is offered to be masked, and only those', () => {
  const where = { repository: '/data/main', schema: 'task', item: 'one', field: 'x' }
  const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null))
  const change = fc.oneof(
    fc.record({ tag: fc.constantFrom('put' as const, 'add' as const, 'inc' as const, 77), value }),
    fc.record({ tag: fc.constant('remove' as const), value: fc.tuple(value, fc.constant([[null, 0]] as const)) }),
    fc.record({ tag: fc.constant('mapPut' as const), value: fc.tuple(fc.string(), value) }),
    fc.record({
      tag: fc.constantFrom('create' as const, 'delete' as const, 'restore' as const, 'clear' as const),
      value: fc.constant(null),
    }),
    fc.record({ tag: fc.constant('mapClear' as const), value: fc.string() }),
  )
  fc.assert(
    fc.property(change, ({ tag, value: given }) => {
      const seen: unknown[] = []
      const masked = maskChange({ action: 0, field: 'x', tag, value: given }, where, (each) => {
        seen.push(each)
        return 'masked'
      })
      const parts = given as readonly unknown[]
      const untouched = ['create', 'delete', 'restore', 'clear', 'mapClear'].includes(String(tag))
      const expected = tag === 'remove' ? [parts[0]] : tag === 'mapPut' ? [parts[1]] : untouched ? [] : [given]
      expect(seen).toEqual(expected)
      if (tag === 'remove') expect(masked.value).toEqual(['masked', [[null, 0]]])
      else if (tag === 'mapPut') expect(masked.value).toEqual([parts[0], 'masked'])
      else expect(masked.value).toEqual(untouched ? given : 'masked')
    }),
  )
})
