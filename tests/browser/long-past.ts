/** A server's data folder with a long history in it, written through its own journal, judge and log. */
import { type Commit, encodeCommit, signedMessage, withSignature } from '../../src/graph/commit.js'
import { laneOf, requireItemId } from '../../src/ids.js'
import type { Change } from '../../src/item/change.js'
import { encodeChunk } from '../../src/item/change.js'
import { recordCreate } from '../../src/item/record.js'
import { admit } from '../../src/repository/admission.js'
import { checkCreate } from '../../src/schema/check.js'
import { field } from '../../src/schema/field.js'
import { defineSchema } from '../../src/schema/schema.js'
import { openAuthorityKey } from '../../src/server/authority-key.js'
import { openAuthorityNode } from '../../src/server/authority-node.js'
import { openFileStorage } from '../../src/server/file-disk.js'
import { nodeCompression } from '../../src/server/node-compression.js'
import { createNodeCrypto } from '../../src/server/node-crypto.js'
import { platformSurroundings } from '../../src/store/surroundings.js'
import { seededRandom } from '../../src/testing/virtual-time.js'

/** What of the pages' issues is written. */
const Issue = defineSchema('issue', { title: field.string(), votes: field.counter() })

/** Commits that arrive together: as many as wait for a seal. */
const BATCH = 64
const START = 1_700_000_000_000

export interface LongPast {
  readonly items: number
  /** Without seals. */
  readonly commits: number
}

/**
 * Each item is made by one of the first commits; each commit after them counts a vote for one item, and gives it a title. The
 * server that is started over the folder has a keyframe to offer.
 */
export async function writeLongPast(data: string, { items, commits }: LongPast): Promise<void> {
  const crypto = createNodeCrypto()
  const key = await openAuthorityKey(`${data}.authority`, crypto, () => {})
  const storage = await openFileStorage(data)
  const surroundings = platformSurroundings()
  const node = await openAuthorityNode({ storage, crypto, key, surroundings, compression: nodeCompression })
  const hosted = await node.repository('/data/main')
  const { journal } = hosted
  const { sessions } = journal.options
  const author = await crypto.createKey()
  const session = sessions.addKey(author.publicKey)
  const random = seededRandom(3)
  const lane = laneOf(random.bytes(8))
  let [parent] = journal.graph.heads()

  const write = async (n: number): Promise<Commit> => {
    const id = `i${n % items}`
    const changes: Change[] =
      n < items
        ? recordCreate(Issue, checkCreate(Issue, { title: `made ${n}` }))
        : [
            { action: 0, field: 'title', tag: 'put', value: `title ${n}` },
            { action: 0, field: 'votes', tag: 'inc', value: 1 },
          ]
    const chunk = { item: requireItemId(id), schema: Issue.name, version: Issue.version, changes }
    const commit = encodeCommit(
      {
        kind: 'change',
        repository: journal.repository.path,
        session,
        lane,
        flush: n + 1,
        time: { ms: START + n * 1000, counter: 0 },
        parents: parent === undefined ? [] : [parent],
        actions: [{ offset: 0 }],
        chunks: [encodeChunk(chunk, random.bytes(16))],
      },
      crypto.sha256,
    )
    parent = commit.id
    return withSignature(commit, await author.sign(signedMessage(journal.repository.path, commit.id)))
  }

  for (let n = 0; n < commits;) {
    const batch: Commit[] = []
    while (batch.length < BATCH && n < commits) batch.push(await write(n++))
    const { turned, stored } = await admit(journal, batch, { trusted: false, session: undefined })
    if (turned.length > 0) throw new Error(`Not admitted: ${turned[0]!.message}`)
    await stored
  }
  await node.settle()
  await node.close()
  await storage.close()
}
