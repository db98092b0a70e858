/**
 * The commits below the first moment that can be shown, as far as something is known of them: of those whose content is here
 * all that they say, of the others what an index says. They are there to look through: what is looked at is loaded, and what
 * they made of items is known when the last of them is here.
 */
import type { LoadedCommit } from '../graph/commit.js'
import type { Action } from '../graph/body.js'
import { idOf, type PastCommit } from '../history/deed.js'
import type { Ledger, ReadCommit } from '../history/ledger.js'
import { compareCommits } from '../history/stamp-order.js'
import type { CommitId, ItemId } from '../ids.js'
import { settledOrigin } from '../item/origin.js'
import type { TimerHandle } from '../ports.js'
import { Signal, type Unsubscribe } from '../signal.js'
import { type Brief, MARKS, markOf } from '../sync/briefs.js'
import type { Descent } from './descent.js'
import type { Journal } from './journal.js'
import { createPace } from './pace.js'

/** So many that are looked at are asked for at once. */
const LOADED_AT_ONCE = 256
/** Milliseconds after which it is tried again to reach somebody. */
const RETRY_MS = 5000
/** What comes by itself is shown at most so often: who lists all has to do so anew. Milliseconds. */
const ARRIVAL_MS = 1000
const PREFIX = 16

interface Known {
  readonly commit: PastCommit
  /** As long as its content is not here. */
  readonly brief: Brief | undefined
  readonly read: ReadCommit | undefined
}

/** Who has what is not here. */
export type OlderSource = Pick<Descent, 'briefs' | 'load' | 'onTaken'>

/** Identity: one for each history that does not begin with the first commit. */
export class OlderCommits {
  /** After more is known. */
  readonly onChange: Signal = new Signal()
  /** Counts what became known. */
  version = 0
  private readonly journal: Journal
  private readonly ledger: Ledger
  private readonly source: OlderSource
  /** By the beginnings of their ids. */
  private readonly known = new Map<string, Known>()
  private readonly places = new Map<PastCommit, Known>()
  /** By ascending stamps, but for those that came since somebody looked. */
  private sorted: PastCommit[] = []
  private readonly fresh = new Set<PastCommit>()
  private isAsked = false
  private indexing: Promise<void> | undefined
  private readonly wanted = new Set<string>()
  private loading = false
  /** Came by themselves, and nobody knows it yet. */
  private arrived: Known[] = []
  private arrivedAt = Number.NEGATIVE_INFINITY
  private arrival: TimerHandle | undefined
  private waiting: TimerHandle | undefined
  private closed = false
  private readonly stop: Unsubscribe

  constructor(journal: Journal, ledger: Ledger, source: OlderSource) {
    this.journal = journal
    this.ledger = ledger
    this.source = source
    this.stop = source.onTaken.subscribe((ids) => void this.readStored(ids))
    const here = journal.boundary?.graph().graph
    if (here && here.size > 0) void this.readStored(Array.from({ length: here.size }, (_, n) => here.idAt(n)))
  }

  /** By ascending stamps. */
  get commits(): readonly PastCommit[] {
    if (this.fresh.size === 0) return this.sorted
    const fresh = [...this.fresh].sort(compareCommits)
    this.fresh.clear()
    const [first] = this.sorted
    const isBelow = !first || compareCommits(fresh.at(-1)!, first) < 0
    this.sorted = fresh.concat(this.sorted)
    if (!isBelow) this.sorted.sort(compareCommits)
    return this.sorted
  }

  /** Asks for the index of what is not here, unless that was done; until somebody gives it. */
  index(): void {
    this.isAsked = true
    if (this.waiting || this.closed) return
    this.indexing ??= this.readIndex().catch(() => {
      this.indexing = undefined
      this.retry()
    })
  }

  /** What the index says of a commit whose content is not here. */
  briefOf(commit: PastCommit): Brief | undefined {
    return this.places.get(commit)?.brief
  }

  has(commit: PastCommit): boolean {
    return this.places.has(commit)
  }

  /** The commit of which this is the id, or the beginning of it. */
  find(id: string): PastCommit | undefined {
    const commit = this.known.get(id.slice(0, PREFIX))?.commit
    return commit && (id.length === PREFIX || idOf(commit) === id) ? commit : undefined
  }

  /** Somebody looks at these commits: what is not here comes, and those who listen are told. */
  look(commits: Iterable<PastCommit>): void {
    if (this.waiting || this.closed) return
    for (const commit of commits) if (this.briefOf(commit)) this.wanted.add(idOf(commit))
    if (this.wanted.size > 0 && !this.loading) void this.load()
  }

  /** Everything has come: what was read so far, to be put into the ledger. */
  takeRead(): Map<CommitId, ReadCommit> {
    const found = new Map<CommitId, ReadCommit>()
    for (const { read } of [...this.arrived, ...this.known.values()]) if (read) found.set(idOf(read.commit), read)
    return found
  }

  close(): void {
    this.closed = true
    this.stop()
    const { scheduler } = this.journal.repository.surroundings
    for (const timer of [this.waiting, this.arrival]) if (timer) scheduler.cancel(timer)
  }

  private async readIndex(): Promise<void> {
    for await (const briefs of this.source.briefs()) {
      if (this.closed) return
      for (const brief of briefs) {
        if (this.journal.graph.numberOfPrefix(brief.prefix) >= 0) continue
        this.arrived.push({ commit: outlined(brief), brief, read: undefined })
      }
      this.arrive()
    }
  }

  /** What was looked at last is loaded first. */
  private async load(): Promise<void> {
    const { scheduler } = this.journal.repository.surroundings
    this.loading = true
    try {
      // What is looked at in one go is asked for in one.
      await new Promise<void>((resolve) => scheduler.after(0, resolve))
      // Some of it may have come meanwhile.
      this.takeArrived()
      while (this.wanted.size > 0 && !this.closed) {
        const prefixes = [...this.wanted].slice(-LOADED_AT_ONCE)
        for (const prefix of prefixes) this.wanted.delete(prefix)
        const missing = prefixes.filter((prefix) => this.known.get(prefix)?.brief)
        const found = missing.length > 0 ? await this.source.load(missing) : []
        for (const commit of found) this.take(this.read(commit))
        if (found.length > 0) this.changed()
        if (found.length < missing.length) this.retry()
      }
    } catch {
      this.wanted.clear()
      this.retry()
    } finally {
      this.loading = false
    }
  }

  /** What cannot be had now is asked for when somebody looks again: after a while those who listen are told to. */
  private retry(): void {
    this.waiting ??= this.closed
      ? undefined
      : this.journal.repository.surroundings.scheduler.after(RETRY_MS, () => {
          this.waiting = undefined
          if (this.isAsked) this.index()
          this.onChange.emit()
        })
  }

  /** Commits that came to this device. */
  private async readStored(ids: readonly CommitId[]): Promise<void> {
    const { storage, repository } = this.journal
    const pause = createPace(repository.surroundings)
    await storage.readCommits(ids, (commit) => {
      if (!this.closed) this.arrived.push(this.read(commit))
      return pause()
    })
    this.arrive()
  }

  private arrive(): void {
    if (this.closed || this.arrival) return
    const { clock, scheduler } = this.journal.repository.surroundings
    const past = Math.abs(clock.now() - this.arrivedAt)
    if (past >= ARRIVAL_MS) this.takeArrived()
    else this.arrival = scheduler.after(ARRIVAL_MS - past, () => this.takeArrived())
  }

  private takeArrived(): void {
    const { clock, scheduler } = this.journal.repository.surroundings
    if (this.arrival) scheduler.cancel(this.arrival)
    this.arrival = undefined
    if (this.arrived.length === 0) return
    this.arrivedAt = clock.now()
    for (const known of this.arrived) this.take(known)
    this.arrived = []
    this.changed()
  }

  private read(commit: LoadedCommit): Known {
    const read = this.ledger.read(commit, commit.bytes.length, 'accepted')
    return { commit: read.commit, brief: undefined, read }
  }

  /** Takes what says more than what is known already. */
  private take(known: Known): void {
    const before = this.known.get(idOf(known.commit).slice(0, PREFIX))
    if (!before || (before.brief && known.read)) this.put(known)
  }

  private put(known: Known): void {
    const { commit } = known
    const prefix = idOf(commit).slice(0, PREFIX)
    const before = this.known.get(prefix)?.commit
    this.known.set(prefix, known)
    this.places.set(commit, known)
    if (before) this.places.delete(before)
    if (!before || this.fresh.delete(before)) {
      this.fresh.add(commit)
      return
    }
    const place = placeOf(this.sorted, before)
    const { ms, counter } = before.origin
    if (commit.origin.ms === ms && commit.origin.counter === counter) this.sorted[place] = commit
    else {
      // The index did not tell the truth.
      this.sorted.splice(place, 1)
      this.fresh.add(commit)
    }
  }

  private changed(): void {
    if (this.closed) return
    this.version++
    this.onChange.emit()
  }
}

/** Whether a commit can have changed an item, as an index says. */
export function canConcern({ items, marks }: Brief, item: ItemId): boolean {
  return items > MARKS || marks.includes(markOf(item))
}

/** The place of a commit in a list that ascends and has it. */
function placeOf(commits: readonly PastCommit[], commit: PastCommit): number {
  let low = 0
  let high = commits.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareCommits(commits[middle]!, commit) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Some number of actions of which nothing is known. */
const unknown: (readonly Action[])[] = []
const NOTHING: readonly never[] = Object.freeze([])

function outlined({ prefix, time, kind, size, actions, session }: Brief): PastCommit {
  unknown[actions] ??= Object.freeze(Array.from({ length: actions }, () => Object.freeze({ offset: 0 })))
  return {
    origin: settledOrigin(time, prefix as CommitId, session),
    kind,
    size,
    parents: NOTHING,
    lane: '',
    flush: 0,
    actions: unknown[actions],
    deeds: NOTHING,
    standing: 'accepted',
    index: -1,
    start: -1,
  }
}
