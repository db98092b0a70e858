/**
 * A repository with a long history, written through the server's own journal, judge and log: 20 authors who edit the same
 * items, often without having seen each other's last commit, and the authority's seals between.
 */
import type { CryptoPort } from '../src/crypto/port.js'
import { frontierAfter } from '../src/graph/ancestry.js'
import { type Commit, encodeCommit, signedMessage, withSignature } from '../src/graph/commit.js'
import { type CommitId, laneOf, requireItemId } from '../src/ids.js'
import { type Change, type Chunk, encodeChunk } from '../src/item/change.js'
import { recordCreate } from '../src/item/record.js'
import { admit } from '../src/repository/admission.js'
import type { Journal } from '../src/repository/journal.js'
import { Sessions } from '../src/repository/sessions.js'
import { checkCreate } from '../src/schema/check.js'
import { type AuthorityNode, openAuthorityNode } from '../src/server/authority-node.js'
import { type HostedRepository, openHostedRepository } from '../src/server/hosted-repository.js'
import { nodeCompression } from '../src/server/node-compression.js'
import { createNodeCrypto } from '../src/server/node-crypto.js'
import type { Storage } from '../src/storage/port.js'
import { platformSurroundings } from '../src/store/surroundings.js'
import { testCrypto, testKey } from '../src/testing/test-crypto.js'
import { seededRandom, VirtualTime } from '../src/testing/virtual-time.js'
import { Task } from './peers/ibex-schema.js'
import { makeTasks, seeded } from './tasks.js'
import { MAIN } from './tasks-repository.js'

const AUTHORS = 20
/** Items made by one of the first commits. */
const BULK = 100
/** Commits that arrive together: as many as wait for a seal. */
const BATCH = 64
const START = 1_700_000_000_000

export interface LongHistory {
  readonly items: number
  /** Seals included. */
  readonly commits: number
}

const { sha256 } = createNodeCrypto()

/** Opens the repository as a server does that is alone with the time. */
export async function openAsServer(storage: Storage): Promise<HostedRepository> {
  const random = seededRandom(1)
  const crypto = testCrypto(random, sha256)
  const sessions = new Sessions(crypto)
  const key = testKey(random, sha256)
  sessions.pinAuthority(key.publicKey)
  const time = new VirtualTime(START)
  return openHostedRepository({
    path: MAIN,
    storage,
    crypto,
    key,
    session: sessions.authoritySession!,
    lane: laneOf(random.bytes(8)),
    sessions,
    surroundings: { clock: time, scheduler: time, random },
    config: undefined,
  })
}

/** The whole server over such a storage, but for its sockets; and the cryptography that its signatures are of. */
export async function openTestAuthority(storage: Storage): Promise<{ node: AuthorityNode; crypto: CryptoPort }> {
  const random = seededRandom(1)
  const crypto = testCrypto(random, sha256)
  const key = testKey(random, sha256)
  const surroundings = platformSurroundings()
  const node = await openAuthorityNode({ storage, crypto, key, surroundings, compression: nodeCompression })
  return { node, crypto }
}

/** Writes the history; the repository closes with a checkpoint, as a server's does that is stopped in order. */
export async function writeLongHistory(storage: Storage, { items, commits }: LongHistory): Promise<void> {
  const hosted = await openAsServer(storage)
  const { journal } = hosted
  const next = authors(journal, items)
  while (journal.graph.size < commits) {
    const batch: Commit[] = []
    while (batch.length < Math.min(BATCH, commits - journal.graph.size)) batch.push(await next())
    const { turned, stored } = await admit(journal, batch, { trusted: false, session: undefined })
    if (turned.length > 0) throw new Error(`Not admitted: ${turned[0]!.message}`)
    if (journal.graph.size < commits) await hosted.seal()
    await stored
  }
  await hosted.close()
}

/** Makes one commit after the other, each by an author of whom it is not known how far he had read. */
function authors({ graph, options }: Journal, items: number): () => Promise<Commit> {
  const random = seededRandom(2)
  const below = seeded(7)
  const { path } = options.repository
  const keys = Array.from({ length: AUTHORS }, () => testKey(random, sha256))
  const sessions = keys.map((key) => options.sessions.addKey(key.publicKey))
  const lanes = keys.map(() => laneOf(random.bytes(8)))
  const flushes = keys.map(() => 0)
  const tasks = makeTasks(items)
  /** What there was to see, oldest first, and since when each author has written something in it. */
  let seen: (readonly CommitId[])[] = [[]]
  const least = keys.map(() => 0)
  let count = 0

  return async () => {
    const author = below(AUTHORS)
    // Whatever came from elsewhere, a seal, everybody has.
    const heads = graph.heads()
    if (heads.length === 1 && !seen.at(-1)!.includes(heads[0]!) && graph.get(heads[0]!)!.kind === 'seal') {
      seen = [heads]
      least.fill(0)
    }
    const lag = below(10) < 7 ? 0 : 1 + below(3)
    const parents = seen[Math.max(least[author]!, seen.length - 1 - lag)]!
    const chunks: Chunk[] = []
    if (count * BULK < items) {
      for (const { id, ...data } of tasks.slice(count * BULK, (count + 1) * BULK)) {
        const changes = recordCreate(Task, checkCreate(Task, data))
        chunks.push({ item: requireItemId(id), schema: Task.name, version: Task.version, changes })
      }
    } else {
      const { id } = tasks[below(items)]!
      const changes: Change[] =
        below(3) > 0
          ? [{ action: 0, field: 'title', tag: 'put', value: `title ${count} of ${id}` }]
          : [
              { action: 0, field: 'done', tag: 'put', value: below(2) === 0 },
              { action: 0, field: 'updatedAt', tag: 'put', value: START + count * 1000 },
            ]
      chunks.push({ item: requireItemId(id), schema: Task.name, version: Task.version, changes })
    }
    count++
    const commit = encodeCommit(
      {
        kind: 'change',
        repository: path,
        session: sessions[author]!,
        lane: lanes[author]!,
        flush: ++flushes[author]!,
        time: { ms: START + count * 500, counter: 0 },
        parents,
        actions: [{ offset: 0 }],
        chunks: chunks.map((chunk) => encodeChunk(chunk, random.bytes(16))),
      },
      sha256,
    )
    seen.push(frontierAfter(seen.at(-1)!, commit))
    least[author] = seen.length - 1
    return withSignature(commit, await keys[author]!.sign(signedMessage(path, commit.id)))
  }
}
