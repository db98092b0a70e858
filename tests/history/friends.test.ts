/**
 * Two people typing at once for an hour, as they did: every transaction is a commit with its real parents. What was typed is
 * kept as items have it: letters in sets, lengths in counters, carets in maps, by paragraph.
 */
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodeCommit, signedMessage, withSignature, type Commit } from '../../src/graph/commit.js'
import { chunkOf, foldAccepted, foldPending, openPending, settlePending, accept } from '../../src/history/fold.js'
import { positionOf } from '../../src/history/sight.js'
import { RepositoryState } from '../../src/history/state.js'
import { type CommitId, type ItemId, laneOf, requireRepositoryPath } from '../../src/ids.js'
import { encodeChunk } from '../../src/item/change.js'
import { existence } from '../../src/item/fields/existence.js'
import { pendingOrigin } from '../../src/item/origin.js'
import { recordCreate } from '../../src/item/record.js'
import { recordDraft } from '../../src/item/draft.js'
import { admit } from '../../src/repository/admission.js'
import { HistoryKeeper } from '../../src/repository/history-keeper.js'
import { Journal } from '../../src/repository/journal.js'
import { Repository } from '../../src/repository/repository.js'
import { Sessions } from '../../src/repository/sessions.js'
import { checkCreate } from '../../src/schema/check.js'
import { field } from '../../src/schema/field.js'
import { defineSchema } from '../../src/schema/schema.js'
import { createNodeCrypto } from '../../src/server/node-crypto.js'
import { createPlayback } from '../../src/store/history/playback.js'
import { testCrypto, testKey } from '../../src/testing/test-crypto.js'
import { seededRandom, VirtualTime } from '../../src/testing/virtual-time.js'
import { bytesOf, bytesOfState, itemsSeen } from './past.js'

interface Trace {
  readonly txns: readonly {
    readonly parents: readonly number[]
    readonly agent: number
    readonly patches: readonly (readonly [position: number, deleted: number, inserted: string])[]
  }[]
}

const FILE = ['../shared/data', '../../shared/data']
  .map((folder) => new URL(`../../${folder}/friendsforever.json.gz`, import.meta.url))
  .find((file) => existsSync(file))

const Paragraph = defineSchema('paragraph', {
  last: field.string(),
  letters: field.set(field.string()),
  length: field.counter(),
  carets: field.map(field.number()),
})

const path = requireRepositoryPath('/data/main')
const START = Date.UTC(2020, 0, 1)
const random = seededRandom(7)
const { sha256 } = createNodeCrypto()
const crypto = testCrypto(random, sha256)
const keys = [testKey(random, sha256), testKey(random, sha256)]

/** Each author writes on what they had seen. */
async function commitsOf({ txns }: Trace, sessions: Sessions): Promise<Commit[]> {
  const authors = keys.map((key, n) => ({
    key,
    session: sessions.addKey(key.publicKey),
    lane: laneOf(new Uint8Array(8).fill(n + 1)),
    state: new RepositoryState(),
    seen: new Set<number>(),
  }))
  const commits: Commit[] = []
  for (const [n, { parents, agent, patches }] of txns.entries()) {
    const author = authors[agent]!
    const open = [...parents]
    const news: number[] = []
    for (let seen = open.pop(); seen !== undefined; seen = open.pop()) {
      if (author.seen.has(seen)) continue
      author.seen.add(seen)
      news.push(seen)
      open.push(...txns[seen]!.parents)
    }
    for (const seen of news.sort((a, b) => a - b)) foldAccepted(author.state, commits[seen]!)
    author.seen.add(n)
    const ms = Math.max(START, ...parents.map((parent) => commits[parent]!.header.time.ms)) + 150
    const pending = openPending(pendingOrigin(author.session, ms))
    for (const [position, deleted, inserted] of patches) {
      const id = `p${Math.floor(position / 200)}` as ItemId
      const item = author.state.open('paragraph', id)
      if (existence(item) === 'missing') {
        foldPending(pending, item, 1, recordCreate(Paragraph, checkCreate(Paragraph, { last: '' })))
      }
      const changes = recordDraft(Paragraph, item, (draft) => {
        if (inserted === '' || deleted > 0) draft.letters.delete(draft.last)
        draft.last = inserted
        for (const letter of inserted) draft.letters.add(letter)
        draft.length.increment(inserted.length - deleted)
        draft.carets[String(agent)] = position
      })
      if (changes.length > 0) foldPending(pending, item, 1, changes)
    }
    const unsigned = encodeCommit(
      {
        kind: 'change',
        repository: path,
        session: author.session,
        lane: author.lane,
        flush: n + 1,
        time: { ms, counter: 0 },
        parents: parents.map((parent) => commits[parent]!.id).sort(),
        actions: [{ offset: 0 }],
        chunks: pending.parts
          .map(chunkOf)
          .sort((a, b) => (a.item < b.item ? -1 : 1))
          .map((chunk) => encodeChunk(chunk, random.bytes(16))),
      },
      sha256,
    )
    settlePending(author.state, pending, { ms, counter: 0 }, unsigned.id)
    accept(author.state, unsigned.id)
    commits.push(withSignature(unsigned, await author.key.sign(signedMessage(path, unsigned.id))))
  }
  return commits
}

test.skipIf(!FILE)(
  'playback visits every commit, and random moments equal a fold from the beginning (skipped without ../shared/data/friendsforever.json.gz)',
  { timeout: 300_000 },
  async () => {
    const trace = JSON.parse(gunzipSync(readFileSync(FILE!)).toString('utf8')) as Trace
    const time = new VirtualTime()
    const sessions = new Sessions(crypto)
    const key = testKey(random, sha256)
    const repository = new Repository({
      path,
      schemas: [Paragraph],
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
    const commits = await commitsOf(trace, sessions)
    for (let from = 0; from < commits.length; from += 2000) {
      const { turned } = await admit(journal, commits.slice(from, from + 2000), { trusted: true, session: undefined })
      expect(turned).toEqual([])
    }
    const keeper = await HistoryKeeper.open(journal)
    const { ledger } = keeper
    expect(ledger.commits).toHaveLength(trace.txns.length)
    expect(ledger.length).toBe(trace.txns.length)

    const playback = createPlayback(keeper, {})
    const visited = new Set<CommitId>()
    const lengths: number[] = []
    const paragraphs = playback.past.collection(Paragraph)
    const view = paragraphs.query({ orderBy: [['length', 'desc']], limit: 3 })
    view.subscribe(() => {})
    for (let step = 0; step < playback.length; step++) {
      playback.step()
      visited.add(playback.moment.slice(0, 64) as CommitId)
      if (step % 1000 === 999) lengths.push(view.get().reduce((sum, { length }) => sum + length, 0))
    }
    expect(visited.size).toBe(trace.txns.length)
    // Backwards everything is as it was.
    for (let step = playback.length - 1; step >= 0; step--) {
      if (step % 1000 === 999) expect(view.get().reduce((sum, { length }) => sum + length, 0)).toBe(lengths.pop())
      playback.step(-1)
    }
    expect(paragraphs.get('p0')).toBeUndefined()

    for (let i = 0; i < 12; i++) {
      const position = Math.floor(random.fraction() * (ledger.length + 1))
      playback.seek(position)
      const sight = keeper.sightOf(playback.moment)
      expect(positionOf(sight)).toBe(position)
      const seen = new Set(ledger.commits.slice(0, position).map(({ origin }) => origin.id))
      const state = new RepositoryState()
      // In the order of the recording, which is not that of the stamps.
      for (const commit of commits) if (seen.has(commit.id)) foldAccepted(state, commit)
      expect(bytesOf(itemsSeen(ledger, sight))).toBe(bytesOfState(state))
    }
    playback.close()
    keeper.close()
  },
)
