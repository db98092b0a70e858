/**
 * What follows behind the memory: pending changes become signed commits in the graph and the log, and commits from
 * elsewhere are taken in. It knows the fate of each commit: provisional, accepted, or void.
 */
import type { CryptoPort, SigningKey } from '../crypto/port.js'
import { IbexError, type IbexErrorCode } from '../errors.js'
import {
  encodeCommit,
  signedMessage,
  stripCommit,
  decodeCommit,
  withSignature,
  type Commit,
  type CommitParts,
} from '../graph/commit.js'
import { covers, since, withDescendants } from '../graph/ancestry.js'
import { type Entry, Graph } from '../graph/graph.js'
import { MAX_PARENTS } from '../graph/header.js'
import { afterTime } from '../graph/time.js'
import type { CommitId, Lane, SessionId } from '../ids.js'
import { accept, chunkOf, settlePending, voidCommit } from '../history/fold.js'
import { type Chunk, encodeChunk } from '../item/change.js'
import type { TimerHandle } from '../ports.js'
import { Signal } from '../signal.js'
import type { Log } from '../storage/port.js'
import { compareStrings } from '../value/order.js'
import { decodeRecords, encodeRecords, type LogRecord } from './records.js'
import type { Repository } from './repository.js'
import type { Sessions } from './sessions.js'
import { flatten, type FlushWindow, timed, type WindowAction } from './window.js'

/** Two commits of a node in a repository are at least this far apart (I-2). Milliseconds. */
export const FLUSH_INTERVAL = 333

/**
 * Whose word counts: `self`: this node is the authority and judges; `remote`: a server is; `none`: there is no server,
 * and the store trusts itself.
 */
export type AuthorityRole = 'self' | 'remote' | 'none'

/** See `mayYield`. */
const MAX_YIELDS = 3
/** Refusals of commits that never came are not collected without end. */
const MAX_DOOMED = 1000

export type Fate = 'provisional' | 'accepted' | 'void'
const FATES: readonly Fate[] = ['provisional', 'accepted', 'void']

export interface JournalOptions {
  readonly repository: Repository
  readonly crypto: CryptoPort
  readonly key: SigningKey
  readonly lane: Lane
  readonly sessions: Sessions
  readonly authority: AuthorityRole
  /** Whether another tab owns the storage. */
  follows(): boolean
  /** What is to be added to this node's clock to get the authority's. Milliseconds. */
  clockOffset(): number
}

/** Why a commit is void, as the authority said. */
export interface Refusal {
  readonly id: CommitId
  readonly code: IbexErrorCode
  readonly message: string
}

/** Names a flush of a session. */
export interface Flush {
  readonly lane: Lane
  readonly flush: number
}

/** What a commit of this session did. */
export interface Work extends Flush {
  readonly id: CommitId
  readonly actions: readonly WindowAction[]
  readonly chunks: readonly Chunk[]
}

/** Identity: one for each open repository. */
export class Journal {
  readonly graph: Graph = new Graph()
  readonly repository: Repository
  readonly options: JournalOptions
  /** After commits came into the graph, in the same task: from the app or from elsewhere, parents first. */
  readonly onAdmitted: Signal<[readonly CommitId[]]> = new Signal()
  /** After commits became durable here. */
  readonly onStored: Signal<[readonly CommitId[]]> = new Signal()
  /** After commits were accepted by the authority. */
  readonly onAccepted: Signal<[readonly CommitId[]]> = new Signal()
  /** After a commit of a session was declared void. */
  readonly onVoid: Signal<[Refusal, SessionId]> = new Signal()
  /** After commits were taken out again. */
  readonly onWithdrawn: Signal<[readonly CommitId[]]> = new Signal()
  /** After `pendingActions` or a problem changed. */
  readonly onProgress: Signal = new Signal()
  log: Log | undefined
  /** What keeps the log from being written, if anything does. */
  storageError: IbexError | undefined
  /** The newest of the authority's seals here. */
  lastSeal: CommitId | undefined
  /** All of the authority's seals here, oldest first. */
  readonly seals: CommitId[] = []
  /** Void commits that no seal lists yet. */
  readonly unsealedVoids: Set<CommitId> = new Set()
  /** Refused commits of this session that nobody has dealt with yet. */
  readonly refusals: Map<CommitId, Refusal> = new Map()
  /** Commits that are shown, but not in the graph, because what they descend from was lost by damage; see `stranded.ts`. */
  readonly stranded: Map<CommitId, Commit> = new Map()
  /** What they wanted to change. */
  readonly refusedChunks: Map<CommitId, readonly Chunk[]> = new Map()
  /** This session's commits that are not accepted yet, and how many actions each holds. */
  private readonly own = new Map<CommitId, { actions: number; window: FlushWindow | undefined; lane?: Lane }>()
  private fates = new Uint8Array(256)
  /** How often one commit of a flush has made way for another. */
  private readonly yields = new Map<string, number>()
  /** Commits of this session by their flushes, as far as they came since the log was opened. */
  private readonly flushIds = new Map<string, CommitId>()
  private readonly flushes = new Map<Lane, number>()
  /** Bytes that are not in the log (yet). */
  private readonly bodies = new Map<CommitId, Promise<Uint8Array>>()
  private readonly loggedSessions = new Set<string>()
  private readonly doomed = new Map<CommitId, Refusal>()
  /** Refusals that the log does not hold yet. */
  private readonly unsaid = new Map<CommitId, LogRecord>()
  /** Commits that the log did not take. */
  private readonly failed = new Set<CommitId>()
  private admitting: Promise<unknown> = Promise.resolve()
  private readonly queue: FlushWindow[] = []
  private timer: TimerHandle | undefined
  private lastFlush = -Infinity
  private signing: Promise<unknown> = Promise.resolve()
  private readonly storing = new Set<Promise<void>>()
  private closed = false
  private readonly stopWatching: () => void

  constructor(options: JournalOptions) {
    this.options = options
    this.repository = options.repository
    this.repository.settleEarlier = (windows) => {
      this.queue.push(...windows)
      while (this.queue.length > 0) this.commitWindow(this.queue.shift()!)
    }
    this.stopWatching = this.repository.onPending.subscribe(() => {
      this.schedule()
      this.onProgress.emit()
    })
  }

  // ── what is known of commits ──────────────────────────────────────────────────────────────────────────────────────

  fateOf(id: CommitId): Fate | undefined {
    const entry = this.graph.get(id)
    return entry && FATES[this.fates[entry.n]!]
  }

  /** Actions of this device that the authority has not accepted yet; without one, that are not yet durable. */
  get pendingActions(): number {
    let count = 0
    for (const window of this.repository.waiting) count += window.actions.length
    for (const window of this.queue) count += window.actions.length
    for (const { actions } of this.own.values()) count += actions
    return count
  }

  /** All void commits, in the order in which they came. */
  voids(): CommitId[] {
    const found: CommitId[] = []
    for (let n = this.fates.indexOf(2); n >= 0; n = this.fates.indexOf(2, n + 1)) found.push(this.graph.idAt(n))
    return found
  }

  /** Void commits below a frontier, except those that seals below `held` list: whoever has these knows. */
  voidsBelow(frontier: readonly CommitId[], held: readonly CommitId[]): CommitId[] {
    const { graph, fates } = this
    if (!fates.includes(2)) return []
    const known = held.length > 0 ? this.seals.findLast((seal) => covers(graph, held, seal)) : undefined
    const entries = since(graph, known ? [known] : [], frontier)
    return entries.filter(({ n }) => fates[n] === 2).map(({ id }) => id)
  }

  /** A commit's bytes as they may be shown to others: those of a void one without its changes. */
  async bytesOf(id: CommitId): Promise<Uint8Array> {
    const bytes = await this.storedBytesOf(id)
    if (this.fateOf(id) !== 'void') return bytes
    return stripCommit(decodeCommit(bytes, this.options.crypto.sha256), () => false).bytes
  }

  /** A commit's bytes as they lie here. Throws `storage` where they cannot be read. */
  async storedBytesOf(id: CommitId): Promise<Uint8Array> {
    const body = this.bodies.get(id)
    if (body) return body
    const entry = this.graph.get(id)
    if (!entry || entry.position < 0 || !this.log) throw new IbexError('storage', `The commit ${id} is not here.`)
    const { sha256 } = this.options.crypto
    for (const record of decodeRecords(await this.log.read(entry.position))) {
      if (record.kind === 'commit' && decodeCommit(record.bytes, sha256).id === id) return record.bytes
    }
    throw new IbexError('storage-damaged', `The log does not hold the commit ${id} where it should be.`)
  }

  // ── from memory to the log ────────────────────────────────────────────────────────────────────────────────────────

  /** Makes commits of everything pending, now; resolves when they are durable. */
  async flush(): Promise<void> {
    this.capture(Number.POSITIVE_INFINITY)
    await this.stored()
  }

  /** Resolves when all commits are durable that are here by now; throws what keeps them from it. */
  async stored(): Promise<void> {
    // What comes meanwhile is not waited for: it may never end.
    await Promise.all(this.storing)
    if (this.storageError) throw this.storageError
  }

  /**
   * Takes what is pending and makes commits of it, without waiting for the interval (I-2): of `most` windows at once, of
   * the others soon.
   */
  capture(most: number = 1): void {
    if (this.timer) this.options.repository.surroundings.scheduler.cancel(this.timer)
    this.timer = undefined
    const windows = this.repository.takeWindows()
    if (windows.length > 0) this.lastFlush = this.repository.surroundings.clock.now()
    this.queue.push(...windows)
    if (windows.length > 0 || most > 1) this.drain(most)
  }

  /**
   * Adds a commit to the graph; the caller folds it. A parent that is missing because the log was damaged is left out:
   * what descends from it is kept.
   */
  addToGraph(commit: Commit, fate: Fate): Entry {
    const { id, header, bytes } = commit
    const parents = header.parents.filter((parent) => this.graph.has(parent))
    const entry = this.graph.add(id, { ...header, parents }, bytes.length)
    this.setFate(entry.n, fate)
    this.stranded.delete(id)
    this.noteFlush(header)
    if (header.kind === 'change' && header.session === this.repository.session) this.flushIds.set(flushName(header), id)
    if (header.kind === 'seal') this.seals.push(id)
    return entry
  }

  /**
   * Writes commits that came from elsewhere to the log. Resolves when they are durable; on failure they are kept in
   * memory, `storageError` says why, and they are tried again.
   */
  store(commits: readonly Commit[], extra: readonly LogRecord[] = []): Promise<void> {
    // What is said of a commit stands in the same frame: a failure between the two must not let a void one stand.
    this.keepUnsaid(extra)
    const work = Promise.all(commits.map((commit) => this.append(commit.id, commit.bytes, commit.header.session))).then(
      () => {},
    )
    return this.track(work.then(() => this.onStored.emit(commits.map(({ id }) => id))))
  }

  /** Notes something in the log without anybody waiting for it. */
  record(records: readonly LogRecord[]): void {
    this.keepUnsaid(records)
    if (this.log && records.length > 0) {
      void this.track(this.log.append(encodeRecords(records)).then(() => this.dropUnsaid(records)))
    }
  }

  /** Refusals are written again where that failed, or with the commit, or by whoever gets a log. */
  private keepUnsaid(records: readonly LogRecord[]): void {
    for (const record of records) if (record.kind === 'void') this.unsaid.set(record.id, record)
  }

  private dropUnsaid(records: readonly LogRecord[]): void {
    for (const record of records) {
      if (record.kind === 'void' && this.unsaid.get(record.id) === record) this.unsaid.delete(record.id)
    }
  }

  /** What the header of every commit of this node starts from; `at`: when its first action was, by this node's clock. */
  header(
    at: number = this.repository.surroundings.clock.now(),
  ): Pick<CommitParts, 'repository' | 'session' | 'lane' | 'time'> {
    const { repository, lane, clockOffset } = this.options
    const now = Math.max(0, at + clockOffset())
    return {
      repository: repository.path,
      session: repository.session,
      lane,
      time: afterTime(this.graph.maxTime(), now),
    }
  }

  // ── the authority's word ──────────────────────────────────────────────────────────────────────────────────────────

  /** The authority has accepted these commits and all their ancestors that are not void. */
  accept(frontier: readonly CommitId[]): CommitId[] {
    const { state } = this.repository
    const ids = this.markAccepted(frontier)
    for (const id of ids) {
      accept(state, id)
      const own = this.own.get(id)
      this.own.delete(id)
      own?.window?.reach('server')
    }
    if (ids.length > 0) {
      this.repository.publishRemote()
      this.onAccepted.emit(ids)
      this.onProgress.emit()
    }
    return ids
  }

  /** Gives what is not void below a frontier the fate `accepted`, and answers what was not before, parents first. */
  markAccepted(frontier: readonly CommitId[]): CommitId[] {
    const open = frontier.map((id) => this.graph.numberOf(id)).filter((n) => n >= 0)
    const seen = new Set<number>()
    const accepted: number[] = []
    for (let n = open.pop(); n !== undefined; n = open.pop()) {
      if (seen.has(n) || this.fates[n] === 1) continue
      seen.add(n)
      // Below an accepted commit nothing is undecided; below a void one something may be.
      if (this.fates[n] === 0) accepted.push(n)
      this.graph.eachParent(n, (parent) => open.push(parent))
    }
    for (const n of accepted) this.setFate(n, 'accepted')
    return accepted.sort((a, b) => a - b).map((n) => this.graph.idAt(n))
  }

  /** Whether a flush of this session has become a commit already (I-3). */
  hasFlush(lane: Lane, flush: number): boolean {
    return flush <= (this.flushes.get(lane) ?? 0)
  }

  /** The newest flush of each lane of this session, for a checkpoint. */
  get laneFlushes(): ReadonlyMap<Lane, number> {
    return this.flushes
  }

  noteFlush({ session, lane, flush }: { session: string; lane: Lane; flush: number }): void {
    if (session === this.repository.session && !this.hasFlush(lane, flush)) this.flushes.set(lane, flush)
  }

  /** Takes a commit's effects out of the state for good (I-11). */
  refuse(refusal: Refusal): void {
    const { repository } = this
    const { id, code, message } = refusal
    const entry = this.graph.get(id)
    if (!entry || this.fates[entry.n] === 2) return
    // Not from its bytes, which are not here where another tab has the log.
    const chunks = repository.state.provisional.get(id)?.parts.map(chunkOf) ?? []
    this.setFate(entry.n, 'void')
    repository.touch(voidCommit(repository.state, id))
    this.record([{ kind: 'void', ...refusal }])
    const own = this.own.get(id)
    this.own.delete(id)
    if (entry.session === repository.session) this.keepRefusal(refusal, chunks)
    repository.publishRemote()
    own?.window?.refuse(new IbexError(code, message))
    this.onVoid.emit(refusal, entry.session)
    this.onProgress.emit()
  }

  /** Takes the authority's word on everything below one of its seals (I-10). */
  obeySeal({ id, header }: Commit): void {
    this.lastSeal = id
    for (const voided of header.seal?.void ?? []) {
      this.unsealedVoids.delete(voided)
      this.refuse({ id: voided, code: 'forbidden', message: 'The authority declared this commit void.' })
    }
    this.accept([id])
  }

  /** The authority refused a commit, which may not have come here yet. */
  doom(refusal: Refusal): void {
    if (this.graph.has(refusal.id)) this.refuse(refusal)
    else if (this.doomed.size < MAX_DOOMED) this.doomed.set(refusal.id, refusal)
  }

  isDoomed(id: CommitId): boolean {
    return this.doomed.has(id)
  }

  /** A doomed commit has come, and was folded like any other. */
  fulfilDoom(id: CommitId): void {
    const refusal = this.doomed.get(id)
    if (!refusal) return
    this.doomed.delete(id)
    this.refuse(refusal)
  }

  /** A void commit has come. It is not folded, unless it was stranded. */
  condemn({ id, header }: Commit, chunks: readonly Chunk[]): void {
    const { repository } = this
    const { follows, authority } = this.options
    const shown = repository.state.provisional.get(id)
    const refusal = this.doomed.get(id) ?? {
      id,
      code: 'forbidden',
      message: 'The authority declared this commit void.',
    }
    if (this.doomed.delete(id)) this.unsealedVoids.add(id)
    this.record([{ kind: 'void', ...refusal }])
    if (authority !== 'remote') return
    // Whoever wrote it had ended before the answer came, and its log is lost: it is told now.
    if (header.session === repository.session && !follows()) {
      this.keepRefusal(refusal, shown?.parts.map(chunkOf) ?? chunks)
    }
    repository.touch(voidCommit(repository.state, id))
    this.own.delete(id)
    this.onVoid.emit(refusal, header.session)
    this.onProgress.emit()
  }

  /** Runs `work` after all other work that was given here: commits from several peers are taken in one after the other. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.admitting.then(work)
    this.admitting = done.catch(() => {})
    return done
  }

  /** Whether a commit is on disk to stay, or will never be on one. */
  isDurable(id: CommitId): boolean {
    const n = this.graph.numberOf(id)
    return n >= 0 && (this.log === undefined || this.graph.at(n).position > 0)
  }

  /** Commits whose bytes are here only, as far as this node knows. */
  get kept(): CommitId[] {
    return this.log ? [] : [...this.bodies.keys()]
  }

  /** Forgets bytes that are not in a log here, because whoever owns the storage has them. */
  forgetBodies(ids: readonly CommitId[]): void {
    for (const id of ids) {
      if (this.log || !this.bodies.delete(id)) continue
      this.forgetOwn(id)
    }
    this.onProgress.emit()
  }

  /** An own commit is durable on this device. */
  private forgetOwn(id: CommitId): void {
    const window = this.own.get(id)?.window
    window?.reach(this.options.authority === 'remote' ? 'local' : 'server')
    if (this.options.authority !== 'remote') this.own.delete(id)
  }

  /** Keeps what was refused of this session, until somebody deals with it. */
  keepRefusal(refusal: Refusal, chunks: readonly Chunk[]): void {
    this.refusals.set(refusal.id, refusal)
    this.refusedChunks.set(refusal.id, chunks)
  }

  /** Forgets a refusal: its changes were retried or given up. */
  settleRefusal(id: CommitId): void {
    if (!this.refusals.delete(id)) return
    this.refusedChunks.delete(id)
    this.record([{ kind: 'void', id, code: 'closed', message: '' }])
    this.onProgress.emit()
  }

  /** Used when the log is opened: this session's commit was never accepted. */
  awaitVerdict(id: CommitId, actions: number): void {
    this.own.set(id, { actions, window: undefined })
  }

  /** The commit of a flush of this session, if it is in the graph and came since the log was opened. */
  commitOf(flush: Flush): CommitId | undefined {
    const id = this.flushIds.get(flushName(flush))
    return id !== undefined && this.graph.has(id) ? id : undefined
  }

  /** Whether one commit of a flush may make way for another. Where both keep coming, both stay. */
  mayYield(flush: Flush): boolean {
    const name = flushName(flush)
    const count = (this.yields.get(name) ?? 0) + 1
    this.yields.set(name, count)
    return count <= MAX_YIELDS
  }

  /**
   * Takes commits out again, with all that descends from them: other commits stand for them, or will. Answers all of them,
   * parents first; nothing if others than this session build upon them, or the authority has spoken.
   */
  withdraw(ids: readonly CommitId[]): CommitId[] {
    const { graph, repository, fates } = this
    const entries = withDescendants(graph, ids)
    if (entries.some(({ n, session }) => fates[n] !== 0 || session !== repository.session)) return []
    const gone = new Set(entries.map(({ id }) => id))
    for (const id of gone) {
      repository.touch(voidCommit(repository.state, id))
      this.bodies.delete(id)
      this.failed.delete(id)
    }
    const former = graph.remove(gone)
    this.fates = new Uint8Array(fates.length)
    former.forEach((before, n) => (this.fates[n] = fates[before]!))
    this.onWithdrawn.emit([...gone])
    return [...gone]
  }

  /** Another commit stands for one that was withdrawn, and whoever waits for that waits for this. */
  replace(id: CommitId, by: CommitId): void {
    const before = this.own.get(id)
    this.own.delete(id)
    if (!before) return
    const { window } = before
    const own = this.own.get(by)
    const fate = this.fateOf(by)
    // The authority has spoken already.
    if (fate === 'accepted') window?.reach('server')
    else if (fate === 'void') window?.refuse(new IbexError('forbidden', 'The authority declared this commit void.'))
    else if (!own) this.own.set(by, before)
    else if (window) {
      own.window?.wait('local').then(() => window.reach('local'), ignore)
      own.window?.wait('server').then(
        () => window.reach('server'),
        (error: unknown) => window.refuse(error),
      )
    }
  }

  /** Windows that were handed over and are no commits yet, oldest first. */
  get queued(): readonly FlushWindow[] {
    return this.queue
  }

  /** The window of a commit of this process, as long as somebody may wait for it. */
  windowOf(id: CommitId): FlushWindow | undefined {
    return this.own.get(id)?.window
  }

  /** What this process wrote with a commit that is not accepted yet. */
  workOf(id: CommitId): Work | undefined {
    const { window, lane } = this.own.get(id) ?? {}
    const provisional = this.repository.state.provisional.get(id)
    if (!window || !lane || !provisional) return undefined
    return { id, lane, flush: window.flush, actions: window.actions, chunks: provisional.parts.map(chunkOf) }
  }

  /** Nobody waits for it any more. */
  forgetVerdict(id: CommitId): void {
    this.own.delete(id)
  }

  /** Used when a log becomes this node's: what is only in memory is written to it. */
  async attach(log: Log | undefined): Promise<void> {
    this.log = log
    if (!log) return
    const unsaid = [...this.unsaid.values()]
    if (unsaid.length > 0) await log.append(encodeRecords(unsaid))
    this.dropUnsaid(unsaid)
    const unstored = [...this.bodies.keys()]
    await Promise.all(
      unstored.map(async (id) => {
        await this.append(id, await this.bodies.get(id)!, this.graph.get(id)!.session)
        this.forgetOwn(id)
      }),
    )
    if (unstored.length > 0) this.onStored.emit(unstored)
  }

  async close(): Promise<void> {
    this.closed = true
    this.stopWatching()
    if (this.timer) this.repository.surroundings.scheduler.cancel(this.timer)
    await Promise.allSettled(this.storing)
    await this.log?.close()
    const error = new IbexError('store-closed', 'The store was closed before the server had answered.')
    for (const { window } of this.own.values()) window?.abandon(error)
    this.onProgress.emit()
  }

  get isClosed(): boolean {
    return this.closed
  }

  // ── inside ────────────────────────────────────────────────────────────────────────────────────────────────────────

  private schedule(): void {
    if (this.timer || this.closed) return
    const { clock, scheduler } = this.repository.surroundings
    const wait = Math.min(FLUSH_INTERVAL, Math.max(0, this.lastFlush + FLUSH_INTERVAL - clock.now()))
    this.timer = scheduler.after(wait, () => {
      this.timer = undefined
      this.capture()
    })
  }

  /** Signs and stores a commit without changes: a join or seal. */
  signAndStore(commit: Commit): Promise<void> {
    return this.track(this.finish(commit, undefined))
  }

  /** Makes commits of up to `most` queued windows; the rest follows in tasks of their own, so that nothing stutters. */
  private drain(most: number): void {
    for (let left = most; left > 0 && this.queue.length > 0; left--) this.commitWindow(this.queue.shift()!)
    if (this.queue.length > 0) this.repository.surroundings.scheduler.after(0, () => this.drain(1))
  }

  /** Windows that are commits, but not durable yet. */
  get unstored(): FlushWindow[] {
    return [...this.own.values()].flatMap(({ window }) => (window?.level === 'captured' ? [window] : []))
  }

  /** Makes a commit of a window that another page left behind, under that page's lane. */
  recommit(window: FlushWindow, lane: Lane): void {
    this.commitWindow(window, lane)
  }

  private commitWindow(window: FlushWindow, lane: Lane = this.options.lane): void {
    const { repository, options, graph } = this
    const { sha256 } = options.crypto
    const { pending } = window
    if (window.isEmpty) return
    const { actions, renumber } = flatten(window.actions)
    const chunks = window.chunks().sort(byItem)
    const noise = repository.surroundings.random.bytes(chunks.length * 16)
    this.joinHeads(MAX_PARENTS)
    const commit = encodeCommit(
      {
        ...this.header(actions[0]!.at),
        kind: 'change',
        lane,
        flush: window.flush,
        parents: graph.heads(),
        actions: timed(actions),
        chunks: chunks.map((chunk, i) => encodeChunk(renumber(chunk), noise.subarray(i * 16, i * 16 + 16))),
      },
      sha256,
    )
    this.addToGraph(commit, 'provisional')
    window.id = commit.id
    window.reach('captured')
    repository.touch(settlePending(repository.state, pending, commit.header.time, commit.id))
    this.own.set(commit.id, { actions: window.actions.length, window, lane })
    if (options.authority !== 'remote') {
      this.setFate(graph.numberOf(commit.id), 'accepted')
      accept(repository.state, commit.id)
    }
    repository.publishRemote()
    void this.track(this.finish(commit, window))
    this.onAdmitted.emit([commit.id])
  }

  /** With too many heads, joins some of them first, so that what follows has no more than `most` parents. */
  joinHeads(most: number): void {
    while (this.graph.heads().length > most) {
      const join = encodeCommit(
        {
          ...this.header(),
          kind: 'join',
          flush: this.repository.nextFlush(),
          parents: this.graph.heads().slice(0, MAX_PARENTS),
          actions: [],
          chunks: [],
        },
        this.options.crypto.sha256,
      )
      this.addToGraph(join, this.options.authority === 'remote' ? 'provisional' : 'accepted')
      void this.signAndStore(join)
      this.onAdmitted.emit([join.id])
    }
  }

  /** Signs and stores a commit of this node. Its bytes may be asked for at once, and are given when they are durable. */
  private async finish(commit: Commit, window: FlushWindow | undefined): Promise<void> {
    const { key, authority } = this.options
    const signed = this.signing.then(async () =>
      withSignature(commit, await key.sign(signedMessage(this.repository.path, commit.id))),
    )
    this.signing = signed.catch(() => {})
    const stored = signed.then(({ bytes }) => {
      if (window) {
        window.signed = bytes
        window.onSigned?.()
      }
      return this.append(commit.id, bytes, commit.header.session)
    })
    this.bodies.set(
      commit.id,
      // A device that cannot store can still send.
      stored.then(
        () => signed.then(({ bytes }) => bytes),
        () => signed.then(({ bytes }) => bytes),
      ),
    )
    await stored
    if (!this.graph.has(commit.id)) return
    if (this.log) this.bodies.delete(commit.id)
    // Without storage of its own, a tab waits for the one that has it.
    if (this.log || !this.options.follows()) window?.reach(authority === 'remote' ? 'local' : 'server')
    if (authority !== 'remote' && (this.log || !this.options.follows())) this.own.delete(commit.id)
    this.onStored.emit([commit.id])
    this.onProgress.emit()
  }

  private async append(id: CommitId, bytes: Uint8Array, session: string): Promise<void> {
    // It was withdrawn while it was being signed.
    if (!this.graph.has(id)) return
    // Until the log has them they are given from here: to peers they are told at once.
    const here = Promise.resolve(bytes)
    if (!this.log) {
      if (!this.bodies.has(id)) this.bodies.set(id, here)
      return
    }
    const unsaid = this.unsaid.get(id)
    const records: LogRecord[] = unsaid ? [unsaid, { kind: 'commit', bytes }] : [{ kind: 'commit', bytes }]
    const known = this.options.sessions.get(session as never)
    const mark = `${session} ${known?.expires ?? 0}`
    if (known && !this.loggedSessions.has(mark)) {
      this.loggedSessions.add(mark)
      records.unshift({ kind: 'session', publicKey: known.publicKey, certificate: known.certificate })
    }
    try {
      const appended = this.log.append(encodeRecords(records))
      // What this session wrote, here or in another tab, goes out when it is durable: what a start finds in no log has
      // reached nobody, and what a page left of it can be made anew without counting twice.
      const given = session === this.repository.session ? appended.then(ignore, ignore).then(() => bytes) : here
      if (!this.bodies.has(id)) this.bodies.set(id, given)
      const position = await appended
      const n = this.graph.numberOf(id)
      if (n >= 0) this.graph.setPosition(n, position)
      this.bodies.delete(id)
      this.failed.delete(id)
      this.dropUnsaid(records)
      // What failed before is tried again first.
      if (this.storageError && this.failed.size === 0 && this.unsaid.size === 0) this.recover()
    } catch (error) {
      if (this.graph.has(id)) {
        this.bodies.set(id, here)
        this.failed.add(id)
      }
      this.loggedSessions.delete(mark)
      this.fail(error)
      throw error
    }
  }

  /** The log cannot be written, or there is none where there should be: what comes is kept in memory. */
  fail(error: unknown): void {
    const first = !this.storageError
    this.storageError =
      error instanceof IbexError ? error : new IbexError('storage', 'The log could not be written.', { cause: error })
    this.onProgress.emit()
    // What was here is gone, and the server has it; what comes now is kept in memory, and sent.
    if (this.storageError.code === 'storage-cleared') this.log = undefined
    else if (first && this.log) this.retryStoring()
  }

  private retryStoring(): void {
    if (this.closed) return
    this.repository.surroundings.scheduler.after(5000, () => {
      if (this.storageError && this.log)
        this.attach(this.log).then(
          () => this.recover(),
          () => this.retryStoring(),
        )
    })
  }

  /** The log holds everything again. */
  recover(): void {
    this.storageError = undefined
    this.onProgress.emit()
  }

  private track(work: Promise<void>): Promise<void> {
    const tracked: Promise<void> = work
      .catch((error: unknown) => this.fail(error))
      .finally(() => this.storing.delete(tracked))
    this.storing.add(tracked)
    return tracked
  }

  setFate(n: number, fate: Fate): void {
    if (n >= this.fates.length) {
      const grown = new Uint8Array(Math.max(n + 1, this.fates.length * 2))
      grown.set(this.fates)
      this.fates = grown
    }
    this.fates[n] = FATES.indexOf(fate)
  }
}

function flushName({ lane, flush }: Flush): string {
  return `${lane} ${flush}`
}

function ignore(): void {}

function byItem(a: Chunk, b: Chunk): number {
  return compareStrings(a.item, b.item) || compareStrings(a.schema, b.schema) || a.version - b.version
}
