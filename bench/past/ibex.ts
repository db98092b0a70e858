/**
 * Ibex: a log of signed commits of several authors in memory, opened by the history that `store.history()` gives, with two
 * queries and the visible items watched, as a page does that shows the past.
 */
import { encodeCommit, signedMessage, withSignature, type Commit } from '../../src/graph/commit.js'
import type { Moment } from '../../src/history/moment.js'
import { type CommitId, laneOf, requireItemId } from '../../src/ids.js'
import { type Change, encodeChunk } from '../../src/item/change.js'
import { recordCreate } from '../../src/item/record.js'
import { admit } from '../../src/repository/admission.js'
import { Journal } from '../../src/repository/journal.js'
import { Repository } from '../../src/repository/repository.js'
import { Sessions } from '../../src/repository/sessions.js'
import { checkCreate } from '../../src/schema/check.js'
import { createNodeCrypto } from '../../src/server/node-crypto.js'
import { SharedHistory } from '../../src/store/history/shared-history.js'
import { testCrypto, testKey } from '../../src/testing/test-crypto.js'
import { seededRandom, VirtualTime } from '../../src/testing/virtual-time.js'
import type { LongPast, Past, PastPeer, Step } from '../past-peer.js'
import { Task } from '../peers/ibex-schema.js'
import { LIMIT } from '../tasks.js'
import { MAIN } from '../tasks-repository.js'

export const peer: PastPeer = { open }

const AUTHORS = 20
const START = 1_700_000_000_000
const { sha256 } = createNodeCrypto()

async function open(past: LongPast, visible: readonly string[]): Promise<Past> {
  const [journal, ids] = await write(past)
  const history = await new SharedHistory(journal, () => Promise.resolve()).open()
  const moments = new Map(past.moments.map((moment): [number, Moment] => [moment, ids[moment - 1] as string as Moment]))
  const shown = history.checkout(history.now())
  const tasks = shown.collection(Task)
  const view = tasks.query({ where: { done: false }, orderBy: [['updatedAt', 'desc']], limit: LIMIT })
  const other = tasks.query({ where: { done: true, priority: { gte: 2 } }, orderBy: 'title', limit: LIMIT })
  for (const each of [view, other]) each.subscribe(() => {})
  for (const id of visible) tasks.subscribe(id, () => {})
  const seen = (): ReturnType<Past['seek']> => {
    other.get()
    return { window: view.get().map(({ $id }) => $id), titles: visible.map((id) => tasks.get(id)?.title) }
  }
  return {
    seek(moment) {
      shown.seek(moments.get(moment)!)
      return seen()
    },
    step(by) {
      shown.step(by)
      return seen()
    },
    title: (moment, id) => history.get(Task, id, moments.get(moment)!)?.title,
    whole(moment) {
      const at = history.checkout(moments.get(moment)!)
      const { length } = at.collection(Task).query().get()
      at.close()
      return length
    },
    close: () => history.close(),
  }
}

/** A repository with this history, and the ids of its commits. */
async function write({ tasks, steps }: LongPast): Promise<[Journal, CommitId[]]> {
  const random = seededRandom(3)
  const crypto = testCrypto(random, sha256)
  const sessions = new Sessions(crypto)
  const key = testKey(random, sha256)
  const time = new VirtualTime(START)
  const repository = new Repository({
    path: MAIN,
    schemas: [Task],
    surroundings: { clock: time, scheduler: time, random },
    session: sessions.addKey(key.publicKey),
    authorOf: sessions.authorOf,
  })
  const journal = new Journal({
    repository,
    crypto,
    key,
    lane: laneOf(random.bytes(8)),
    sessions,
    authority: 'none',
    follows: () => false,
    clockOffset: () => 0,
  })
  const keys = Array.from({ length: AUTHORS }, () => testKey(random, sha256))
  const authors = keys.map(({ publicKey }) => sessions.addKey(publicKey))
  const lanes = keys.map(() => laneOf(random.bytes(8)))
  const ids: CommitId[] = []
  let batch: Commit[] = []
  for (const [n, step] of steps.entries()) {
    const author = n % AUTHORS
    const unsigned = encodeCommit(
      {
        kind: 'change',
        repository: MAIN,
        session: authors[author]!,
        lane: lanes[author]!,
        flush: n + 1,
        time: { ms: START + n * 500, counter: 0 },
        parents: n === 0 ? [] : [ids[n - 1]!],
        actions: [{ offset: 0 }],
        chunks: chunksOf(step, tasks).map((chunk) => encodeChunk(chunk, random.bytes(16))),
      },
      sha256,
    )
    ids.push(unsigned.id)
    batch.push(withSignature(unsigned, await keys[author]!.sign(signedMessage(MAIN, unsigned.id))))
    if (batch.length < 1000 && n < steps.length - 1) continue
    const { turned } = await admit(journal, batch, { trusted: true, session: undefined })
    if (turned.length > 0) throw new Error(`Not admitted: ${turned[0]!.message}`)
    batch = []
  }
  return [journal, ids]
}

function chunksOf(step: Step, tasks: LongPast['tasks']): Parameters<typeof encodeChunk>[0][] {
  const chunkOf = (id: string, changes: Change[]): Parameters<typeof encodeChunk>[0] => ({
    item: requireItemId(id),
    schema: Task.name,
    version: Task.version,
    changes,
  })
  if ('create' in step) {
    return step.create.map(({ id, ...data }) => chunkOf(id, recordCreate(Task, checkCreate(Task, data))))
  }
  const fields = Object.entries(Object.assign({}, ...step.edits) as Record<string, string | number | boolean>)
  return [
    chunkOf(
      tasks[step.index]!.id,
      fields.map(([field, value]) => ({ action: 0, field, tag: 'put', value })),
    ),
  ]
}
