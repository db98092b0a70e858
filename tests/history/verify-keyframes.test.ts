import { expect, test } from 'vitest'
import { admit } from '../../src/repository/admission.js'
import { decodeCommit } from '../../src/graph/commit.js'
import { sha256 } from '../../src/crypto/sha256.js'
import { encodeKeyframe } from '../../src/history/keyframe.js'
import { type Verified, verifyCommits } from '../../src/history/verify.js'
import { createHistorySource } from '../../src/repository/history-source.js'
import { seal } from '../../src/repository/judge.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import { createNode, type TestNode } from '../repository/node.js'

async function makeServer(): Promise<TestNode> {
  return createNode({ authority: 'self', seed: 9, log: await createMemoryStorage().openLog('r') })
}

async function write({ journal, create, setTitle, time }: TestNode, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++) {
    if (n % 3 === 0) create(`i${n}`, `made ${n}`)
    else setTitle(`i${n - (n % 3)}`, `title ${n}`)
    await journal.flush()
    await time.pass(400)
  }
}

async function verify({ journal, sessions }: TestNode): Promise<Verified> {
  const { crypto, repository } = journal.options
  await journal.flush()
  return verifyCommits({
    source: createHistorySource(journal),
    crypto,
    path: repository.path,
    authority: sessions.authoritySession,
    keyOf: (session) => sessions.get(session)?.publicKey,
    pause: () => undefined,
    progress: () => {},
    check: () => {},
  })
}

const stateOf = ({ repository }: TestNode): Uint8Array => encodeKeyframe(repository.state)

test('the state that each seal names is worked out anew', async () => {
  const server = await makeServer()
  await write(server, 0, 9)
  seal(server.journal, stateOf(server))
  await write(server, 9, 15)
  seal(server.journal)
  await write(server, 15, 20)
  seal(server.journal, stateOf(server))
  await write(server, 20, 22)
  expect(await verify(server)).toMatchObject({ commits: 25, faults: [] })
})

test('a seal that names another state is the fault; those after it are still looked at', async () => {
  const server = await makeServer()
  await write(server, 0, 6)
  const early = stateOf(server)
  await write(server, 6, 9)
  const wrong = seal(server.journal, early)!
  await write(server, 9, 12)
  seal(server.journal, stateOf(server))
  const other = createNode({ authority: 'none', seed: 12, time: server.time })
  other.create('invented', 'never written')
  await other.journal.flush()
  const forged = seal(server.journal, stateOf(other))!
  const { faults } = await verify(server)
  expect(faults).toMatchObject([
    { commit: wrong, code: 'bad-hash' },
    { commit: forged, code: 'bad-hash' },
  ])
})

test('what is void is no part of it', async () => {
  const server = await makeServer()
  const author = createNode({ authority: 'none', seed: 12, time: server.time })
  server.sessions.addKey(author.sessions.get(author.repository.session)!.publicKey)
  await write(server, 0, 3)
  seal(server.journal)
  author.create('refused', 'never there')
  await author.journal.flush()
  const [id] = author.journal.graph.heads()
  const commit = decodeCommit(await author.journal.bytesOf(id!), sha256)
  await admit(
    server.journal,
    [commit],
    { trusted: false, session: author.repository.session },
    {
      checkTime: () => {},
      judge: () => ({ id: id!, code: 'forbidden', message: 'no' }),
    },
  )
  seal(server.journal)
  await write(server, 3, 6)
  seal(server.journal, stateOf(server))
  expect(server.journal.fates.voids()).toEqual([id])
  expect((await verify(server)).faults).toEqual([])
})
