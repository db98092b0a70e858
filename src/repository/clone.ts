/**
 * Beginning from a keyframe instead of the first commit: a replica that holds nothing takes the state at some commits, puts
 * it under what it has written itself, and goes on from there like any other (protocol.md, section 6).
 *
 * In the log the keyframe lies in parts, and behind them, in one frame, the word that they are one and the commits at which
 * it was taken: before that frame is durable nothing has begun (I-15). Loaded where a replica begins so, or did.
 */
import { IbexError } from '../errors.js'
import { frontierOf } from '../graph/ancestry.js'
import { type Commit, type CommitHead, decodeStored, decodeStoredHeader } from '../graph/commit.js'
import type { Graph, OlderCommit } from '../graph/graph.js'
import { putGraphBelow } from '../graph/below.js'
import { compareTimes } from '../graph/time.js'
import { foldUnder } from '../history/fold-under.js'
import { decodeKeyframe, keyframeAuthors } from '../history/keyframe.js'
import type { RepositoryState } from '../history/state.js'
import type { CommitId, SessionId } from '../ids.js'
import type { Item } from '../item/state.js'
import type { Log, Position } from '../storage/port.js'
import { concatBytes } from '../value/bytes.js'
import { Boundary } from './boundary.js'
import type { Journal } from './journal.js'
import type { Found } from './mending.js'
import { type PastRecord, pastRecord, readPast } from './past-records.js'
import { commitIn, decodeRecords, encodeRecords, type LogRecord } from './records.js'

/** Bytes of a keyframe in one frame of the log. */
const PART_BYTES = 256 * 1024
/** A replica that has written more before it met anybody takes all commits. */
const MAX_OWN = 256

/** Whether a journal holds nothing but what its own session has written, and nobody has spoken of that yet. */
export function isBlank({ graph, boundary, stranded, fates, verdicts, repository, options }: Journal): boolean {
  if (boundary || stranded.size > 0 || verdicts.refusals.size > 0 || graph.size > MAX_OWN) return false
  // Without an authority what is written stands at once, and is not looked upon as only this replica's.
  if (options.authority !== 'remote') return graph.size === 0
  for (let n = 0; n < graph.size; n++) {
    if (graph.sessionAt(n) !== repository.session || fates.of(graph.idAt(n)) !== 'provisional') return false
  }
  return true
}

/**
 * Begins from a keyframe that was taken at these commits; a blank journal only, and to be run alone. Resolves when that is
 * durable, or will be: see `CommitStorage.storeBase`. Throws `malformed-bytes`, `newer-version`, and then nothing has begun.
 */
export async function begin(journal: Journal, at: readonly Commit[], keyframe: Uint8Array): Promise<void> {
  const { repository } = journal
  repository.touch(enter(journal, at, repository.state, keyframe))
  journal.onBegun.emit()
  repository.publishRemote()
  const payloads: Uint8Array[] = []
  for (let from = 0; from < keyframe.length; from += PART_BYTES) {
    const bytes = keyframe.subarray(from, from + PART_BYTES)
    payloads.push(encodeRecords([pastRecord({ kind: 'part', index: payloads.length, bytes })]))
  }
  payloads.push(
    encodeRecords([
      ...[...keyframeAuthors(keyframe).sessions].flatMap((id) => sessionRecord(journal, id)),
      pastRecord({ kind: 'begin', parts: payloads.length, size: keyframe.length, at: at.map(({ id }) => id) }),
      ...at.map(({ bytes }): LogRecord => ({ kind: 'commit', bytes })),
    ]),
  )
  await storeFirst(journal, payloads, at)
}

/**
 * Writes payloads of which the last holds these commits too. Until they are durable, that is tried before anything else.
 * Without a log, where another tab has one, nothing is written.
 */
async function storeFirst(
  { storage, graph, boundary }: Journal,
  payloads: readonly Uint8Array[],
  at: readonly Commit[],
): Promise<void> {
  for (const commit of at) storage.keep(commit)
  if (!storage.log) return
  storage.first = async (log) => {
    const positions = await Promise.all(payloads.map((payload) => log.append(payload)))
    const last = positions.pop()!
    boundary!.parts = positions
    for (const { id } of at) if (graph.has(id)) graph.setPosition(graph.numberOf(id), last)
    storage.drop(at.map(({ id }) => id))
    storage.first = undefined
  }
  await storage.track(storage.first(storage.log))
}

/**
 * Writes commits from below, and of those who wrote them what `known` does not name yet. Rejects where they cannot be stored,
 * also as long as a log is still to be taken over: what is below must not be whole here before it is there.
 */
export async function storeOlder(journal: Journal, commits: readonly Commit[], known: Set<SessionId>): Promise<void> {
  const { log, awaited } = journal.storage
  if (!log && awaited) throw new IbexError('storage', 'The log of this device is not there yet.')
  if (!log) return
  await Promise.all(
    commits.map(async ({ id, bytes, header: { session } }) => {
      const records = known.has(session) ? [] : sessionRecord(journal, session)
      records.push({ kind: 'older', bytes })
      const position = await log.append(encodeRecords(records))
      known.add(session)
      journal.boundary?.stored(id, position)
    }),
  )
}

export function sessionRecord({ options }: Journal, id: SessionId): LogRecord[] {
  const known = options.sessions.get(id)
  return known ? [{ kind: 'session', publicKey: known.publicKey, certificate: known.certificate }] : []
}

/** The commits that stand for all that is accepted. */
export function acceptedFrontier({ graph, fates }: Journal): CommitId[] {
  const accepted = new Set<CommitId>()
  const open = graph.heads()
  const seen = new Set<CommitId>()
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    if (fates.of(id) === 'accepted') accepted.add(id)
    else for (const parent of graph.get(id)!.parents) open.push(graph.idAt(parent))
  }
  return frontierOf(graph, accepted)
}

/** The keyframe that a journal began from, as far as its log has it: what everything below its graph comes to. */
export async function baseOf(journal: Journal): Promise<RepositoryState | undefined> {
  const bytes = await baseBytesOf(journal)
  return bytes && decodeKeyframe(bytes)
}

/** The same as it is kept. */
export async function baseBytesOf({ boundary, storage }: Journal): Promise<Uint8Array | undefined> {
  const { log } = storage
  if (!boundary || !log || boundary.parts.length === 0) return undefined
  const parts: Uint8Array[] = []
  for (const position of boundary.parts) {
    for (const record of decodeRecords(await log.read(position))) {
      const past = record.kind === 'past' ? readPast(record.bytes) : undefined
      if (past?.kind === 'part') parts.push(past.bytes)
    }
  }
  return concatBytes(...parts)
}

/** Begins at these commits, in memory: what was accepted there goes under what is in a state. Answers what shows it. */
function enter(
  journal: Journal,
  at: readonly CommitHead[],
  state: RepositoryState,
  keyframe: Uint8Array,
): Iterable<Item> {
  const { repository, fates, graph } = journal
  const accepted = decodeKeyframe(keyframe)
  const boundary = new Boundary(
    at.map(({ id }) => id),
    at.length === 1 ? at[0]!.header.seal?.count : undefined,
    repository.surroundings.random,
  )
  journal.boundary = boundary
  for (const commit of at) {
    const { id, header } = commit
    boundary.attach(id, header, (parent) => graph.has(parent))
    journal.addToGraph(commit, 'accepted')
    if (header.kind === 'seal') fates.lastSeal = id
  }
  return foldUnder(state, accepted)
}

/** Identity: one for each log that is opened and says that its past began from a keyframe, or is still to be completed. */
export class Reopening {
  private readonly journal: Journal
  private readonly state: RepositoryState
  private parts: Uint8Array[] = []
  private positions: Position[] = []
  private readonly older: OlderCommit[] = []
  /** What shows the keyframe. */
  shown: Iterable<Item> = []

  /** `state`: what the commits of the log will be folded into. */
  constructor(journal: Journal, state: RepositoryState) {
    this.journal = journal
    this.state = state
  }

  /** Takes records of one frame. Answers which of the commits that were found before their parents are still to be placed. */
  take(records: readonly LogRecord[], position: Position, late: Found[]): Found[] {
    const { journal } = this
    let left = late
    for (const record of records) {
      if (record.kind === 'older') {
        this.older.push(outline(decodeStoredHeader(record.bytes, journal.options.crypto.sha256), position))
      }
      if (record.kind !== 'past') continue
      const past = readPast(record.bytes)
      if (past.kind === 'part') {
        if (past.index === 0) this.forgetParts()
        this.parts.push(past.bytes.slice())
        this.positions.push(position)
      } else if (past.kind === 'begin') left = this.begin(past, left)
      else if (past.kind === 'below') journal.boundary?.tell(past)
      else journal.unchecked = past.left
    }
    return left
  }

  /** The log was read. Answers what is to be placed besides. */
  async end(log: Log): Promise<Found[]> {
    const { journal, older } = this
    if (journal.boundary) {
      addOlder(journal.boundary, older)
      return []
    }
    // The keyframe is lost, or was never whole: these are commits like any others.
    const found: Found[] = []
    for (const { id, position } of older) {
      const bytes = journal.graph.has(id)
        ? undefined
        : commitIn(await log.read(position), id, journal.options.crypto.sha256)
      if (bytes) found.push({ commit: decodeStored(bytes, id), position })
    }
    return found
  }

  private begin({ parts, size, at }: Extract<PastRecord, { kind: 'begin' }>, late: Found[]): Found[] {
    const { journal, positions } = this
    const { graph } = journal
    const keyframe = concatBytes(...this.parts)
    const isWhole = this.parts.length === parts && keyframe.length === size
    this.forgetParts()
    const found = late.filter(({ commit }) => at.includes(commit.id))
    if (journal.boundary || !isWhole || found.length !== at.length) return late
    this.shown = enter(
      journal,
      found.map(({ commit }) => commit),
      this.state,
      keyframe,
    )
    journal.boundary!.parts = positions
    for (const { commit, position } of found) graph.setPosition(graph.numberOf(commit.id), position)
    return late.filter((each) => !found.includes(each))
  }

  private forgetParts(): void {
    this.parts = []
    this.positions = []
  }
}

/** Takes older commits that were found in a log, in whichever order; what nothing names is left out, and comes anew. */
export function addOlder(boundary: Boundary, older: readonly OlderCommit[]): void {
  const sorted = [...older].sort((a, b) => compareTimes(b.header.time, a.header.time))
  for (const commit of sorted) if (boundary.edgeHas(commit.id)) boundary.add(commit)
}

/** What of a commit the boundary keeps. */
export function outline(
  { id, header: { kind, session, time, parents }, bytes }: CommitHead,
  position: Position,
): OlderCommit {
  return { id, header: { kind, session, time, parents }, size: bytes.length, position }
}

/** What the authority's seals here say of what is below each: void commits, and how many there are. */
export interface SealWord {
  readonly id: CommitId
  readonly count: number
  readonly void: readonly CommitId[]
}

/** All seals of a journal that began from a keyframe, the older ones first; those that cannot be read are left out. */
export async function sealWords({ boundary, fates, storage }: Journal): Promise<SealWord[]> {
  const older = boundary?.graph().graph
  const ids = [...(older ? sealsBelow(older, older.size) : []), ...fates.seals]
  const words = new Map<CommitId, SealWord>()
  await storage.readCommits(ids, ({ id, header }) => {
    if (header.seal) words.set(id, { id, count: header.seal.count, void: header.seal.void })
  })
  return ids.flatMap((id) => words.get(id) ?? [])
}

/** Nothing is missing any more: what was kept apart becomes a part of the graph. To be run alone. */
export function complete(journal: Journal, words: readonly SealWord[]): void {
  const { boundary } = journal
  if (!boundary || boundary.edge.length > 0) return
  const older = boundary.graph().graph
  const former = putGraphBelow(journal.graph, older, boundary.children)
  const voids = new Set(words.flatMap((word) => word.void))
  setFates(journal, { former, count: older.size, voids })
  journal.boundary = journal.base = undefined
  journal.unchecked ??= older.size
  journal.onWhole.emit()
}

/** So many commits, all of them accepted or void, were put below what was in the graph. `former`: the numbers that they had. */
export function setFates(
  { graph, fates }: Journal,
  { former, count, voids }: { former: readonly number[]; count: number; voids: Iterable<CommitId> },
): void {
  fates.renumber(former)
  for (let n = 0; n < count; n++) fates.set(n, 'accepted')
  for (const id of voids) {
    const n = graph.numberOf(id)
    if (n >= 0 && n < count) fates.set(n, 'void')
  }
  const newer = fates.seals.splice(0)
  for (const id of sealsBelow(graph, count)) fates.seals.push(id)
  for (const id of newer) fates.seals.push(id)
}

/** The seals among the first commits of a graph, so many of them. */
function sealsBelow(graph: Graph, count: number): CommitId[] {
  const seals: CommitId[] = []
  for (let n = 0; n < count; n++) if (graph.kindAt(n) === 'seal') seals.push(graph.idAt(n))
  return seals
}
