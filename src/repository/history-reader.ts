/** Reading commits for history: with their bodies, many at once, in pieces. */
import { IbexError } from '../errors.js'
import type { Entry } from '../graph/graph.js'
import type { Ledger, ReadCommit } from '../history/ledger.js'
import type { HistorySource } from '../history/source.js'
import type { CommitId } from '../ids.js'
import type { Pace } from './pace.js'

/** So many commits are read at once. */
const BATCH = 1000
/** So many small steps are as good as one look at the clock. */
const LOOKS = 32

/** What filling a ledger asks while it goes on. */
export interface Filling {
  readonly pause: Pace
  /** Nobody wants it any more. */
  isOver(): boolean
  /** Whether commits were taken out of the graph since this was asked last. */
  wasRenumbered(): boolean
}

/** Fills an empty ledger with all commits of the graph. Throws `history-missing`. */
export async function fillLedger(ledger: Ledger, source: HistorySource, filling: Filling): Promise<void> {
  const { graph } = source
  const { pause } = filling
  let batch: ReadCommit[]
  let first: CommitId | undefined
  do {
    batch = []
    first = graph.size > 0 ? graph.idAt(0) : undefined
    for (let from = 0; from < graph.size; from += BATCH) {
      const most = Math.min(BATCH, graph.size - from)
      const ids = Array.from({ length: most }, (_, i) => graph.idAt(from + i))
      for (const each of await readCommits(ledger, source, ids)) batch.push(each)
      await pause()
      if (filling.isOver()) return
    }
    // Local numbers may be others by now, and then some were passed over.
  } while (filling.wasRenumbered() || (first !== undefined && graph.idAt(0) !== first))
  let steps = 0
  for (const _step of ledger.fill(batch)) {
    const waiting = ++steps % LOOKS === 0 && pause()
    if (waiting) await waiting
    if (filling.isOver()) return
  }
}

/**
 * Puts into a ledger all commits of the graph that it does not have, because they lay below: in pieces, so that nothing stutters.
 * `read`: those that were read before.
 */
export async function deepenLedger(
  ledger: Ledger,
  source: HistorySource,
  read: ReadonlyMap<CommitId, ReadCommit>,
  { pause, isOver }: Pick<Filling, 'pause' | 'isOver'>,
): Promise<void> {
  const { graph, standingOf } = source
  const batch: ReadCommit[] = []
  const linked: ReadCommit[] = []
  // By their names: local numbers may become others.
  const ids = Array.from({ length: graph.size }, (_, n) => graph.idAt(n))
  for (let from = 0; from < ids.length; from += BATCH) {
    const unread: CommitId[] = []
    for (const id of ids.slice(from, from + BATCH)) {
      const n = graph.numberOf(id)
      if (n < 0) continue
      const known = ledger.get(id)
      const older = read.get(id)
      if (known) {
        const parents = graph.parentsAt(n)
        if (known.parents.length === parents.length) continue
        linked.push({ commit: known, parents: parents.map((parent) => graph.idAt(parent)) })
      } else if (older) {
        older.commit.standing = standingOf(id)
        batch.push(older)
      } else unread.push(id)
    }
    if (unread.length > 0) for (const each of await readCommits(ledger, source, unread)) batch.push(each)
    await pause()
    if (isOver()) return
  }
  let steps = 0
  for (const _step of ledger.deepen(batch, linked)) {
    const waiting = ++steps % LOOKS === 0 && pause()
    if (waiting) await waiting
    if (isOver()) return
  }
}

/** Commits of the graph with what they did. Throws `history-missing`. */
export async function readCommits(
  ledger: Ledger,
  source: HistorySource,
  ids: readonly CommitId[],
): Promise<ReadCommit[]> {
  const { graph, standingOf } = source
  const made: ReadCommit[] = []
  const wanted = new Set<CommitId>()
  for (const id of ids) {
    const entry = graph.get(id)
    if (entry?.kind === 'change') wanted.add(id)
    else if (entry) made.push(readEntry(ledger, source, entry))
  }
  await source.load([...wanted], (commit) => {
    // Some may have been withdrawn meanwhile.
    const size = graph.get(commit.id)?.size
    if (wanted.delete(commit.id) && size !== undefined) made.push(ledger.read(commit, size, standingOf(commit.id)))
  })
  let missing = 0
  for (const id of wanted) {
    const entry = graph.get(id)
    if (!entry) continue
    // What was refused need not have come with its content; what is damaged is here all the same.
    if (entry.position < 0 && standingOf(id) !== 'void') missing++
    made.push(readEntry(ledger, source, entry))
  }
  if (missing > 0) throw missingBodies(missing)
  return made
}

/** A commit without a body. */
function readEntry(ledger: Ledger, { graph, standingOf }: HistorySource, entry: Entry): ReadCommit {
  const { id, kind, time, session, size } = entry
  const parents = entry.parents.map((n) => graph.idAt(n))
  return ledger.read({ id, header: { kind, time, session, parents } }, size, standingOf(id))
}

function missingBodies(count: number): IbexError {
  return new IbexError(
    'history-missing',
    `The bodies of ${count} commits are not on this device, or another tab of it has them.`,
  )
}
