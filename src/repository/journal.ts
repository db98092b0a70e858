/**
 * What follows behind the memory: pending changes become signed commits in the graph and the log, and commits from
 * elsewhere are taken in (`admission.ts`). Here is how commits are made, and what belongs to each other; the bytes are kept
 * by `commit-storage.ts`, the authority's word by `verdicts.ts`.
 */
import type { CryptoPort, SigningKey } from '../crypto/port.js'
import { IbexError } from '../errors.js'
import {
  type Commit,
  type CommitHead,
  type CommitParts,
  decodeCommit,
  encodeCommit,
  type LoadedCommit,
  signedMessage,
  stripCommit,
  withSignature,
} from '../graph/commit.js'
import { type Entry, Graph } from '../graph/graph.js'
import { MAX_PARENTS } from '../graph/header.js'
import { afterTime } from '../graph/time.js'
import { accept, settlePending } from '../history/fold.js'
import type { RepositoryState } from '../history/state.js'
import type { CommitId, Lane } from '../ids.js'
import type { TimerHandle } from '../ports.js'
import { Signal } from '../signal.js'
import type { Boundary } from './boundary.js'
import { CommitStorage } from './commit-storage.js'
import { type Fate, Fates } from './fates.js'
import { Flushes, type WrittenFlush } from './flushes.js'
import type { Repository } from './repository.js'
import type { Sessions } from './sessions.js'
import { type AuthorityRole, Verdicts } from './verdicts.js'
import { encodeWindow } from './window-commit.js'
import type { FlushWindow } from './window.js'

/** Two commits of a node in a repository are at least this far apart (I-2). Milliseconds. */
export const FLUSH_INTERVAL = 333

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

/** Identity: one for each open repository. */
export class Journal {
  readonly options: JournalOptions
  readonly repository: Repository
  readonly graph: Graph
  readonly fates: Fates
  /** After commits came into the graph, in the same task: from the app or from elsewhere, parents first. */
  readonly onAdmitted: Signal<[readonly CommitId[]]> = new Signal()
  /** After commits were taken out again. */
  readonly onWithdrawn: Signal<[readonly CommitId[]]> = new Signal()
  /** After `pendingActions` or a problem changed. */
  readonly onProgress: Signal = new Signal()
  readonly flushes: Flushes
  readonly storage: CommitStorage
  readonly verdicts: Verdicts
  /** What everything below the first commits of the graph comes to, where they do not begin with nothing. */
  base: RepositoryState | undefined
  /** Where this replica's own past ends, if it began from a keyframe and does not have all of what is below. */
  boundary: Boundary | undefined
  /** After it began from a keyframe, and after the last of what is below has come. */
  readonly onBegun: Signal = new Signal()
  readonly onWhole: Signal = new Signal()
  /** So many of the oldest commits came from below, and nobody has looked at their signatures yet. */
  unchecked: number | undefined
  /** Commits that are shown, but not in the graph, because what they descend from was lost by damage; see `mending.ts`. */
  readonly stranded: Map<CommitId, LoadedCommit> = new Map()
  /** The latest that were taken out again, because others stand for them. */
  readonly gaveWay: Set<CommitId> = new Set()
  private admitting: Promise<unknown> = Promise.resolve()
  private readonly queue: FlushWindow[] = []
  private timer: TimerHandle | undefined
  private lastFlush = -Infinity
  private signing: Promise<unknown> = Promise.resolve()
  private closed = false
  private readonly stopWatching: () => void

  constructor(options: JournalOptions) {
    const { repository } = options
    const { onProgress } = this
    const graph = new Graph(repository.surroundings.random)
    const fates = new Fates(graph)
    this.options = options
    this.repository = repository
    this.graph = graph
    this.fates = fates
    this.flushes = new Flushes(graph, fates, repository)
    this.storage = new CommitStorage({
      ...options,
      graph,
      onProgress,
      durable: (id) => this.reachLocal(id),
      below: () => this.boundary,
    })
    this.verdicts = new Verdicts({ ...options, graph, fates, storage: this.storage, onProgress })
    repository.settleEarlier = (windows) => {
      this.queue.push(...windows)
      while (this.queue.length > 0) this.commitWindow(this.queue.shift()!)
    }
    this.stopWatching = repository.onPending.subscribe(() => {
      this.schedule()
      onProgress.emit()
    })
  }

  /** Actions of this device that the authority has not accepted yet; without one, that are not yet durable. */
  get pendingActions(): number {
    let count = 0
    for (const { actions } of this.repository.waiting) count += actions.length
    for (const { actions } of this.queue) count += actions.length
    for (const { actions } of this.verdicts.own.values()) count += actions
    return count
  }

  /** Windows that were handed over and are no commits yet, oldest first. */
  get queued(): readonly FlushWindow[] {
    return this.queue
  }

  /** A commit's bytes as they may be shown to others: those of a void one without its changes. */
  async bytesOf(id: CommitId): Promise<Uint8Array> {
    return this.shown(id, await this.storage.bytesOf(id))
  }

  /** The same of many, as far as they can be read: together that is quicker. */
  async bytesOfMany(ids: readonly CommitId[]): Promise<Map<CommitId, Uint8Array>> {
    const found = new Map<CommitId, Uint8Array>()
    const read = this.storage.readCommits(ids, ({ id, bytes }) => void found.set(id, this.shown(id, bytes.slice())))
    // Who has those that lie elsewhere may be out of reach.
    await read.catch(() => {})
    return found
  }

  private shown(id: CommitId, bytes: Uint8Array): Uint8Array {
    if (this.fates.of(id) !== 'void') return bytes
    return stripCommit(decodeCommit(bytes, this.options.crypto.sha256), () => false).bytes
  }

  /** Whether a commit is in the graph, or below what is. */
  holds(id: CommitId): boolean {
    return this.graph.has(id) || this.boundary?.has(id) === true
  }

  /**
   * Adds a commit to the graph; the caller folds it. A parent that is missing because the log was damaged is left out:
   * what descends from it is kept.
   */
  addToGraph({ id, header, bytes }: CommitHead, fate: Fate): Entry {
    const { boundary } = this
    if (boundary && header.parents.some((parent) => boundary.has(parent))) {
      boundary.attach(id, header, (parent) => this.graph.has(parent))
    }
    const parents = header.parents.filter((parent) => this.graph.has(parent))
    const entry = this.graph.add(id, { ...header, parents }, bytes.length)
    this.fates.set(entry.n, fate)
    this.stranded.delete(id)
    this.flushes.add(id, header)
    if (header.kind === 'seal') this.fates.seals.push(id)
    return entry
  }

  /** Whether all that a commit descends from is in the graph, or below what is. */
  hasParents({ header }: Pick<CommitHead, 'header'>): boolean {
    return header.parents.every((parent) => this.holds(parent))
  }

  /** Runs `work` after all other work that was given here: commits from several peers are taken in one after the other. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.admitting.then(work)
    this.admitting = done.catch(() => {})
    return done
  }

  async close(): Promise<void> {
    this.closed = true
    this.stopWatching()
    this.cancelTimer()
    await this.storage.close()
    const error = new IbexError('store-closed', 'The store was closed before the server had answered.')
    for (const { window } of this.verdicts.own.values()) window?.abandon(error)
    this.onProgress.emit()
  }

  get isClosed(): boolean {
    return this.closed
  }

  // ── from memory to commits ────────────────────────────────────────────────────────────────────────────────────────

  /** Makes commits of everything pending, now; resolves when they are durable. */
  async flush(): Promise<void> {
    this.capture(Number.POSITIVE_INFINITY)
    await this.storage.settled()
  }

  /**
   * Takes what is pending and makes commits of it, without waiting for the interval (I-2): of `most` windows at once, of
   * the others soon.
   */
  capture(most: number = 1): void {
    this.cancelTimer()
    const windows = this.repository.takeWindows()
    if (windows.length > 0) this.lastFlush = this.repository.surroundings.clock.now()
    this.queue.push(...windows)
    if (windows.length > 0 || most > 1) this.drain(most)
  }

  /**
   * Makes a commit of a flush that has none, or has lost it, under its own lane. What is pending becomes commits first: it
   * may stay the later of the two only if it is dated later (see `settleOrigin`).
   */
  recommit({ lane, flush, actions, chunks }: WrittenFlush): FlushWindow {
    this.capture(Number.POSITIVE_INFINITY)
    const window = this.repository.adoptWindow(flush, actions, chunks)
    this.commitWindow(window, lane)
    return window
  }

  /** Windows that are commits, but not durable yet. */
  get unstored(): FlushWindow[] {
    return [...this.verdicts.own.values()].flatMap(({ window }) => (window?.level === 'captured' ? [window] : []))
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

  /** Signs and stores a commit of this node; `window`: what it was made of. */
  signAndStore(commit: Commit, window?: FlushWindow): Promise<void> {
    const signed = this.signing.then(async () => {
      const { key } = this.options
      const { bytes } = withSignature(commit, await key.sign(signedMessage(this.repository.path, commit.id)))
      if (window) {
        window.signed = bytes
        window.onSigned?.()
      }
      return bytes
    })
    this.signing = signed.catch(() => {})
    return this.storage.track(this.storeSigned(commit, signed))
  }

  private async storeSigned(commit: Commit, signed: Promise<Uint8Array>): Promise<void> {
    await this.storage.storeOwn(commit, signed)
    if (!this.graph.has(commit.id)) return
    // Without a log, a tab waits for the one that has it, or until it has taken it over.
    if (this.storage.log || !(this.options.follows() || this.storage.awaited)) this.reachLocal(commit.id)
    this.storage.onStored.emit([commit.id])
    this.onProgress.emit()
  }

  /** An own commit is durable on this device. */
  private reachLocal(id: CommitId): void {
    const { own } = this.verdicts
    const remote = this.options.authority === 'remote'
    own.get(id)?.window?.reach(remote ? 'local' : 'server')
    if (!remote) own.delete(id)
  }

  private schedule(): void {
    if (this.timer || this.closed) return
    const { clock, scheduler } = this.repository.surroundings
    const wait = Math.min(FLUSH_INTERVAL, Math.max(0, this.lastFlush + FLUSH_INTERVAL - clock.now()))
    this.timer = scheduler.after(wait, () => {
      this.timer = undefined
      this.capture()
    })
  }

  private cancelTimer(): void {
    if (this.timer) this.repository.surroundings.scheduler.cancel(this.timer)
    this.timer = undefined
  }

  /** Makes commits of up to `most` queued windows; the rest follows in tasks of their own, so that nothing stutters. */
  private drain(most: number): void {
    for (let left = most; left > 0 && this.queue.length > 0; left--) this.commitWindow(this.queue.shift()!)
    if (this.queue.length > 0) this.repository.surroundings.scheduler.after(0, () => this.drain(1))
  }

  private commitWindow(window: FlushWindow, lane: Lane = this.options.lane): void {
    const { repository, options, graph } = this
    if (window.isEmpty) return
    const content = encodeWindow(window, repository.surroundings.random)
    this.joinHeads(MAX_PARENTS)
    const commit = encodeCommit(
      {
        ...this.header(window.actions[0]!.at),
        ...content,
        kind: 'change',
        lane,
        flush: window.flush,
        parents: graph.heads(),
      },
      options.crypto.sha256,
    )
    this.addToGraph(commit, options.authority === 'remote' ? 'provisional' : 'accepted')
    window.id = commit.id
    window.reach('captured')
    repository.touch(settlePending(repository.state, window.pending, commit.header.time, commit.id))
    this.verdicts.own.set(commit.id, { actions: window.actions.length, window, lane })
    if (options.authority !== 'remote') accept(repository.state, commit.id)
    repository.publishRemote()
    void this.signAndStore(commit, window)
    this.onAdmitted.emit([commit.id])
  }
}
