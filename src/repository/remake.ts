/** Commits of this session that cannot stay as they are, and are committed anew with the same changes. */
import { IbexError } from '../errors.js'
import { withDescendants } from '../graph/ancestry.js'
import { type CommitHead, decodeStored, type LoadedCommit } from '../graph/commit.js'
import { removeCommits } from '../graph/rearranging.js'
import { chunkOf, chunksOf, voidCommit } from '../history/fold.js'
import type { CommitId } from '../ids.js'
import { fromHex, toHex } from '../ids.js'
import type { Change, Chunk } from '../item/change.js'
import { isBytes, type Value } from '../value/value.js'
import type { WrittenFlush } from './flushes.js'
import type { Journal } from './journal.js'
import { unexplained } from './verdicts.js'

/** So many that gave way are remembered: whoever builds upon one comes soon. */
const MOST_GONE = 1024

/** What a commit of this session did. */
export interface Work extends WrittenFlush {
  readonly id: CommitId
}

/**
 * Takes commits out again, with all that descends from them: other commits stand for them, or will. Answers all of them,
 * parents first; nothing if others than this session build upon them, or the authority has spoken.
 */
export function withdraw(journal: Journal, ids: readonly CommitId[]): CommitId[] {
  const { graph, repository, fates } = journal
  const entries = withDescendants(graph, ids)
  if (entries.some(({ id, session }) => fates.of(id) !== 'provisional' || session !== repository.session)) return []
  const gone = entries.map(({ id }) => id)
  takeOut(journal, gone)
  return gone
}

/** Takes commits out of graph and state, from which nothing that stays descends, and none of which is accepted. */
export function takeOut(journal: Journal, ids: readonly CommitId[]): void {
  const { graph, fates, storage, repository, boundary, onWithdrawn } = journal
  noteGone(journal, ids)
  for (const id of ids) repository.touch(voidCommit(repository.state, id))
  storage.drop(ids)
  fates.renumber(removeCommits(graph, new Set(ids)))
  for (const id of ids) boundary?.detach(id)
  onWithdrawn.emit(ids)
}

/** Others stand for these, or will: whoever builds upon one does not wait for it. */
export function noteGone({ gaveWay }: Journal, ids: readonly CommitId[]): void {
  for (const id of ids) gaveWay.add(id)
  for (const oldest of gaveWay) {
    if (gaveWay.size <= MOST_GONE) break
    gaveWay.delete(oldest)
  }
}

/** Another commit stands for one that was withdrawn, and whoever waits for that waits for this. */
export function replace({ verdicts, fates }: Journal, id: CommitId, by: CommitId): void {
  const before = verdicts.own.get(id)
  verdicts.own.delete(id)
  if (!before) return
  const { window } = before
  const own = verdicts.own.get(by)
  const fate = fates.of(by)
  // The authority has spoken already.
  if (fate === 'accepted') window?.reach('server')
  else if (fate === 'void') {
    const { code, message } = unexplained(by)
    window?.refuse(new IbexError(code, message))
  } else if (!own) verdicts.own.set(by, before)
  else if (window) {
    own.window?.wait('local').then(
      () => window.reach('local'),
      () => {},
    )
    own.window?.wait('server').then(
      () => window.reach('server'),
      (error: unknown) => window.refuse(error),
    )
  }
}

/**
 * What earlier processes of this session built upon those that give way to commits that come: to be read before
 * {@link yieldTo}, which waits for nothing. Whoever has no log follows a tab that has, and does this.
 */
export async function readHeirs(
  { graph, flushes, storage, verdicts, repository }: Journal,
  coming: readonly CommitHead[],
): Promise<ReadonlyMap<CommitId, Work>> {
  const heirs = new Map<CommitId, Work>()
  if (!storage.log) return heirs
  const rivals = coming.flatMap(({ header }) => flushes.rivalOf(header) ?? [])
  for (const { id, kind, session } of withDescendants(graph, rivals)) {
    if (kind !== 'change' || session !== repository.session || verdicts.own.get(id)?.window) continue
    // What cannot be read is found in the log by the next process.
    const bytes = await storage.bytesOf(id).catch(() => undefined)
    if (bytes) heirs.set(id, datedAnew(decodeStored(bytes, id), repository.surroundings.clock.now()))
  }
  return heirs
}

/** What a commit of this session did, with the times that this device's clock should have said; `now`: what it says. */
export function datedAnew(commit: LoadedCommit, now: number): Work {
  const { id, header, actions } = commit
  const start = Math.min(header.time.ms, now)
  return {
    id,
    lane: header.lane,
    flush: header.flush,
    actions: actions.map(({ label, offset }) => ({ label, at: start + offset })),
    chunks: chunksOf(commit),
  }
}

/**
 * A commit of this session has come that stands for `rival`: takes that out. Answers what others descended from it did, that
 * this process wrote or an earlier one (`heirs`): call {@link settleRivals} with it when all that came is in the graph.
 */
export function yieldTo(journal: Journal, rival: CommitId, heirs?: ReadonlyMap<CommitId, Work>): Work[] {
  const works = withDescendants(journal.graph, [rival]).flatMap(({ id }) => workOf(journal, id) ?? heirs?.get(id) ?? [])
  const gone = withdraw(journal, [rival])
  for (const id of gone) if (!works.some((work) => work.id === id)) journal.verdicts.own.delete(id)
  return gone.length > 0 ? works : []
}

/** What this process wrote with a commit that is not accepted yet. */
function workOf({ verdicts, repository }: Journal, id: CommitId): Work | undefined {
  const { window, lane } = verdicts.own.get(id) ?? {}
  const provisional = repository.state.provisional.get(id)
  if (!window || !lane || !provisional) return undefined
  return { id, lane, flush: window.flush, actions: window.actions, chunks: provisional.parts.map(chunkOf) }
}

/** What has another commit by now is that one; what has none is committed again. */
export function settleRivals(journal: Journal, works: readonly Work[]): void {
  const left: Work[] = []
  for (const work of works) {
    const id = journal.flushes.commitOf(work)
    if (id) replace(journal, work.id, id)
    // Whichever lane it is of: its page may be gone. One that is there makes way for what comes from here.
    else left.push(work)
  }
  if (left.length > 0) remake(journal, left)
}

/** Commits again, on what is here now, what is given parents first. `stored`: is told of each that is durable again. */
export function remake(journal: Journal, works: readonly Work[], stored?: (id: CommitId) => void): void {
  const { repository } = journal
  const ids = new Map<CommitId, CommitId>()
  for (const { id, lane, flush, actions, chunks } of works) {
    const renamed = chunks.map((chunk) => renameAdds(chunk, ids))
    const window = journal.recommit({ lane, flush, actions, chunks: renamed })
    if (!window.id) continue
    ids.set(id, window.id)
    replace(journal, id, window.id)
    if (stored) {
      window.wait('local').then(
        () => stored(id),
        () => {},
      )
    }
  }
  repository.publishRemote()
}

/** Removes name what was added by its commit. */
function renameAdds(chunk: Chunk, ids: ReadonlyMap<CommitId, CommitId>): Chunk {
  if (ids.size === 0 || chunk.changes.every(({ tag }) => tag !== 'remove')) return chunk
  return { ...chunk, changes: chunk.changes.map((change) => renameRemove(change, ids)) }
}

function renameRemove(change: Change, ids: ReadonlyMap<CommitId, CommitId>): Change {
  const [element, adds] = change.tag === 'remove' && Array.isArray(change.value) ? (change.value as Value[]) : []
  if (element === undefined || !Array.isArray(adds)) return change
  const renamed = (adds as Value[]).map((add) => {
    const [commit, index] = Array.isArray(add) ? (add as Value[]) : []
    const id = isBytes(commit) ? ids.get(toHex(commit) as CommitId) : undefined
    return id ? [fromHex(id), index!] : add
  })
  return { ...change, value: [element, renamed] }
}
