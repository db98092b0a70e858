/** Commits of several actions each, a ledger of them, and what a fold from the beginning makes of any part of them. */
import fc from 'fast-check'
import type { Action } from '../../src/graph/body.js'
import type { Commit } from '../../src/graph/commit.js'
import { type CommitId, type Lane, type RepositoryPath, toHex } from '../../src/ids.js'
import type { PastCommit, Sight } from '../../src/history/deed.js'
import { foldAccepted } from '../../src/history/fold.js'
import { encodeItems } from '../../src/history/keyframe.js'
import { Ledger } from '../../src/history/ledger.js'
import { countSeen, positionOf } from '../../src/history/sight.js'
import { RepositoryState, visibleItems } from '../../src/history/state.js'
import { itemAfter, itemWithout } from '../../src/history/track.js'
import { encodeChunk, type Change, type Chunk } from '../../src/item/change.js'
import { applyChanges, type Item } from '../../src/item/state.js'
import { settledOrigin } from '../../src/item/origin.js'
import { compareStrings } from '../../src/value/order.js'
import { arbitraryCommits, type TestCommit } from './arbitrary-commits.js'

/** A commit whose changes belong to several actions. */
export interface StagedCommit extends TestCommit {
  readonly actions: readonly Action[]
}

const NOISE = new Uint8Array(16)

/** Up to `max` commits; `ordered`: as every store writes them, with changes in the order of their actions. */
export function arbitraryPast(max: number, ordered: boolean = true): fc.Arbitrary<StagedCommit[]> {
  return fc
    .tuple(arbitraryCommits(max), fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 }))
    .map(([commits, dice]) => {
      let roll = 0
      const next = (most: number): number => dice[roll++ % dice.length]! % most
      return commits.map((commit) => {
        const count = 1 + next(3)
        const actions = Array.from({ length: count }, (_, i): Action => ({ offset: i * 10 }))
        const lived = new Set<string>()
        const chunkList = commit.chunkList.map((given): Chunk => {
          const chunk = ordered ? withOneLife(given, lived) : given
          const chosen = chunk.changes.map(() => next(count))
          if (ordered) chosen.sort((a, b) => a - b)
          return { ...chunk, changes: chunk.changes.map((change, i) => ({ ...change, action: chosen[i]! })) }
        })
        chunkList.sort((a, b) => compareStrings(a.item, b.item) || a.version - b.version)
        return { ...commit, actions, chunkList }
      })
    })
}

const LIFE = new Set<Change['tag']>(['create', 'delete', 'restore'])

/** Where several versions are written, only one of them creates, deletes and restores. */
function withOneLife(chunk: Chunk, lived: Set<string>): Chunk {
  if (!chunk.changes.some(({ tag }) => LIFE.has(tag))) return chunk
  if (!lived.has(chunk.item)) {
    lived.add(chunk.item)
    return chunk
  }
  const changes = chunk.changes.map((change): Change =>
    LIFE.has(change.tag) ? { ...change, field: 'done', tag: 'put', value: true } : change,
  )
  return { ...chunk, changes }
}

/** A commit as it comes from a log. `all`: the list in which its parents stand. */
export function committed(commit: StagedCommit, all: readonly StagedCommit[]): Commit {
  const { id, header, parents, actions, chunkList } = commit
  return {
    id,
    header: {
      kind: 'change',
      repository: '/data/main' as RepositoryPath,
      branch: 'main',
      session: header.session,
      lane: header.session.slice(0, 16) as Lane,
      flush: all.indexOf(commit) + 1,
      time: header.time,
      parents: parents.map((n) => all[n]!.id).sort(),
      bodyHash: NOISE,
      bodyLength: 0,
    },
    headerBytes: NOISE,
    actions,
    chunks: chunkList.map((chunk) => ({ bytes: encodeChunk(chunk, NOISE), hash: NOISE })),
    signature: null,
    bytes: NOISE,
  }
}

/** Puts commits into a ledger, in the order given, one after the other. */
export function addAll(ledger: Ledger, commits: readonly StagedCommit[], all: readonly StagedCommit[]): PastCommit[] {
  return commits.map((commit) => {
    const read = ledger.read(committed(commit, all), 0, 'accepted')
    ledger.add([read])
    return read.commit
  })
}

export function ledgerOf(commits: readonly StagedCommit[]): Ledger {
  const ledger = new Ledger()
  addAll(ledger, commits, commits)
  return ledger
}

/** Every item as history has it at a moment. */
export function* itemsSeen(ledger: Ledger, sight: Sight): Iterable<Item> {
  for (const schema of ledger.schemas()) {
    for (const track of ledger.tracks(schema)) {
      const count = countSeen(track, sight)
      const item = sight.concerned.has(track) ? itemWithout(track, count, sight.except) : itemAfter(track, count)
      if (item.updated) yield item
    }
  }
}

/** The same by folding from the beginning what is seen. */
export function foldSeen(ledger: Ledger, sight: Sight, commits: ReadonlyMap<CommitId, StagedCommit>): RepositoryState {
  const state = new RepositoryState()
  const position = positionOf(sight)
  const seen = ledger.commits.filter((commit) => commit.standing !== 'void' && !sight.except.has(commit))
  for (const { origin, start, actions } of seen) {
    const commit = commits.get(origin.id as CommitId)!
    const done = position - start
    if (done >= actions.length) foldAccepted(state, commit, commit.chunkList)
    else if (done > 0) foldPart(state, commit, done)
  }
  return state
}

/** Folds the first actions of a commit. */
function foldPart(state: RepositoryState, commit: StagedCommit, actions: number): void {
  const { id, header } = commit
  const origin = settledOrigin(header.time, id, header.session)
  for (const { schema, item, version, changes } of commit.chunkList) {
    const kept = changes.map((change, index) => ({ change, index })).filter(({ change }) => change.action < actions)
    if (kept.length === 0) continue
    const list = kept.map(({ change }) => change)
    applyChanges(
      state.open(schema, item),
      { changes: list, version },
      origin,
      kept.map(({ index }) => index),
    )
  }
}

export function bytesOf(items: Iterable<Item>): string {
  return toHex(encodeItems(items))
}

export function bytesOfState(state: RepositoryState): string {
  return bytesOf(visibleItems(state))
}

export function byId(commits: readonly StagedCommit[]): Map<CommitId, StagedCommit> {
  return new Map(commits.map((commit) => [commit.id, commit]))
}
