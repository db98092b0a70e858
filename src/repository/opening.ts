/**
 * From a log to memory: reads the newest checkpoint and what came after it, decides the fate of each commit, and folds.
 * A damaged log opens too: what verifies is kept, and what is missing is reported.
 */
import { type CommitHead, decodeStored, decodeStoredHeader, type LoadedCommit } from '../graph/commit.js'
import { chunksOf, foldAccepted, foldProvisional } from '../history/fold.js'
import { RepositoryState } from '../history/state.js'
import type { CommitId } from '../ids.js'
import type { Chunk } from '../item/change.js'
import type { Log, Position } from '../storage/port.js'
import type { ReadCheckpoint } from './checkpoint.js'
import type { Reopening } from './clone.js'
import { hasDoubles } from './flushes.js'
import type { Journal } from './journal.js'
import type { Found, OwnChange } from './mending.js'
import { loadSeldomOfRepository } from './on-demand.js'
import { createPace, type Pace } from './pace.js'
import { decodeRecords, type LogRecord } from './records.js'
import type { Refusal } from './verdicts.js'

export interface Opened {
  /** What was found wrong, in sentences. */
  readonly problems: readonly string[]
  /** Commits that had to be read because they are younger than the checkpoint. */
  readonly tail: number
}

/** So many commits are read at once. */
const BATCH = 2048

/** What a log says after the checkpoint, besides the commits that it puts into the graph. */
interface Tail {
  /** Commits whose parents are nowhere. */
  late: readonly Found[]
  readonly own: OwnChange[]
  /** Each with what it lists as void. */
  readonly seals: (readonly [CommitId, readonly CommitId[]])[]
  readonly voids: Map<CommitId, Refusal>
  /** Closed, and not known to be void: what was committed anew, or a refusal that was dealt with before the checkpoint. */
  readonly closed: CommitId[]
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
  const { state, provisional, from } = await openCheckpoint(journal, log, problems, pace)
  const first = graph.size
  const tail = await readTail(journal, log, from, state, pace)
  decideFates(journal, tail)
  storage.log = log
  // At once, because what is loaded may not come, and then nothing is folded yet.
  let seldom = tail.late.length > 0 || log.damage.length > 0 ? await loadSeldomOfRepository() : undefined
  if (seldom) problems.push(...log.damage.map(seldom.describeDamage))
  // What the disk does not give back any more keeps nothing else from being opened.
  const lost = new Set<CommitId>()
  const read = async (ids: Iterable<CommitId>, each: (commit: LoadedCommit) => unknown): Promise<void> => {
    for (const id of await storage.readCommits(ids, each)) {
      if (!lost.has(id)) problems.push(`The commit ${id} cannot be read any more.`)
      lost.add(id)
    }
  }

  const count = graph.size - first
  const folded = provisional.slice()
  for (let n = first; n < graph.size; n++) {
    // The others change nothing.
    if (graph.kindAt(n) === 'change' || fates.at(n) === 'provisional') folded.push(graph.idAt(n))
    if (n % BATCH === 0) await pace()
  }
  await read(provisional, (commit) => noteOwn(journal, commit, tail.own))
  if (tail.closed.length > 0 || hasDoubles(tail.own)) seldom ??= await loadSeldomOfRepository()
  const mended = await seldom?.mend(journal, tail, read)
  const gone = new Set(mended?.gone)
  for (let from = 0; from < folded.length; from += BATCH) {
    const batch = folded.slice(from, from + BATCH).filter((id) => !gone.has(id) && fates.of(id) !== 'void')
    await read(batch, (commit) => {
      const { id, header, actions } = commit
      if (fates.of(id) === 'accepted') foldAccepted(state, commit)
      else {
        foldProvisional(state, commit)
        if (header.session === repository.session) verdicts.own.set(id, { actions: actions.length })
      }
      return pace()
    })
  }
  repository.adopt(state)

  for (const commit of mended?.lost ?? []) if (!tail.voids.has(commit.id)) seldom?.strand(journal, commit)
  const refused = new Map<CommitId, Chunk[]>()
  await read(verdicts.refusals.keys(), (commit) => refused.set(commit.id, chunksOf(commit)))
  for (const refusal of verdicts.refusals.values()) verdicts.keep(refusal, refused.get(refusal.id))
  if (journal.boundary?.edge.length === 0) {
    const { complete, sealWords } = await loadSeldomOfRepository()
    complete(journal, await sealWords(journal))
  }
  return { problems, tail: count }
}

/** Puts the commits after a position of the log into the graph. `state`: what they will be folded into. */
async function readTail(
  journal: Journal,
  log: Log,
  from: Position | undefined,
  state: RepositoryState,
  pace: Pace,
): Promise<Tail> {
  const { graph, options } = journal
  const tail: Tail = { late: [], own: [], seals: [], voids: new Map(), closed: [], frontiers: [] }
  const place = ({ commit, position }: Found<CommitHead>, anyway = false): boolean => {
    if (graph.has(commit.id)) return true
    if (!anyway && !journal.hasParents(commit)) return false
    graph.setPosition(journal.addToGraph(commit, 'provisional').n, position)
    noteOwn(journal, commit, tail.own)
    // Not the commit, which is a view of a large part of the log.
    if (commit.header.seal) tail.seals.push([commit.id, commit.header.seal.void])
    return true
  }
  let late: Found[] = []
  let reopening: Reopening | undefined
  const takePast = async (records: readonly LogRecord[], position: Position): Promise<void> => {
    reopening ??= new (await loadSeldomOfRepository()).Reopening(journal, state)
    late = reopening.take(records, position, late)
  }
  await log.replay((payload, position) => {
    let past: LogRecord[] | undefined
    for (const record of decodeRecords(payload)) {
      switch (record.kind) {
        case 'commit': {
          const head = decodeStoredHeader(record.bytes, options.crypto.sha256)
          // What a keyframe was taken at follows the word that says so.
          if (!past && place({ commit: head, position })) break
          late.push({ commit: decodeStored(record.bytes.slice(), head.id), position })
          break
        }
        case 'session':
          options.sessions.recall(record)
          break
        case 'accepted':
          tail.frontiers.push([...record.frontier])
          break
        case 'void':
          if (record.code === 'closed' && !tail.voids.has(record.id)) tail.closed.push(record.id)
          else tail.voids.set(record.id, record as Refusal)
          break
        default:
          past ??= []
          past.push(record)
      }
    }
    return past ? takePast(past, position) : pace()
  }, from)
  if (reopening) late = late.concat(await reopening.end(log))
  if (late.length > 0) tail.late = (await loadSeldomOfRepository()).placeAll(journal, late, place)
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

/** The newest checkpoint, if there is one that this release can read. */
async function openCheckpoint(
  journal: Journal,
  log: Log,
  problems: string[],
  pace: Pace,
): Promise<ReadCheckpoint & { readonly from?: Position }> {
  const keyframe = await log.newestKeyframe()
  if (keyframe) {
    // Without it all is read from the log, which takes longer.
    const seldom = await loadSeldomOfRepository().catch(() => undefined)
    if (seldom?.canRead(keyframe.bytes)) {
      try {
        return { ...(await seldom.readCheckpoint(journal, keyframe.bytes, pace)), from: keyframe.covers }
      } catch {
        problems.push('A checkpoint made no sense; the log was read instead.')
      }
    }
  }
  return { state: new RepositoryState(), provisional: [] }
}
