/**
 * The bytes of commits: those that are in the log, and those that are not yet, or cannot be. What the log did not take is
 * kept in memory and tried again.
 */
import { type Commit, decodeStored, type LoadedCommit } from '../graph/commit.js'
import type { Graph } from '../graph/graph.js'
import type { CryptoPort } from '../crypto/port.js'
import { asIbexError, IbexError } from '../errors.js'
import type { CommitId, SessionId } from '../ids.js'
import { Signal } from '../signal.js'
import type { Log, Position } from '../storage/port.js'
import type { Boundary } from './boundary.js'
import { commitIn, encodeRecords, type LogRecord } from './records.js'
import type { Repository } from './repository.js'
import type { Sessions } from './sessions.js'

/** Milliseconds after which it is tried again to write what the log did not take. */
const RETRY_MS = 5000

export interface CommitStorageOptions {
  readonly graph: Graph
  readonly repository: Repository
  readonly crypto: CryptoPort
  readonly sessions: Sessions
  /** To be told when the log fails or works again, and when bytes were let go of. */
  readonly onProgress: Signal
  /** A commit of this node that was kept in memory is durable on this device now. */
  durable(id: CommitId): void
  /** What is known of commits below the graph. */
  below(): Boundary | undefined
}

/** Calls `each` with commits that lie with another replica; answers those that it does not give. */
export type Elsewhere = (
  ids: readonly CommitId[],
  each: (commit: LoadedCommit) => unknown,
) => Promise<readonly CommitId[]>

/** Identity: one for each journal. */
export class CommitStorage {
  /** After commits became durable here. */
  readonly onStored: Signal<[readonly CommitId[]]> = new Signal()
  log: Log | undefined
  /** Whether a log is being taken over. */
  awaited = false
  /** Asks for what is not here. */
  elsewhere: Elsewhere = (ids) => Promise.resolve(ids)
  /** Writes what must be in the log before anything else; undefined once it is. */
  first: ((log: Log) => Promise<void>) | undefined
  /** What keeps the log from being written, if anything does. */
  error: IbexError | undefined
  private readonly options: CommitStorageOptions
  /** Bytes that are not in the log (yet). */
  private readonly bodies = new Map<CommitId, Promise<Uint8Array>>()
  private readonly loggedSessions = new Set<string>()
  /** Refusals that the log does not hold yet. */
  private readonly unsaid = new Map<CommitId, LogRecord>()
  /** Commits that the log did not take. */
  private readonly failed = new Set<CommitId>()
  private readonly storing = new Set<Promise<void>>()
  private closed = false

  constructor(options: CommitStorageOptions) {
    this.options = options
  }

  // ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A commit's bytes as they lie here, or where another has them. Throws `storage` where they cannot be read. */
  async bytesOf(id: CommitId): Promise<Uint8Array> {
    const body = this.bodies.get(id)
    if (body) return body
    const position = this.positionOf(id)
    if (position < 0 || !this.log) {
      let found: Uint8Array | undefined
      await this.elsewhere([id], ({ bytes }) => (found = bytes))
      if (found) return found
      throw new IbexError('storage', `The commit ${id} is not here.`)
    }
    const bytes = commitIn(await this.log.read(position), id, this.options.crypto.sha256)
    if (bytes) return bytes
    throw new IbexError('storage-damaged', `The commit ${id} is not where the log should have it.`)
  }

  private positionOf(id: CommitId): Position {
    const { graph, below } = this.options
    return graph.get(id)?.position ?? below()?.positionOf(id) ?? -1
  }

  /**
   * Calls `each` with many commits of the graph, in the order in which the log has them, and after them those that are only in
   * memory; a promise that it answers is awaited. What a commit holds are views of large buffers: copy what is kept. Nothing is
   * hashed: see {@link decodeStored}. What lies with another replica is asked for there. Answers those that cannot be read.
   */
  async readCommits(ids: Iterable<CommitId>, each: (commit: LoadedCommit) => unknown): Promise<CommitId[]> {
    const { bodies, log } = this
    const { crypto } = this.options
    const missing: CommitId[] = []
    const away: CommitId[] = []
    const unstored: CommitId[] = []
    const stored: { readonly id: CommitId; readonly position: Position }[] = []
    for (const id of ids) {
      const position = this.positionOf(id)
      if (bodies.has(id)) unstored.push(id)
      else if (position < 0 || !log) away.push(id)
      else stored.push({ id, position })
    }
    stored.sort((a, b) => a.position - b.position)
    const decode = (id: CommitId, read: () => Uint8Array | undefined): LoadedCommit | undefined => {
      try {
        const bytes = read()
        return bytes && decodeStored(bytes, id)
      } catch {
        return undefined
      }
    }
    const give = (id: CommitId, commit: LoadedCommit | undefined): unknown => (commit ? each(commit) : missing.push(id))
    // Commits of one flush may lie in one record.
    const positions = [...new Set(stored.map(({ position }) => position))]
    let next = 0
    await log?.readMany(positions, async (payload, position) => {
      for (; stored[next]?.position === position; next++) {
        const { id } = stored[next]!
        await give(
          id,
          decode(id, () => payload && commitIn(payload, id, crypto.sha256)),
        )
      }
    })
    for (const id of unstored) {
      const bytes = await this.bytesOf(id).catch(() => undefined)
      await give(
        id,
        decode(id, () => bytes),
      )
    }
    return away.length > 0 ? [...(await this.elsewhere(away, each)), ...missing] : missing
  }

  /** Whether a commit is on disk to stay, or will never be on one. */
  isDurable(id: CommitId): boolean {
    const { graph } = this.options
    const n = graph.numberOf(id)
    return n >= 0 && (this.log === undefined || graph.at(n).position > 0)
  }

  /** Commits whose bytes are here only, as far as this node knows. */
  get kept(): CommitId[] {
    return this.log ? [] : [...this.bodies.keys()]
  }

  // ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Resolves when all commits are durable that are here by now; throws what keeps them from it. */
  async settled(): Promise<void> {
    // What comes meanwhile is not waited for: it may never end.
    await Promise.all(this.storing)
    if (this.error) throw this.error
  }

  /**
   * Writes commits that came from elsewhere to the log. Resolves when they are durable; on failure they are kept in
   * memory, `error` says why, and they are tried again.
   */
  store(commits: readonly Pick<Commit, 'id' | 'bytes' | 'header'>[], extra: readonly LogRecord[] = []): Promise<void> {
    // What is said of a commit stands in the same frame: a failure between the two must not let a void one stand.
    this.keepUnsaid(extra)
    const work = commits.map((commit) => this.append(commit.id, commit.bytes, commit.header.session))
    return this.track(Promise.all(work).then(() => this.onStored.emit(commits.map(({ id }) => id))))
  }

  /**
   * Writes a commit of this node, which is being signed. Its bytes may be asked for at once, and are given when they are
   * durable.
   */
  async storeOwn({ id, header }: Commit, signed: Promise<Uint8Array>): Promise<void> {
    const stored = signed.then((bytes) => this.append(id, bytes, header.session))
    const given = (): Promise<Uint8Array> => signed
    // A device that cannot store can still send.
    this.bodies.set(id, stored.then(given, given))
    await stored
    if (this.log && this.options.graph.has(id)) this.bodies.delete(id)
  }

  /** Notes something in the log without anybody waiting for it. */
  record(records: readonly LogRecord[]): void {
    this.keepUnsaid(records)
    if (this.log && records.length > 0) {
      void this.track(this.log.append(encodeRecords(records)).then(() => this.dropUnsaid(records)))
    }
  }

  /** Used when a log becomes this node's: what is only in memory is written to it. */
  async attach(log: Log | undefined): Promise<void> {
    this.log = log
    if (!log) return
    await this.first?.(log)
    const unsaid = [...this.unsaid.values()]
    if (unsaid.length > 0) await log.append(encodeRecords(unsaid))
    this.dropUnsaid(unsaid)
    const unstored = [...this.bodies.keys()]
    await Promise.all(
      unstored.map(async (id) => {
        await this.append(id, await this.bodies.get(id)!, this.options.graph.get(id)!.session)
        this.options.durable(id)
      }),
    )
    if (unstored.length > 0) this.onStored.emit(unstored)
  }

  /** Gives a commit from memory until it is {@link drop}ped. */
  keep({ id, bytes }: Pick<Commit, 'id' | 'bytes'>): void {
    this.bodies.set(id, Promise.resolve(bytes))
  }

  /** Forgets bytes that are not in a log here, because whoever owns the storage has them. */
  forget(ids: readonly CommitId[]): void {
    for (const id of ids) if (!this.log && this.bodies.delete(id)) this.options.durable(id)
    this.options.onProgress.emit()
  }

  /** Forgets commits that are not in the graph any more. */
  drop(ids: Iterable<CommitId>): void {
    for (const id of ids) {
      this.bodies.delete(id)
      this.failed.delete(id)
    }
  }

  async close(): Promise<void> {
    this.closed = true
    await Promise.allSettled(this.storing)
    await this.log?.close()
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

  private async append(id: CommitId, bytes: Uint8Array, session: SessionId): Promise<void> {
    const { graph, repository, sessions } = this.options
    // It was withdrawn while it was being signed.
    if (!graph.has(id)) return
    // Until the log has them they are given from here: to peers they are told at once.
    const here = Promise.resolve(bytes)
    if (!this.log) {
      if (!this.bodies.has(id)) this.bodies.set(id, here)
      return
    }
    const unsaid = this.unsaid.get(id)
    const records: LogRecord[] = unsaid ? [unsaid, { kind: 'commit', bytes }] : [{ kind: 'commit', bytes }]
    const known = sessions.get(session)
    const mark = `${session} ${known?.expires ?? 0}`
    if (known && !this.loggedSessions.has(mark)) {
      this.loggedSessions.add(mark)
      records.unshift({ kind: 'session', publicKey: known.publicKey, certificate: known.certificate })
    }
    try {
      const appended = this.log.append(encodeRecords(records))
      // What this session wrote, here or in another tab, goes out when it is durable: what a start finds in no log has
      // reached nobody, and what a page left of it can be made anew without counting twice.
      const given = session === repository.session ? appended.then(ignore, ignore).then(() => bytes) : here
      if (!this.bodies.has(id)) this.bodies.set(id, given)
      const position = await appended
      const n = graph.numberOf(id)
      if (n >= 0) graph.setPosition(n, position)
      this.drop([id])
      this.dropUnsaid(records)
      // What failed before is tried again first.
      if (this.error && !this.first && this.failed.size === 0 && this.unsaid.size === 0) this.recover()
    } catch (error) {
      if (graph.has(id)) {
        this.bodies.set(id, here)
        this.failed.add(id)
      }
      this.loggedSessions.delete(mark)
      this.fail(error)
      throw error
    }
  }

  // ── failing ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The log cannot be written, or there is none where there should be: what comes is kept in memory. */
  fail(error: unknown): void {
    const first = !this.error
    this.error = asIbexError(error, 'storage', 'The log could not be written.')
    this.options.onProgress.emit()
    // What was here is gone, and the server has it; what comes now is kept in memory, and sent.
    if (this.error.code === 'storage-cleared') {
      this.log = undefined
      this.awaited = false
    } else if (first && this.log) this.retry()
  }

  /** The log holds everything again. */
  recover(): void {
    this.error = undefined
    this.options.onProgress.emit()
  }

  private retry(): void {
    if (this.closed) return
    this.options.repository.surroundings.scheduler.after(RETRY_MS, () => {
      if (!this.error || !this.log) return
      this.attach(this.log).then(
        () => this.recover(),
        () => this.retry(),
      )
    })
  }

  /** Lets {@link settled} wait for it; what keeps it from being done is not thrown, but noted. */
  track(work: Promise<void>): Promise<void> {
    const tracked: Promise<void> = work
      .catch((error: unknown) => this.fail(error))
      .finally(() => this.storing.delete(tracked))
    this.storing.add(tracked)
    return tracked
  }
}

function ignore(): void {}
