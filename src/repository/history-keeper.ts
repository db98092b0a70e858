/**
 * Keeps the history of an open repository while somebody looks: builds the ledger, follows what comes, and knows what is
 * not in the ledger yet.
 */
import { IbexError } from '../errors.js'
import { since } from '../graph/ancestry.js'
import { idOf, type PastCommit, type Sight } from '../history/deed.js'
import { FlatColumns } from '../history/flat-columns.js'
import { type ActionPlace, Ledger } from '../history/ledger.js'
import { compareCommits } from '../history/stamp-order.js'
import { forgetShown } from '../history/look.js'
import { type Marks, readMarks } from '../history/marks.js'
import { type ActionId, formatMoment, type Moment, parseActionId, START } from '../history/moment.js'
import { isAboveFloor, missingPast, momentOf, sightAfter, sightOf, withLate } from '../history/sight.js'
import type { RepositoryState } from '../history/state.js'
import type { HistorySource } from '../history/source.js'
import type { CommitId, Lane, SessionId, UserId } from '../ids.js'
import { createSnapshotBuilder, type SnapshotBuilder } from '../item/snapshot.js'
import type { AnySchema } from '../schema/schema.js'
import { Signal, type Unsubscribe } from '../signal.js'
import { deepenLedger, fillLedger, readCommits } from './history-reader.js'
import { createHistorySource } from './history-source.js'
import { HistoryTail } from './history-tail.js'
import type { Journal } from './journal.js'
import { OlderCommits, type OlderSource } from './older-commits.js'
import { PastRepository } from './past.js'
import { columnMaker } from './past-queries.js'
import { createPace } from './pace.js'

/** So many moments are not resolved anew each time somebody asks about them. */
const SIGHTS = 64

/** What came or changed and is not in the ledger yet. */
interface News {
  /** `whole`: all that was below has come, whatever it is. */
  readonly kind: 'admitted' | 'withdrawn' | 'judged' | 'whole'
  readonly ids: readonly CommitId[]
}

/** What of a past that is not here is known all the same. */
export interface Below {
  /** What it comes to. */
  readonly base: RepositoryState
  readonly source: OlderSource
}

/** Identity: one for each repository whose history is looked at. */
export class HistoryKeeper {
  readonly journal: Journal
  readonly source: HistorySource
  readonly ledger: Ledger
  /** After the ledger, or what is pending, or how something stands, changed. */
  readonly onChange: Signal = new Signal()
  /** Why what came could not be taken in: from then on the history lacks something. */
  failure: IbexError | undefined
  /** What is below the first moment that can be shown; undefined where there is nothing. */
  older: OlderCommits | undefined
  private readonly builders = new Map<string, SnapshotBuilder>()
  private readonly columns = new Map<string, FlatColumns>()
  private readonly pasts = new Set<PastRepository>()
  private readonly sights = new Map<string, Sight>()
  private readonly news: News[] = []
  private readonly pending: HistoryTail
  private lastMarks: { tail: readonly PastCommit[]; version: number; marks: Marks } | undefined
  private working: Promise<void> | undefined
  /** What a seal does not cover, of so many commits. */
  private unsealed: { seal: CommitId; size: number; ids: ReadonlySet<CommitId> } | undefined
  private closed = false
  private renumbered = false
  private readonly stops: Unsubscribe[]

  private constructor(journal: Journal, below: Below | undefined) {
    this.journal = journal
    this.source = createHistorySource(journal, below?.base)
    this.ledger = new Ledger(this.source.base, below && journal.boundary?.frontier)
    this.pending = new HistoryTail(journal, this.ledger)
    const hear =
      (kind: News['kind']) =>
      (ids: readonly CommitId[]): void => {
        if (kind === 'admitted') this.pending.bridge(ids)
        if (kind === 'withdrawn') this.renumbered = true
        this.news.push({ kind, ids })
        if (!this.working) this.start()
      }
    this.stops = [
      this.source.onAdmitted(hear('admitted')),
      this.source.onWithdrawn(hear('withdrawn')),
      this.source.onJudged(hear('judged')),
      journal.onWhole.subscribe(() => hear('whole')([])),
      journal.repository.onPending.subscribe(() => this.onChange.emit()),
      journal.options.sessions.onCertified.subscribe(() => this.renew()),
      this.ledger.onChange.subscribe(({ late, gone, isDeeper = false }) => {
        if (isDeeper) this.endOlder()
        this.ledger.floor &&= withLate(this.ledger.floor, late)
        if (late.length > 0 || gone.length > 0) this.sights.clear()
        this.onChange.emit()
      }),
    ]
  }

  /**
   * Reads what is there; resolves when it can be asked. Nothing stutters meanwhile.
   * @throws IbexError `history-missing`
   */
  static async open(journal: Journal, below?: Below): Promise<HistoryKeeper> {
    const keeper = new HistoryKeeper(journal, below)
    const { base } = keeper.source
    let isFilled = false
    const filling = fillLedger(keeper.ledger, keeper.source, {
      pause: createPace(journal.repository.surroundings),
      isOver: () => keeper.closed || keeper.source.base !== base,
      wasRenumbered: () => {
        const { renumbered } = keeper
        keeper.renumbered = false
        return renumbered
      },
    })
    keeper.start(
      filling.then(() => {
        isFilled = keeper.source.base === base
        if (isFilled) keeper.begin(below)
      }),
    )
    await keeper.working
    if (isFilled && !keeper.failure) return keeper
    keeper.close()
    // What was below has come meanwhile.
    if (keeper.source.base !== base) return HistoryKeeper.open(journal)
    throw keeper.failure!
  }

  /** The ledger is full: if there is something below, it is known by now where. */
  private begin(below: Below | undefined): void {
    const { boundary } = this.journal
    if (!below || !boundary || this.closed) return
    const frontier = boundary.frontier.flatMap((id) => this.ledger.get(id) ?? []).sort(compareCommits)
    const last = frontier.pop()
    if (!last) throw missingPast()
    this.ledger.floor = sightOf(
      this.ledger,
      formatMoment({ last: idOf(last), action: undefined, others: frontier.map(idOf).sort() }),
    )
    this.older = new OlderCommits(this.journal, this.ledger, below.source)
    this.older.onChange.subscribe(() => this.onChange.emit())
  }

  /** Throws `store-closed`, or why what came could not be taken in. */
  require(): void {
    if (this.closed) throw new IbexError('store-closed', 'This history was closed: ask the store for it again.')
    if (this.failure) throw this.failure
  }

  /** Resolves when what has come by now is in the ledger. */
  async settled(): Promise<void> {
    while (this.working) await this.working
  }

  /** What is in no commit yet, or in one that is not in the ledger yet, as commits, oldest first. */
  tail(): readonly PastCommit[] {
    return this.pending.commits()
  }

  /** What actions, with the pending ones, are to each other. */
  marks(): Marks {
    const tail = this.tail()
    const { ledger, lastMarks } = this
    if (lastMarks?.tail === tail && lastMarks.version === ledger.version) return lastMarks.marks
    const { sessions } = this.journal.options
    const userOf = (session: SessionId): UserId | null => sessions.get(session)?.user ?? null
    const marks = readMarks(ledger, tail, (a, b) => userOf(a) !== null && userOf(a) === userOf(b))
    this.lastMarks = { tail, version: ledger.version, marks }
    return marks
  }

  /** The first part of the action of that name. Throws `malformed-id`, `unknown-action`. */
  find(id: ActionId): ActionPlace {
    const parts = parseActionId(id)
    const tail = this.tail()
    const commit =
      'prefix' in parts
        ? this.ofPrefix(parts.prefix)
        : 'commit' in parts
          ? (this.ledger.get(parts.commit) ?? tail.find(({ origin }) => origin.id === parts.commit))
          : (tail.find(({ lane, flush }) => lane === parts.lane && flush === parts.flush) ??
            this.ofFlush(parts.lane, parts.flush))
    if (commit && parts.action < commit.actions.length) return this.marks().headOf({ commit, action: parts.action })
    if (this.ledger.floor) throw missingPast()
    throw new IbexError(
      'unknown-action',
      `The action ${id} is not of the history that is here. It is of another repository, or has not come yet.`,
    )
  }

  /** The same of what is below the first moment that can be shown; undefined for what is not. */
  findOlder(id: ActionId): ActionPlace | undefined {
    const parts = parseActionId(id)
    const commit = 'lane' in parts ? undefined : this.older?.find('prefix' in parts ? parts.prefix : parts.commit)
    return commit && parts.action < Math.max(1, commit.actions.length) ? { commit, action: parts.action } : undefined
  }

  private ofPrefix(prefix: string): PastCommit | undefined {
    const { graph } = this.journal
    const n = graph.numberOfPrefix(prefix)
    return n < 0 ? undefined : this.ledger.get(graph.idAt(n))
  }

  /** The commit of a flush; of this session's, where others say that theirs is of it too. */
  private ofFlush(lane: Lane, flush: number): PastCommit | undefined {
    const named = this.ledger.ofFlush(lane, flush)
    return named.find(({ origin }) => origin.session === this.journal.repository.session) ?? named.at(-1)
  }

  /** Whether the authority's newest seal here covers a commit. */
  isSealed(id: CommitId): boolean {
    const { graph, fates } = this.journal
    const { lastSeal } = fates
    if (lastSeal === undefined) return false
    if (this.unsealed?.seal !== lastSeal || this.unsealed.size !== graph.size) {
      const ids = new Set(since(graph, [lastSeal]).map((entry) => entry.id))
      this.unsealed = { seal: lastSeal, size: graph.size, ids }
    }
    return !this.unsealed.ids.has(id)
  }

  /** A schema of the store, if it has one of that name. */
  schemaOf(name: string): AnySchema | undefined {
    return this.journal.repository.schemaOf(name)
  }

  /** Throws `unknown-schema`. */
  readonly builderOf = (schema: AnySchema): SnapshotBuilder => {
    const { repository, options } = this.journal
    const known = repository.table(schema).schema
    let builder = this.builders.get(known.name)
    if (!builder) {
      builder = createSnapshotBuilder(known, repository.path, options.sessions.authorOf)
      this.builders.set(known.name, builder)
    }
    return builder
  }

  /** The columns of a schema's items. Throws `unknown-schema`. */
  readonly columnsOf = (schema: AnySchema): FlatColumns => {
    const { name } = schema
    let columns = this.columns.get(name)
    if (!columns) {
      columns = new FlatColumns(this.ledger, name, columnMaker(this.builderOf(schema)))
      this.columns.set(name, columns)
    }
    return columns
  }

  /** What is seen at a moment. Throws `malformed-id`, `unknown-moment`. */
  sightOf(moment: Moment): Sight {
    let sight = this.sights.get(moment)
    if (!sight) {
      sight = sightOf(this.ledger, moment)
      if (this.sights.size >= SIGHTS) this.sights.delete(this.sights.keys().next().value!)
      this.sights.set(moment, sight)
    }
    return sight
  }

  /** Whether the past is here from the first commit on. */
  get complete(): boolean {
    return this.source.base === undefined && this.ledger.floor === undefined
  }

  /** How much of a commit can be shown: all that it did, or, of what is below, what it says, or what an index says of it. */
  depthOf(commit: PastCommit): 'whole' | 'content' | 'index' {
    if (this.older?.has(commit)) return this.older.briefOf(commit) ? 'index' : 'content'
    const isKnown = isAboveFloor(this.ledger, commit) && !(commit.kind === 'change' && this.ledger.isBased(commit))
    return isKnown ? 'whole' : 'content'
  }

  /** The first moment that can be shown. */
  get first(): Moment {
    const { floor } = this.ledger
    return floor ? momentOf(this.ledger, floor) : START
  }

  /** After all that is in a commit here by now. */
  now(): Moment {
    const last = this.ledger.commits.at(-1)
    return last ? momentOf(this.ledger, sightAfter(last)) : START
  }

  checkout(moment: Moment): PastRepository {
    const { ledger, builderOf, columnsOf } = this
    const { scheduler } = this.journal.repository.surroundings
    const past = new PastRepository({ ledger, scheduler, builderOf, columnsOf }, moment)
    this.pasts.add(past)
    return past
  }

  release(past: PastRepository): void {
    past.close()
    this.pasts.delete(past)
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.endOlder()
    for (const stop of this.stops) stop()
    for (const past of this.pasts) past.close()
    this.pasts.clear()
  }

  /** Whether {@link require} throws. */
  get hasEnded(): boolean {
    return this.closed || this.failure !== undefined
  }

  /** Names of authors are others. */
  private renew(): void {
    for (const schema of this.ledger.schemas()) forgetShown(this.ledger.tracks(schema))
    for (const columns of this.columns.values()) columns.clear()
    this.ledger.shake()
    for (const past of this.pasts) past.renew()
    this.onChange.emit()
  }

  /** Takes in what came, after `first`; what comes meanwhile waits. */
  private start(first: Promise<void> = Promise.resolve()): void {
    this.working = first
      .then(() => this.work())
      .catch((error: unknown) => {
        this.failure =
          error instanceof IbexError ? error : new IbexError('storage', 'History could not be read.', { cause: error })
        this.onChange.emit()
      })
      .finally(() => {
        this.working = undefined
        if (this.news.length > 0 && !this.closed && !this.failure) this.start()
      })
  }

  /** Takes in what came, one after the other. */
  private async work(): Promise<void> {
    for (let news = this.news.shift(); news && !this.closed; news = this.news.shift()) {
      const { kind, ids } = news
      if (kind === 'withdrawn') {
        this.pending.forget(ids)
        this.ledger.remove(ids)
      } else if (kind === 'whole') await this.deepen()
      else if (kind === 'judged') this.ledger.judge(ids, (id) => this.source.standingOf(id))
      else
        this.ledger.add(
          await readCommits(
            this.ledger,
            this.source,
            ids.filter((id) => !this.ledger.get(id)),
          ),
        )
    }
  }

  /** The last of what was below has come. */
  private async deepen(): Promise<void> {
    const { older, ledger, source, journal } = this
    if (!older) return
    await deepenLedger(ledger, source, older.takeRead(), {
      pause: createPace(journal.repository.surroundings),
      isOver: () => this.closed,
    })
  }

  private endOlder(): void {
    this.older?.close()
    this.older = undefined
  }
}
