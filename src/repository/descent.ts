/**
 * Going down into a past that is not here: asks whoever has it for older commits, newest first, and sees of each whether it
 * is what the authority's seal vouches for: its hash is named by a child that is here, its time is earlier, seals count and
 * list what is below them. When all are here their signatures are checked as well, from the log. It never holds a page up
 * for long, and never gives a commit that does not hold: that is named, and reported.
 */
import { covers, since } from '../graph/ancestry.js'
import { type Commit, decodeCommit, decodeStoredHeader, type LoadedCommit, signedMessage } from '../graph/commit.js'
import { IbexError } from '../errors.js'
import type { Sha256 } from '../graph/body.js'
import type { RepositoryState } from '../history/state.js'
import { type CommitId, fromHex, type SessionId } from '../ids.js'
import { Signal } from '../signal.js'
import { type Brief, decodeBriefs } from '../sync/briefs.js'
import { MAX_NEEDED } from '../sync/messages.js'
import { MAX_EDGE } from '../sync/older.js'
import { baseOf, complete, outline, type SealWord, sealWords, storeOlder } from './clone.js'
import type { Journal } from './journal.js'
import { pastRecord } from './past-records.js'

/** What is asked of others. */
export interface OlderQuestion {
  readonly deep: boolean
  readonly brief: boolean
  readonly ids: readonly CommitId[]
  readonly prefixes: readonly Uint8Array[]
}

export interface OlderAnswer {
  /** Commits, or what an index says of them. */
  readonly blobs: readonly Uint8Array[]
  readonly credentials: readonly Uint8Array[]
  /** What should be among them, and cannot be given. */
  readonly lacking: readonly CommitId[]
  /** What follows. */
  readonly next: readonly CommitId[]
}

export interface DescentOptions {
  readonly journal: Journal
  /** Rejects with `unreachable` where nobody answers, with `protocol` where nobody knows what is asked. */
  ask(question: OlderQuestion): Promise<OlderAnswer>
  introduce(credential: Uint8Array): Promise<unknown>
  /** Something that others gave does not hold. */
  distrusted(error: IbexError): void
}

/** Milliseconds of work in a row, so that no picture is late. */
const SLICE_MS = 4
/** Milliseconds between two answers in the background, and while the app is at work. */
const REST_MS = 5
const BUSY_MS = 250
/** Milliseconds after which it is tried again to reach somebody. */
const RETRY_MS = 5000
/** Signatures that are checked at once. */
const CHECKED_AT_ONCE = 32
/** After so many checked signatures the log hears of it. */
const NOTED_AFTER = 1024
/** Answers in a row that bring nothing. */
const MAX_FRUITLESS = 3

/** Identity: one for each journal that began from a keyframe. */
export class Descent {
  /** After {@link running}, {@link firstBad} or the number of commits here has changed. */
  readonly onChange: Signal = new Signal()
  /** After older commits came, and are stored where there is a log. */
  readonly onTaken: Signal<[readonly CommitId[]]> = new Signal()
  /** Whether older commits are being asked for or checked. */
  running = false
  /** The first that was found of the commits that do not hold, or cannot be had. */
  firstBad: CommitId | undefined
  private readonly options: DescentOptions
  private readonly bad = new Set<CommitId>()
  /** Of whom the log tells already, with what they wrote. */
  private readonly known = new Set<SessionId>()
  private whole: Promise<void> | undefined
  private inBackground = true
  private stopped = false
  private sliceStart = 0

  constructor(options: DescentOptions) {
    this.options = options
  }

  /** Brings all that is missing, and checks it, without haste. Goes on until it is done or {@link stop}ped. */
  start(): void {
    this.run().catch(() => {})
  }

  /** Brings all that is missing; resolves when the past is whole. Rejects with what keeps it from being. */
  async complete(): Promise<void> {
    this.inBackground = false
    try {
      await this.run()
    } finally {
      this.inBackground = true
    }
    if (this.options.journal.boundary) {
      throw new IbexError('history-damaged', `The commit ${this.firstBad ?? ''} cannot be had from anybody.`)
    }
  }

  /** Brings some of what is missing. Rejects where nobody can be reached. */
  async fetch(): Promise<void> {
    if (this.options.journal.boundary?.edge.length) await this.further()
  }

  /**
   * What an index says of all that is missing, newest first, in parts as they come. Nobody has checked it: it is to look
   * through, and what is looked at is {@link load}ed.
   */
  async *briefs(): AsyncGenerator<readonly Brief[]> {
    const { introduce, journal } = this.options
    const { boundary } = journal
    const told = new Set<string>()
    for (let ids: readonly CommitId[] = boundary?.edge ?? []; ids.length > 0 && !this.stopped;) {
      const answer = await this.relay({ deep: true, brief: true, ids: ids.slice(0, MAX_EDGE), prefixes: [] })
      for (const credential of answer.credentials) await introduce(credential)
      const briefs = answer.blobs.flatMap(decodeBriefs).filter(({ prefix }) => !told.has(prefix))
      // Who has no end does not tell the truth.
      if (briefs.length === 0 || told.size > (boundary?.count ?? Number.POSITIVE_INFINITY)) return
      for (const { prefix } of briefs) told.add(prefix)
      yield briefs
      ids = answer.next
    }
  }

  /** Commits of which an index has told, by the beginning of their ids; those that nobody gives are left out. */
  async load(prefixes: readonly string[]): Promise<Commit[]> {
    const { sha256 } = this.options.journal.options.crypto
    const found: Commit[] = []
    for (let from = 0; from < prefixes.length; from += MAX_NEEDED) {
      const batch = prefixes.slice(from, from + MAX_NEEDED)
      let question: OlderQuestion = { deep: false, brief: false, ids: [], prefixes: batch.map(fromHex) }
      for (;;) {
        const { blobs, next } = await this.relay(question)
        const commits = blobs.map((bytes) => decodeCommit(bytes, sha256))
        found.push(...commits.filter(({ id }) => batch.some((prefix) => id.startsWith(prefix))))
        // An answer has an end.
        if (next.length === 0 || commits.length === 0) break
        question = { deep: false, brief: false, ids: next, prefixes: [] }
      }
    }
    return found
  }

  /** Asks whoever has more. Rejects as `DescentOptions.ask` does. */
  relay(question: OlderQuestion): Promise<OlderAnswer> {
    return this.options.ask(question)
  }

  /** What all that is missing comes to, as far as this device has it. */
  base(): Promise<RepositoryState | undefined> {
    return baseOf(this.options.journal)
  }

  stop(): void {
    this.stopped = true
  }

  private run(): Promise<void> {
    this.whole ??= this.descend().finally(() => (this.whole = undefined))
    return this.whole
  }

  private async descend(): Promise<void> {
    const { journal } = this.options
    this.bad.clear()
    this.firstBad = undefined
    this.setRunning(true)
    try {
      let fruitless = 0
      while (journal.boundary && journal.boundary.edge.length > 0 && !this.stopped) {
        const before = journal.boundary.size
        if (!(await this.further())) break
        fruitless = journal.boundary.size > before ? 0 : fruitless + 1
        if (fruitless > MAX_FRUITLESS) this.lose(journal.boundary.edge, 'What is given for it is something else.')
        this.onChange.emit()
        await this.rest()
      }
      if (journal.boundary && journal.boundary.edge.length === 0 && !this.stopped) await this.finish()
      if (!journal.boundary) await this.checkSignatures()
    } finally {
      this.setRunning(false)
    }
  }

  /** Asks once for what comes next; answers false where nothing is left to be asked for. */
  private async further(): Promise<boolean> {
    const { journal, introduce } = this.options
    const { boundary } = journal
    const ids = boundary!.edge.filter((id) => !this.bad.has(id)).slice(0, MAX_EDGE)
    if (ids.length === 0) return false
    const answer = await this.ask({ deep: true, brief: false, ids, prefixes: [] })
    if (!answer) return false
    for (const credential of answer.credentials) await introduce(credential)
    const taken: Commit[] = []
    for (const bytes of answer.blobs) {
      const commit = this.open(bytes)
      if (commit) {
        boundary!.add(outline(commit, -1))
        taken.push(commit)
      }
      await this.pause()
    }
    // Now it is known which of them are next.
    const lacking = answer.lacking.filter((id) => boundary!.edgeHas(id))
    this.lose(lacking, 'It cannot be read where it is stored.')
    await this.store(taken)
    if (taken.length > 0) this.onTaken.emit(taken.map(({ id }) => id))
    return true
  }

  /** What cannot be stored at present is tried again: nothing more is asked for meanwhile. */
  private async store(commits: readonly Commit[]): Promise<void> {
    const { journal } = this.options
    for (;;) {
      try {
        await storeOlder(journal, commits, this.known)
        return
      } catch (error) {
        if (!this.inBackground || this.stopped || journal.isClosed) throw error
        await this.wait(RETRY_MS)
      }
    }
  }

  /**
   * A commit that holds, and is named by one that is here; undefined for one that is here by now, does not hold, or lies
   * below one that is missing.
   */
  private open(bytes: Uint8Array): Commit | undefined {
    const { journal } = this.options
    const { sha256 } = journal.options.crypto
    const boundary = journal.boundary!
    try {
      const commit = decodeCommit(bytes, sha256)
      return boundary.edgeHas(commit.id) ? commit : undefined
    } catch (error) {
      if (!(error instanceof IbexError)) throw error
      const id = idOf(bytes, sha256)
      if (id && boundary.edgeHas(id)) this.lose([id], error.message)
      return undefined
    }
  }

  /** Asks until somebody answers; undefined where that is no longer wanted. */
  private async ask(question: OlderQuestion): Promise<OlderAnswer | undefined> {
    for (;;) {
      if (this.stopped || this.options.journal.isClosed) return undefined
      try {
        return await this.options.ask(question)
      } catch (error) {
        if (!(error instanceof IbexError) || error.code !== 'unreachable' || !this.running) throw error
        if (!this.inBackground) throw error
        await this.wait(RETRY_MS)
      }
    }
  }

  /** The last has come: looks at what seals say of all, and makes the past whole. */
  private async finish(): Promise<void> {
    const { journal } = this.options
    const words = await sealWords(journal)
    await journal.exclusive(async () => complete(journal, words))
    await this.checkSeals(words)
    this.onChange.emit()
  }

  /** Each seal counts what is below it, and lists as void only what is. */
  private async checkSeals(words: readonly SealWord[]): Promise<void> {
    const { graph } = this.options.journal
    let below = 0
    let before: SealWord | undefined
    for (const word of words) {
      // One that does not descend from the one before it is counted from the beginning.
      const follows = before !== undefined && covers(graph, [word.id], before.id)
      below = follows ? below + since(graph, [before!.id], [word.id]).length : since(graph, [], [word.id]).length - 1
      if (below !== word.count || !word.void.every((id) => covers(graph, [word.id], id))) {
        this.lose([word.id], 'A seal says other than what is below it.')
        return
      }
      before = word
      await this.pause()
    }
  }

  /** The newest first, as far as nobody has looked at them. */
  private async checkSignatures(): Promise<void> {
    const { journal } = this.options
    const { graph, storage } = journal
    let noted = journal.unchecked ?? 0
    while (!this.stopped && !journal.isClosed && (journal.unchecked ?? 0) > 0) {
      const end = journal.unchecked!
      const from = Math.max(0, end - CHECKED_AT_ONCE)
      const ids = Array.from({ length: end - from }, (_, i) => graph.idAt(end - 1 - i))
      const commits: LoadedCommit[] = []
      const [unread] = await storage.readCommits(ids, (commit) => void commits.push(commit))
      const holds = await Promise.all(commits.map((commit) => this.isSigned(commit)))
      const fault = unread ?? commits[holds.indexOf(false)]?.id
      if (fault) {
        this.lose([fault], unread ? 'It cannot be read.' : 'Its signature is not that of its session.')
        return
      }
      journal.unchecked = from
      if (noted - from >= NOTED_AFTER || from === 0) {
        noted = from
        storage.record([pastRecord({ kind: 'checked', left: from })])
      }
      this.onChange.emit()
      await this.pause(true)
      if (from % NOTED_AFTER < CHECKED_AT_ONCE) await this.rest()
    }
  }

  private async isSigned({ id, header, signature }: LoadedCommit): Promise<boolean> {
    const { crypto, sessions } = this.options.journal.options
    const session = sessions.get(header.session)
    if (!session || !signature) return false
    return crypto.verify(session.publicKey, signedMessage(header.repository, id), signature)
  }

  private lose(ids: readonly CommitId[], why: string): void {
    for (const id of ids) {
      if (this.bad.has(id)) continue
      this.bad.add(id)
      this.firstBad ??= id
      this.options.distrusted(new IbexError('history-damaged', `The commit ${id} does not hold. ${why}`))
      this.onChange.emit()
    }
  }

  private setRunning(running: boolean): void {
    this.running = running
    this.onChange.emit()
  }

  /** Lets others go on after a slice of work, or `now`. */
  private async pause(now = false): Promise<void> {
    const { clock } = this.options.journal.repository.surroundings
    if (!now && Math.abs(clock.now() - this.sliceStart) < SLICE_MS) return
    await this.wait(0)
    this.sliceStart = clock.now()
  }

  private async rest(): Promise<void> {
    if (!this.inBackground) return
    await this.wait(REST_MS)
    while (this.inBackground && !this.stopped && this.options.journal.repository.waiting.length > 0)
      await this.wait(BUSY_MS)
  }

  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.options.journal.repository.surroundings.scheduler.after(ms, resolve))
  }
}

/** The id of a commit whose body may be another than its header names; undefined where there is not even a header. */
function idOf(bytes: Uint8Array, sha256: Sha256): CommitId | undefined {
  try {
    return decodeStoredHeader(bytes, sha256).id
  } catch {
    return undefined
  }
}
