/**
 * Opening a log that is damaged, or has more than it should. Loaded when one does.
 *
 * Commits whose past was lost are stranded: where there is a server they are not in the graph, but shown. It sends what is
 * missing, and them again, and then they are in it like any other. What it does not have either was of this device alone,
 * and is committed anew on what is left.
 */
import { chunksOf, foldProvisional, voidCommit } from '../history/fold.js'
import { withDescendants } from '../graph/ancestry.js'
import { type CommitHead, decodeStored, type LoadedCommit } from '../graph/commit.js'
import { compareTimes, type HybridTime } from '../graph/time.js'
import type { CommitId } from '../ids.js'
import type { Damage, Position } from '../storage/port.js'
import type { Fates } from './fates.js'
import { type Flush, type Flushes, nameOf } from './flushes.js'
import type { Journal } from './journal.js'
import { noteGone, remake, replace, withdraw, type Work } from './remake.js'

/** A commit as it lies in a log. */
export interface Found<C extends CommitHead = LoadedCommit> {
  readonly commit: C
  readonly position: Position
}

/** A commit of this session with changes. */
export interface OwnChange extends Flush {
  readonly id: CommitId
  readonly time: HybridTime
}

/**
 * Places commits that lie before their parents, which came anew after damage, or could not be stored at first. Answers those
 * whose parents are nowhere; without a server they are placed without the parents that damage took.
 */
export function placeAll(
  { options, flushes, graph }: Journal,
  late: readonly Found[],
  place: (found: Found, anyway: boolean) => boolean,
): Found[] {
  const last = lastOfEachFlush(flushes, late)
  // A parent is earlier than its child.
  const sorted = [...late].sort((a, b) => compareTimes(a.commit.header.time, b.commit.header.time))
  return sorted.filter((found) => {
    const { header, id } = found.commit
    // It was stranded, and committed anew, and then its past came after all.
    const by = flushes.rivalOf(header)
    const superseded = by !== undefined && by !== id && graph.get(by)!.position > found.position
    return !superseded && !isOvertaken(flushes, last, found) && !place(found, options.authority !== 'remote')
  })
}

/** Of commits of this session with changes: which one of each flush the log has last. */
function lastOfEachFlush(flushes: Flushes, found: readonly Found[]): ReadonlyMap<string, Found> {
  const last = new Map<string, Found>()
  for (const each of found) {
    const { header } = each.commit
    if (!flushes.isOwnChange(header)) continue
    const name = nameOf(header)
    const before = last.get(name)
    if (!before || before.position < each.position) last.set(name, each)
  }
  return last
}

function isOvertaken(flushes: Flushes, last: ReadonlyMap<string, Found>, { commit }: Found): boolean {
  const by = flushes.isOwnChange(commit.header) ? last.get(nameOf(commit.header)) : undefined
  return by !== undefined && by.commit.id !== commit.id
}

/** What a log says, as far as it may have to be mended. */
interface Damaged {
  /** In the graph. */
  readonly own: readonly OwnChange[]
  /** Commits whose parents are nowhere. */
  readonly late: readonly Found[]
  /** What was committed anew, and refusals that were dealt with. */
  readonly closed: readonly CommitId[]
}

/** What {@link mend} makes of a log. */
export interface Mended {
  /** Taken out of the graph again. */
  readonly gone: readonly CommitId[]
  /** What has no past, and is not there in another form: to be stranded. */
  readonly lost: readonly LoadedCommit[]
}

/** Clears up what was read of a log into the graph, before it is folded. `read`: gives commits that are there. */
export async function mend(
  journal: Journal,
  tail: Damaged,
  read: (ids: Iterable<CommitId>, each: (commit: LoadedCommit) => unknown) => Promise<void>,
): Promise<Mended> {
  const { graph, repository, fates, verdicts } = journal
  const { own, late } = tail
  const closed = new Set(tail.closed)
  for (const id of closed) verdicts.refusals.delete(id)
  const isRemade = (id: CommitId): boolean => closed.has(id) && fates.of(id) === 'provisional'
  const { standing, superseded } = chooseStanding(own, fates, isRemade)
  const descendants = new Map<CommitId, LoadedCommit>()
  await read(superseded.length > 0 ? withDescendants(graph, superseded).map(({ id }) => id) : [], ({ id, bytes }) =>
    descendants.set(id, decodeStored(bytes.slice(), id)),
  )
  // One by one what was committed anew: what cannot go any more keeps nothing else.
  const gone = [superseded.filter((id) => !closed.has(id)), ...Array.from(closed, (id) => [id])].flatMap((ids) =>
    ids.some((id) => graph.has(id) && fates.of(id) === 'provisional') ? withdraw(journal, ids) : [],
  )
  for (const id of closed) if (isRemade(id) && graph.has(id)) fates.set(graph.numberOf(id), 'void')
  const orphans = gone.flatMap((id) => (superseded.includes(id) ? [] : (descendants.get(id) ?? [])))
  const lost = [...late.map(({ commit }) => commit), ...orphans].filter(({ id, header }) => {
    const stands = header.session === repository.session && standing.has(nameOf(header)) && !gone.includes(id)
    return !stands && !closed.has(id)
  })
  return { gone, lost }
}

/**
 * Of two commits of one flush that stands of which the authority has spoken, or else the one with the lesser time: it was dated
 * anew; and none that was committed anew (`isRemade`). Answers the names of the flushes, and which commits do not stand.
 */
function chooseStanding(
  own: readonly OwnChange[],
  fates: Fates,
  isRemade: (id: CommitId) => boolean,
): { readonly standing: ReadonlyMap<string, OwnChange>; readonly superseded: readonly CommitId[] } {
  const standing = new Map<string, OwnChange>()
  const superseded: CommitId[] = []
  for (const commit of own) {
    if (isRemade(commit.id)) {
      superseded.push(commit.id)
      continue
    }
    const flush = nameOf(commit)
    const before = standing.get(flush)
    const open = fates.of(commit.id) === 'provisional'
    const yields = before && open && compareTimes(before.time, commit.time) <= 0
    if (before && fates.of(before.id) === 'provisional' && !yields) superseded.push(before.id)
    else if (before && open) superseded.push(commit.id)
    if (!before || !superseded.includes(commit.id)) standing.set(flush, commit)
  }
  return { standing, superseded }
}

/** Shows a commit whose past is missing. */
export function strand(journal: Journal, commit: LoadedCommit): void {
  const { id, header, actions } = commit
  const { state, session } = journal.repository
  journal.stranded.set(id, commit)
  journal.flushes.note(header)
  journal.flushes.holed.add(header.lane)
  journal.repository.touch(foldProvisional(state, commit))
  if (header.session === session) journal.verdicts.own.set(id, { actions: actions.length })
}

/**
 * The server has sent all it has. What this session wrote in those that are still stranded, or in these of them, goes into the
 * graph as it is where its past has come: it may be on its way to the server. Of the others new commits are made.
 */
export function remakeStranded(journal: Journal, commits: Iterable<LoadedCommit> = journal.stranded.values()): void {
  const { repository, options, stranded } = journal
  if (journal.isClosed) return
  const own = [...commits].filter(({ header, id }) => {
    if (header.session !== repository.session) return false
    const by = journal.flushes.commitOf(header)
    if (by === undefined) return true
    // The server had the same flush, dated anew.
    stranded.delete(id)
    repository.touch(voidCommit(repository.state, id))
    replace(journal, id, by)
    return false
  })
  // What a page left may have joined them last, and is the earliest.
  own.sort((a, b) => compareTimes(a.header.time, b.header.time))
  const placed = placeAgain(journal, own)
  const lost = own.filter((commit) => !placed.includes(commit))
  if (lost.length === 0) {
    repository.publishRemote()
    journal.onProgress.emit()
    return
  }
  for (const { id } of lost) {
    stranded.delete(id)
    repository.touch(voidCommit(repository.state, id))
  }
  noteGone(
    journal,
    lost.map(({ id }) => id),
  )
  // Flushes have their order: those with smaller numbers first.
  journal.capture(Number.POSITIVE_INFINITY)
  const works = lost.map((commit): Work => {
    const { id, header, actions } = commit
    const start = header.time.ms - options.clockOffset()
    const remade = actions.map(({ label, offset }) => ({ label, at: start + offset }))
    return { id, lane: header.lane, flush: header.flush, actions: remade, chunks: chunksOf(commit) }
  })
  remake(journal, works, (id) => journal.storage.record([{ kind: 'void', id, code: 'closed', message: '' }]))
}

/** Puts into the graph, as they are, those whose past is here by now; answers them. Of `commits` the older come first. */
function placeAgain(journal: Journal, commits: readonly LoadedCommit[]): LoadedCommit[] {
  const { repository, verdicts, storage, onAdmitted } = journal
  const placed = commits.filter((commit) => {
    if (!journal.hasParents(commit) || verdicts.isDoomed(commit.id)) return false
    journal.addToGraph(commit, 'provisional')
    // What was written over it meanwhile may be dated before it, by a clock that is behind: it is folded once more, in order.
    repository.touch(voidCommit(repository.state, commit.id))
    repository.touch(foldProvisional(repository.state, commit))
    return true
  })
  if (placed.length > 0) {
    void storage.store(placed)
    onAdmitted.emit(placed.map(({ id }) => id))
  }
  return placed
}

/** What was found wrong with a log, as a sentence. */
export function describeDamage({ kind, bytes, records }: Damage): string {
  switch (kind) {
    case 'torn':
      return `An unfinished write of ${bytes} bytes at the end of the log was cut off.`
    case 'gap':
      return `${bytes} bytes of the log are damaged: ${records === 1 ? 'one record is' : `${records} records are`} missing here.`
    case 'header':
      return "A log file's description of itself is damaged; no record is lost."
    case 'keyframe':
      return 'A keyframe is damaged; an older one, or the log, was read instead.'
  }
}
