/**
 * From a log to memory: reads the newest checkpoint and what came after it, decides the fate of each commit, and folds.
 * A damaged log opens too: what verifies is kept, and what is missing is reported.
 */
import { withDescendants } from '../graph/ancestry.js'
import { type CommitHead, decodeStored, decodeStoredHeader, type LoadedCommit } from '../graph/commit.js'
import { chunksOf, foldAccepted, foldProvisional } from '../history/fold.js'
import { compareTimes, type HybridTime } from '../graph/time.js'
import { RepositoryState } from '../history/state.js'
import type { CommitId } from '../ids.js'
import type { Chunk } from '../item/change.js'
import type { Damage, Log, Position } from '../storage/port.js'
import type { ReadCheckpoint } from './checkpoint.js'
import type { Fates } from './fates.js'
import { type Flush, nameOf } from './flushes.js'
import type { Journal } from './journal.js'
import { createPace } from './pace.js'
import { decodeRecords, type LogRecord } from './records.js'
import { settleRivals, withdraw, type Work, yieldTo } from './remake.js'
import { type Found, hasParents, placeAll, strand } from './stranded.js'
import { type Refusal, unexplained } from './verdicts.js'

export interface Opened {
  /** What was found wrong, in sentences. */
  readonly problems: readonly string[]
  /** Commits that had to be read because they are younger than the checkpoint. */
  readonly tail: number
}

/** A commit of this session with changes. */
interface OwnChange extends Flush {
  readonly id: CommitId
  readonly time: HybridTime
}

/** What a log says after the checkpoint, besides the commits that it puts into the graph. */
interface Tail {
  /** Commits whose parents are nowhere. */
  readonly late: Found[]
  readonly own: OwnChange[]
  /** Each with what it lists as void. */
  readonly seals: (readonly [CommitId, readonly CommitId[]])[]
  readonly voids: Map<CommitId, Refusal>
  readonly frontiers: CommitId[][]
}

/**
 * Fills a journal that holds nothing yet, and its repository's state. Goes through what is younger than the checkpoint twice:
 * what becomes of a commit stands behind it, and to keep all of them until then would take room for the whole history. In
 * pieces, so that a page stays smooth; nobody sees what is folded before the end.
 */
export async function openLog(journal: Journal, log: Log): Promise<Opened> {
  const { graph, repository, fates, storage, verdicts } = journal
  const pace = createPace(repository.surroundings)
  const problems: string[] = []
  const { state, provisional, from } = await openCheckpoint(journal, log, problems)
  const first = graph.size
  const tail = await readTail(journal, log, from, pace)
  decideFates(journal, tail)
  storage.log = log
  problems.push(...log.damage.map(describeDamage))
  // What the disk does not give back any more keeps nothing else from being opened.
  const lost = new Set<CommitId>()
  const read = async (ids: Iterable<CommitId>, each: (commit: LoadedCommit) => unknown): Promise<void> => {
    for (const id of await storage.readCommits(ids, each)) {
      if (!lost.has(id)) problems.push(`The commit ${id} cannot be read from the log any more.`)
      lost.add(id)
    }
  }

  const count = graph.size - first
  const folded = new Set(provisional)
  for (let n = first; n < graph.size; n++) {
    // The others change nothing.
    if (graph.kindAt(n) === 'change' || fates.at(n) === 'provisional') folded.add(graph.idAt(n))
  }
  await read(provisional, (commit) => noteOwn(journal, commit, tail.own))
  const { standing, superseded } = chooseStanding(tail.own, fates)
  const descendants = new Map<CommitId, LoadedCommit>()
  await read(superseded.length > 0 ? withDescendants(graph, superseded).map(({ id }) => id) : [], ({ id, bytes }) =>
    descendants.set(id, decodeStored(bytes.slice(), id)),
  )
  const gone = superseded.length > 0 ? withdraw(journal, superseded) : []
  for (const id of gone) {
    folded.delete(id)
    const commit = descendants.get(id)
    if (commit && !superseded.includes(id)) tail.late.push({ commit, position: 0 })
  }
  for (const id of folded) if (fates.of(id) === 'void') folded.delete(id)
  await read(folded, (commit) => {
    const { id, header, actions } = commit
    if (fates.of(id) === 'accepted') foldAccepted(state, commit)
    else {
      foldProvisional(state, commit)
      if (header.session === repository.session) verdicts.own.set(id, { actions: actions.length })
    }
    return pace()
  })
  repository.adopt(state)

  for (const { commit } of tail.late) {
    const { id, header } = commit
    const stands = header.session === repository.session && standing.has(nameOf(header)) && !gone.includes(id)
    if (!stands && !tail.voids.has(id)) strand(journal, commit)
  }
  const refused = new Map<CommitId, Chunk[]>()
  await read(verdicts.refusals.keys(), (commit) => refused.set(commit.id, chunksOf(commit)))
  for (const refusal of verdicts.refusals.values()) verdicts.keep(refusal, refused.get(refusal.id))
  return { problems, tail: count }
}

/** Puts the commits after a position of the log into the graph. */
async function readTail(
  journal: Journal,
  log: Log,
  from: Position | undefined,
  pace: () => Promise<void> | undefined,
): Promise<Tail> {
  const { graph, options } = journal
  const tail: Tail = { late: [], own: [], seals: [], voids: new Map(), frontiers: [] }
  const place = ({ commit, position }: Found<CommitHead>, anyway = false): boolean => {
    if (graph.has(commit.id)) return true
    if (!anyway && !hasParents(journal, commit)) return false
    graph.setPosition(journal.addToGraph(commit, 'provisional').n, position)
    noteOwn(journal, commit, tail.own)
    // Not the commit, which is a view of a large part of the log.
    if (commit.header.seal) tail.seals.push([commit.id, commit.header.seal.void])
    return true
  }
  const late: Found[] = []
  await log.replay((payload, position) => {
    for (const record of decodeRecords(payload)) {
      switch (record.kind) {
        case 'commit': {
          const head = decodeStoredHeader(record.bytes, options.crypto.sha256)
          if (place({ commit: head, position })) break
          late.push({ commit: decodeStored(record.bytes.slice(), head.id), position })
          break
        }
        case 'session':
          introduce(journal, record)
          break
        case 'accepted':
          tail.frontiers.push([...record.frontier])
          break
        case 'void':
          tail.voids.set(record.id, record as Refusal)
      }
    }
    return pace()
  }, from)
  tail.late.push(...placeAll(journal, late, place))
  return tail
}

/** Takes the authority's word, as the log has it. */
function decideFates(journal: Journal, { voids, seals, frontiers }: Tail): void {
  const { graph, repository, fates, verdicts } = journal
  for (const [id, refusal] of voids) {
    const entry = graph.get(id)
    if (!entry) continue
    fates.unsealedVoids.add(id)
    fates.set(entry.n, 'void')
    if (refusal.code === 'closed') verdicts.refusals.delete(id)
    else if (entry.session === repository.session) verdicts.keep(refusal)
  }
  for (const [id, listed] of seals) {
    for (const voided of listed) {
      fates.unsealedVoids.delete(voided)
      if (graph.has(voided)) fates.set(graph.numberOf(voided), 'void')
    }
    frontiers.push([id])
    fates.lastSeal = id
  }
  fates.accept(journal.options.authority === 'remote' ? frontiers.flat() : graph.heads())
}

function noteOwn({ flushes }: Journal, { id, header }: CommitHead, own: OwnChange[]): void {
  const { lane, flush, time } = header
  if (flushes.isOwnChange(header)) own.push({ id, lane, flush, time })
}

/**
 * Of two commits of one flush that stands of which the authority has spoken, or else the one with the lesser time: it was dated
 * anew. Answers the names of the flushes, and which commits do not stand.
 */
function chooseStanding(
  own: readonly OwnChange[],
  fates: Fates,
): { readonly standing: ReadonlyMap<string, OwnChange>; readonly superseded: readonly CommitId[] } {
  const standing = new Map<string, OwnChange>()
  const superseded: CommitId[] = []
  for (const commit of own) {
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

/** The newest checkpoint, if there is one that this release can read. */
async function openCheckpoint(
  journal: Journal,
  log: Log,
  problems: string[],
): Promise<ReadCheckpoint & { readonly from?: Position }> {
  const keyframe = await log.newestKeyframe()
  if (keyframe) {
    const { canRead, readCheckpoint } = await import('./checkpoint.js')
    if (canRead(keyframe.bytes)) {
      try {
        return { ...readCheckpoint(journal, keyframe.bytes), from: keyframe.covers }
      } catch {
        problems.push('A checkpoint made no sense; the log was read instead.')
      }
    }
  }
  return { state: new RepositoryState(), provisional: [] }
}

/**
 * Makes a log this node's that was another tab's until now: takes from it what did not come here, and writes to it what
 * only this node has.
 */
export async function mergeLog(journal: Journal, log: Log): Promise<void> {
  const { graph, repository, options } = journal
  const accepted: CommitId[] = []
  const late: Found[] = []
  const refusals = new Map<CommitId, Refusal>()
  const seals: CommitHead[] = []
  const works: Work[] = []
  const place = ({ commit, position }: Found, anyway = false): boolean => {
    const { id, header } = commit
    if (!graph.has(id)) {
      const rival = journal.flushes.rivalOf(header)
      if (rival) {
        if (compareTimes(graph.get(rival)!.time, header.time) <= 0) return true
        works.push(...yieldTo(journal, rival))
      }
      if (!anyway && !hasParents(journal, commit)) return false
      journal.addToGraph(commit, 'provisional')
      repository.touch(foldProvisional(repository.state, commit))
      journal.verdicts.fulfil(id)
      if (options.authority !== 'remote') accepted.push(id)
      if (commit.header.kind === 'seal') seals.push(commit)
      journal.onAdmitted.emit([id])
    }
    graph.setPosition(graph.numberOf(id), position)
    return true
  }
  await log.replay((payload, position) => {
    for (const record of decodeRecords(payload)) {
      if (record.kind === 'accepted') accepted.push(...record.frontier)
      if (record.kind === 'session') introduce(journal, record)
      if (record.kind === 'void') {
        journal.verdicts.doom(record as Refusal)
        refusals.set(record.id, record as Refusal)
      }
      if (record.kind !== 'commit') continue
      const { id } = decodeStoredHeader(record.bytes, options.crypto.sha256)
      if (place({ commit: decodeStored(record.bytes, id), position })) continue
      late.push({ commit: decodeStored(record.bytes.slice(), id), position })
    }
  })
  for (const { commit } of placeAll(journal, late, place)) if (!refusals.has(commit.id)) strand(journal, commit)
  for (const seal of seals) journal.verdicts.obey(seal)
  journal.verdicts.accept(accepted)
  if (works.length > 0) settleRivals(journal, works)
  await journal.storage.attach(log)
  // What the earlier owner kept for the app; what was dealt with there needs no more.
  for (const [id, refusal] of refusals) {
    if (refusal.code === 'closed') journal.verdicts.refusals.delete(id)
    else if (graph.get(id)?.session === repository.session && !journal.verdicts.refusals.has(id)) {
      journal.verdicts.keep(refusal, chunksOf(decodeStored(await journal.storage.bytesOf(id), id)))
    }
  }
  // What it could not store any more, or had no time to.
  for (const id of journal.fates.voids()) {
    if (graph.get(id)!.session !== repository.session || refusals.has(id) || journal.verdicts.refusals.has(id)) continue
    const refusal = unexplained(id)
    journal.verdicts.keep(refusal)
    journal.storage.record([{ kind: 'void', ...refusal }])
  }
  repository.publishRemote()
}

function introduce({ options }: Journal, { publicKey, certificate }: Extract<LogRecord, { kind: 'session' }>): void {
  // The log's buffers are large; what is kept of them must not keep them whole.
  options.sessions.addKey(publicKey.slice())
  if (certificate) options.sessions.trust(publicKey.slice(), certificate.slice())
}

function describeDamage({ kind, bytes, records }: Damage): string {
  switch (kind) {
    case 'torn':
      return `An unfinished write of ${bytes} bytes at the end of the log was cut off.`
    case 'gap':
      return `${bytes} bytes of the log are damaged: ${records} record(s) are missing here.`
    case 'header':
      return "A log file's description of itself is damaged; no record is lost."
    case 'keyframe':
      return 'A keyframe is damaged; an older one, or the log, was read instead.'
  }
}
