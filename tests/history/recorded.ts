/** A node that wrote a little, and what a replay file holds of it. */
import { encodeCertificate } from '../../src/crypto/certificate.js'
import { sessionIdOfKey } from '../../src/crypto/sha256.js'
import type { Replay, SignedReplay } from '../../src/history/replay-file.js'
import { requireUserId } from '../../src/ids.js'
import { testCrypto, testKey } from '../../src/testing/test-crypto.js'
import { seededRandom } from '../../src/testing/virtual-time.js'
import { createNode, type TestNode } from '../repository/node.js'

const random = seededRandom(99)
export const crypto = testCrypto(random)
export const authority = testKey(random)

/** Leaves bytes as they are, so that a test can look into them. */
export const plain = {
  deflate: (bytes: Uint8Array) => bytes,
  inflate(bytes: Uint8Array, size: number) {
    if (bytes.length !== size) throw new Error('another size')
    return bytes
  },
}

export interface Recorded {
  readonly node: TestNode
  readonly replay: Replay
}

export async function certificateOf(node: TestNode, by = authority): Promise<Uint8Array> {
  const { publicKey } = node.journal.options.key
  const session = sessionIdOfKey(publicKey)
  return encodeCertificate({ session, publicKey, user: requireUserId('ada'), issued: 1, expires: 2 }, by)
}

/** Makes commits of what is pending, and lets a second pass. */
export async function flush({ journal, time }: TestNode): Promise<void> {
  const flushed = journal.flush()
  await time.pass(1000)
  await flushed
}

/** Three commits by a session that the authority certified. */
export async function recorded(): Promise<Recorded> {
  const node = createNode({ seed: 5 })
  node.create('t1', 'a secret title')
  await flush(node)
  node.create('t2', 'a public title')
  await flush(node)
  node.setTitle('t1', 'another secret')
  await flush(node)
  const { graph, options } = node.journal
  const commits: Uint8Array[] = []
  for (let n = 0; n < graph.size; n++) commits.push(await node.journal.storage.bytesOf(graph.idAt(n)))
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

export const signed = ({ node, replay }: Recorded): SignedReplay => ({
  ...replay,
  recorder: node.journal.options.key.publicKey,
})
