import { describe, expect, test } from 'vitest'
import { authority, certificateOf, crypto, flush, plain, recorded, signed } from '../../tests/history/recorded.js'
import { createNode, Task } from '../../tests/repository/node.js'
import { sessionIdOfKey } from '../crypto/sha256.js'
import type { IbexErrorCode } from '../errors.js'
import { decodeCommit, withoutSignature } from '../graph/commit.js'
import { requireItemId } from '../ids.js'
import { seal } from '../repository/judge.js'
import { testKey } from '../testing/test-crypto.js'
import { seededRandom } from '../testing/virtual-time.js'
import { isRedacted, type Redact, redactCommit } from './redact.js'
import { verifyReplay } from './replay-check.js'
import { encodeReplay, type SignedReplay } from './replay-file.js'

async function failureOf(replay: SignedReplay, by?: Uint8Array): Promise<IbexErrorCode | undefined> {
  return (await verifyReplay(replay, crypto, by)).failure?.error.code
}

describe('verifying a replay', () => {
  test('everything holds, by the key in the file and by the key that is asked for', async () => {
    const replay = signed(await recorded())
    const certified = new Set([sessionIdOfKey(replay.recorder)])
    const expected = { failure: undefined, commits: 3, sealed: 0, redacted: 0, certified }
    expect(await verifyReplay(replay, crypto)).toEqual({ ...expected, authority: 'as in the file' })
    expect(await verifyReplay(replay, crypto, authority.publicKey)).toEqual({ ...expected, authority: 'as asked' })
    expect(await verifyReplay({ ...replay, authority: undefined }, crypto)).toEqual({
      ...expected,
      authority: 'none',
      certified: new Set(),
    })
  })

  test('with values taken out they are gone from the bytes, and it still verifies', async () => {
    const { node, replay } = await recorded()
    const hidden = replay.commits.map((bytes) =>
      redactCommit(decodeCommit(bytes, crypto.sha256), ({ value }) => String(value).includes('secret')),
    )
    const redacted = signed({ node, replay: { ...replay, commits: hidden } })
    const file = Buffer.from(await encodeReplay(redacted, node.journal.options.key, crypto, plain))
    expect(file.includes('secret')).toBe(false)
    expect(file.includes('a public title')).toBe(true)
    expect(await verifyReplay(redacted, crypto)).toMatchObject({ failure: undefined, commits: 3, redacted: 2 })
  })

  test('names the first commit that does not hold, and why', async () => {
    const { node, replay } = await recorded()
    const [first, second, third] = replay.commits as [Uint8Array, Uint8Array, Uint8Array]
    const forged = second.slice()
    forged[forged.length - 1]! ^= 1
    const report = await verifyReplay(signed({ node, replay: { ...replay, commits: [first, forged, third] } }), crypto)
    expect(report).toMatchObject({
      failure: { commit: node.journal.graph.idAt(1), error: { code: 'bad-signature' } },
      commits: 1,
    })
    const body = second.slice()
    body[body.length - 70]! ^= 1
    expect(await failureOf(signed({ node, replay: { ...replay, commits: [first, body, third] } }))).toMatch(
      /bad-hash|malformed-bytes/,
    )
    expect(await failureOf(signed({ node, replay: { ...replay, commits: [first, third] } }))).toBe('bad-parents')
    expect(await failureOf(signed({ node, replay: { ...replay, commits: [second, first, third] } }))).toBe(
      'bad-parents',
    )
  })

  test('what lies below the first commit may be missing where there is a base', async () => {
    const { node, replay } = await recorded()
    const base = { frontier: [node.journal.graph.idAt(0)], keyframe: new Uint8Array([1]) }
    expect(await failureOf(signed({ node, replay: { ...replay, base, commits: replay.commits.slice(1) } }))).toBe(
      undefined,
    )
  })

  test('a session that the authority did not certify, or that is not in the file, is not believed', async () => {
    const { node, replay } = await recorded()
    const other = testKey(seededRandom(7))
    expect(await failureOf(signed({ node, replay }), other.publicKey)).toBe('bad-certificate')
    const [session] = replay.sessions
    const sessions = [{ ...session!, certificate: await certificateOf(node, other) }]
    expect(await failureOf(signed({ node, replay: { ...replay, sessions } }))).toBe('bad-certificate')
    expect(await failureOf(signed({ node, replay: { ...replay, sessions: [] } }))).toBe('unknown-session')
  })

  test('what has no signature, or no certificate, needs a seal of the authority above it (I-10)', async () => {
    const node = createNode({ seed: 6, authority: 'self' })
    const { replay: foreign } = await recorded()
    node.create('t1', 'one')
    await flush(node)
    seal(node.journal)
    await flush(node)
    const { graph, options } = node.journal
    const stored = await Promise.all([0, 1].map((n) => node.journal.storage.bytesOf(graph.idAt(n))))
    const bare = withoutSignature(decodeCommit(stored[0]!, crypto.sha256)).bytes
    const { publicKey } = options.key
    const replay: SignedReplay = {
      ...foreign,
      authority: publicKey,
      sessions: [{ publicKey, certificate: undefined }],
      commits: [bare, stored[1]!],
      recorder: publicKey,
    }
    expect(await verifyReplay(replay, crypto)).toMatchObject({ failure: undefined, commits: 2, sealed: 1 })
    expect(await failureOf({ ...replay, commits: [bare] })).toBe('bad-signature')
    expect(await failureOf({ ...replay, authority: undefined })).toBe('bad-signature')
    // A session of which nothing is known, and without a seal over what it wrote.
    const stranger = { ...replay, commits: [foreign.commits[0]!] }
    expect(await failureOf(stranger)).toBe('unknown-session')
    const { id } = decodeCommit(foreign.commits[0]!, crypto.sha256)
    expect(await failureOf({ ...stranger, voids: [id] })).toBe(undefined)
    // Nobody is named by a certificate of another authority, though what it wrote may hold.
    const named = { ...replay, sessions: [...replay.sessions, ...foreign.sessions] }
    expect(await verifyReplay(named, crypto)).toMatchObject({ failure: undefined, certified: new Set() })
  })

  test('who recorded must be certified where only that vouches: for the state it begins with, and for what has no effect', async () => {
    const node = createNode({ seed: 6, authority: 'self' })
    node.create('t1', 'one')
    await flush(node)
    seal(node.journal)
    await flush(node)
    const { graph, options } = node.journal
    const commits = await Promise.all([0, 1].map((n) => node.journal.storage.bytesOf(graph.idAt(n))))
    const { replay: foreign } = await recorded()
    const { publicKey } = options.key
    const recorder = testKey(seededRandom(8)).publicKey
    const sessions = [
      { publicKey, certificate: undefined },
      { publicKey: recorder, certificate: undefined },
    ]
    const replay: SignedReplay = { ...foreign, authority: publicKey, sessions, commits, recorder }
    const base = { frontier: [], keyframe: new Uint8Array([1]) }
    for (const only of [{ base }, { voids: [graph.idAt(0)] }]) {
      expect(await failureOf({ ...replay, ...only })).toBe('bad-certificate')
      expect(await failureOf({ ...replay, ...only, recorder: publicKey })).toBe(undefined)
    }
    expect(await failureOf(replay)).toBe(undefined)
  })
})

describe('redaction', () => {
  test('looks at every value of an item, and into sets and maps', async () => {
    const node = createNode({ seed: 9 })
    node.create('t1', 'open')
    node.journal.repository.write(requireItemId('t1'), Task, [
      { action: 0, field: 'tags', tag: 'add', value: 'hidden' },
      { action: 0, field: 'notes', tag: 'mapPut', value: ['where', 'home'] },
      { action: 0, field: 'votes', tag: 'inc', value: 3 },
    ])
    await flush(node)
    const item = node.repository.state.get('task', requireItemId('t1'))!
    const commit = decodeCommit(await node.journal.storage.bytesOf(node.journal.graph.idAt(0)), crypto.sha256)
    const rules: [Redact, boolean][] = [
      [({ value }) => value === 'open', true],
      [({ field, value }) => field === 'tags' && value === 'hidden', true],
      [({ key, value }) => key === 'where' && value === 'home', true],
      [({ field, value }) => field === 'votes' && value === 3, true],
      [({ field, id, schema }) => field === '' && id === 't1' && schema === 'task', true],
      [({ value }) => value === 'elsewhere', false],
    ]
    for (const [redact, hides] of rules) {
      expect(isRedacted(item, redact)).toBe(hides)
      const bytes = redactCommit(commit, redact)
      expect(decodeCommit(bytes, crypto.sha256).chunks[0]!.bytes === null).toBe(hides)
    }
  })
})
