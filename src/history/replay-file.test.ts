import { describe, expect, test } from 'vitest'
import { createNode, type TestNode } from '../../tests/repository/node.js'
import { encodeCertificate } from '../crypto/certificate.js'
import { sessionIdOfKey } from '../crypto/sha256.js'
import type { IbexErrorCode } from '../errors.js'
import { decodeCommit, withoutSignature } from '../graph/commit.js'
import { requireUserId } from '../ids.js'
import { seal } from '../repository/judge.js'
import { fflateCompression } from '../sync/deflate.js'
import { testCrypto, testKey } from '../testing/test-crypto.js'
import { seededRandom } from '../testing/virtual-time.js'
import {
  decodeReplay,
  encodeReplay,
  redactCommit,
  type Replay,
  type SignedReplay,
  verifyReplay,
} from './replay-file.js'

const random = seededRandom(99)
const crypto = testCrypto(random)
const authority = testKey(random)
/** Leaves bytes as they are, so that a test can look into them. */
const compression = {
  deflate: (bytes: Uint8Array) => bytes,
  inflate(bytes: Uint8Array, size: number) {
    if (bytes.length !== size) throw new Error('another size')
    return bytes
  },
}

async function certificateOf(node: TestNode, by = authority): Promise<Uint8Array> {
  const { publicKey } = node.journal.options.key
  const session = sessionIdOfKey(publicKey)
  return encodeCertificate({ session, publicKey, user: requireUserId('ada'), issued: 1, expires: 2 }, by)
}

/** A node that wrote three commits, and what it would record of them. */
async function recorded(): Promise<{ node: TestNode; replay: Replay }> {
  const node = createNode({ seed: 5 })
  const flush = async (): Promise<void> => {
    const flushed = node.journal.flush()
    await node.time.pass(1000)
    await flushed
  }
  node.create('t1', 'a secret title')
  await flush()
  node.create('t2', 'a public title')
  await flush()
  node.setTitle('t1', 'another secret')
  await flush()
  const { graph, options } = node.journal
  const commits: Uint8Array[] = []
  for (let n = 0; n < graph.size; n++) commits.push(await node.journal.storedBytesOf(graph.idAt(n)))
  return {
    node,
    replay: {
      repository: node.repository.path,
      recordedAt: 1234,
      authority: authority.publicKey,
      sessions: [{ publicKey: options.key.publicKey, certificate: await certificateOf(node) }],
      title: 'What happened',
      from: '',
      to: 'moment',
      base: undefined,
      voids: [],
      commits,
    },
  }
}

const signed = ({ node, replay }: { node: TestNode; replay: Replay }): SignedReplay => ({
  ...replay,
  recorder: node.journal.options.key.publicKey,
})

async function failureOf(replay: SignedReplay, by?: Uint8Array): Promise<IbexErrorCode | undefined> {
  return (await verifyReplay(replay, crypto, by)).failure?.error.code
}

describe('replay files', () => {
  test('what was written is read, deflated or not', async () => {
    const { node, replay } = await recorded()
    for (const how of [compression, fflateCompression]) {
      const file = await encodeReplay(replay, node.journal.options.key, crypto, how)
      expect(await decodeReplay(file, crypto, how)).toEqual(signed({ node, replay }))
    }
    const full: Replay = {
      ...replay,
      authority: undefined,
      base: { frontier: [node.journal.graph.idAt(0)], keyframe: new Uint8Array([1, 2]) },
      voids: [node.journal.graph.idAt(1)],
    }
    const file = await encodeReplay(full, node.journal.options.key, crypto, compression)
    expect(await decodeReplay(file, crypto, compression)).toEqual(signed({ node, replay: full }))
  })

  test('a byte that was changed, wherever it is, and a file that was cut are refused', async () => {
    const { node, replay } = await recorded()
    const file = await encodeReplay(replay, node.journal.options.key, crypto, compression)
    for (let at = 0; at < file.length; at++) {
      const changed = file.slice()
      changed[at]! ^= 1
      await expect(decodeReplay(changed, crypto, compression)).rejects.toMatchObject({
        code: expect.stringMatching(/^(malformed-bytes|bad-signature|newer-version)$/),
      })
      await expect(decodeReplay(file.subarray(0, at), crypto, compression)).rejects.toThrow()
    }
  })

  test('a file of a later format says so', async () => {
    const { node, replay } = await recorded()
    const file = await encodeReplay(replay, node.journal.options.key, crypto, compression)
    file[8] = 2
    await expect(decodeReplay(file, crypto, compression)).rejects.toMatchObject({ code: 'newer-version' })
  })
})

describe('verifying a replay', () => {
  test('everything holds, by the key in the file and by the key that is asked for', async () => {
    const replay = signed(await recorded())
    const expected = { failure: undefined, commits: 3, redacted: 0 }
    expect(await verifyReplay(replay, crypto)).toEqual({ ...expected, authority: 'as in the file' })
    expect(await verifyReplay(replay, crypto, authority.publicKey)).toEqual({ ...expected, authority: 'as asked' })
    expect(await verifyReplay({ ...replay, authority: undefined }, crypto)).toEqual({ ...expected, authority: 'none' })
  })

  test('with values taken out they are gone from the bytes, and it still verifies', async () => {
    const { node, replay } = await recorded()
    const hidden = replay.commits.map((bytes) =>
      redactCommit(decodeCommit(bytes, crypto.sha256), ({ value }) => String(value).includes('secret')),
    )
    const redacted = signed({ node, replay: { ...replay, commits: hidden } })
    const file = Buffer.from(await encodeReplay(redacted, node.journal.options.key, crypto, compression))
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

  test('commits without a signature need a seal of the authority above them (I-10)', async () => {
    const node = createNode({ seed: 6, authority: 'self' })
    node.create('t1', 'one')
    let flushed = node.journal.flush()
    await node.time.pass(1000)
    await flushed
    seal(node.journal)
    flushed = node.journal.flush()
    await node.time.pass(1000)
    await flushed
    const { graph, options } = node.journal
    const stored = await Promise.all([0, 1].map((n) => node.journal.storedBytesOf(graph.idAt(n))))
    const bare = withoutSignature(decodeCommit(stored[0]!, crypto.sha256)).bytes
    const { publicKey } = options.key
    const replay: SignedReplay = {
      repository: node.repository.path,
      recordedAt: 1,
      authority: publicKey,
      sessions: [{ publicKey, certificate: undefined }],
      title: '',
      from: '',
      to: '',
      base: undefined,
      voids: [],
      commits: [bare, stored[1]!],
      recorder: publicKey,
    }
    expect(await failureOf(replay)).toBe(undefined)
    expect(await failureOf({ ...replay, commits: [bare] })).toBe('bad-signature')
    expect(await failureOf({ ...replay, authority: undefined })).toBe('bad-signature')
  })
})
