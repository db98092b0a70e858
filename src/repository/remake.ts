/** Commits of this session that cannot stay as they are, and are committed anew with the same changes. */
import { withDescendants } from '../graph/ancestry.js'
import type { CommitId } from '../ids.js'
import { fromHex, toHex } from '../ids.js'
import type { Change, Chunk } from '../item/change.js'
import { isBytes, type Value } from '../value/value.js'
import type { Journal, Work } from './journal.js'

/**
 * A commit of this session has come that stands for `rival`: takes that out. Answers what others descended from it did, that
 * this process wrote: call {@link settleRivals} with it when all that came is in the graph.
 */
export function yieldTo(journal: Journal, rival: CommitId): Work[] {
  const works = withDescendants(journal.graph, [rival]).flatMap(({ id }) => journal.workOf(id) ?? [])
  const gone = journal.withdraw([rival])
  for (const id of gone) if (!works.some((work) => work.id === id)) journal.forgetVerdict(id)
  return gone.length > 0 ? works : []
}

/** What has another commit by now is that one; what has none is committed again. */
export function settleRivals(journal: Journal, works: readonly Work[]): void {
  const left: Work[] = []
  for (const work of works) {
    const id = journal.commitOf(work)
    if (id) journal.replace(work.id, id)
    else if (work.lane === journal.options.lane) left.push(work)
    else journal.forgetVerdict(work.id)
  }
  if (left.length > 0) remake(journal, left)
}

/** Commits again, on what is here now, what is given parents first. `stored`: is told of each that is durable again. */
export function remake(journal: Journal, works: readonly Work[], stored?: (id: CommitId) => void): void {
  const { repository } = journal
  const ids = new Map<CommitId, CommitId>()
  // Changes that came later stay the later ones.
  journal.capture(Number.POSITIVE_INFINITY)
  for (const { id, lane, flush, actions, chunks } of works) {
    const window = repository.adoptWindow(
      flush,
      actions,
      chunks.map((chunk) => renameAdds(chunk, ids)),
    )
    journal.recommit(window, lane)
    if (!window.id) continue
    ids.set(id, window.id)
    journal.replace(id, window.id)
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
