/**
 * The ledger: all commits by their stamps, and the track of each item. Everything that history answers is worked out of it.
 * It is built when somebody looks, follows the graph, and is let go when nobody looks any more.
 *
 * A *position* counts actions with effect from the beginning. It changes its meaning when a commit comes late, so that
 * whoever keeps a place keeps the commit, and asks for its position.
 */
import type { Action } from '../graph/body.js'
import type { Commit, LoadedCommit } from '../graph/commit.js'
import type { CommitId, ItemId, Lane } from '../ids.js'
import type { Change, Chunk } from '../item/change.js'
import { settledOrigin } from '../item/origin.js'
import { Signal } from '../signal.js'
import {
  type Deed,
  effective,
  idOf,
  type PastCommit,
  type Sight,
  splitChunks,
  type Standing,
  type Track,
} from './deed.js'
import { Deepening } from './deepening.js'
import { chunksOf } from './fold.js'
import { Frontiers } from './frontiers.js'
import { readLabel } from './labels.js'
import { compareCommits, sortCommits } from './stamp-order.js'
import { RepositoryState } from './state.js'
import { createTrack, insertDeed, removeDeeds } from './track.js'

/** What happened to a ledger. */
export interface LedgerChange {
  readonly added: readonly PastCommit[]
  /** Those of them that came before others which were here. */
  readonly late: readonly PastCommit[]
  /** What became void or was taken out: it had never had an effect. */
  readonly gone: readonly PastCommit[]
  /** The added ones are what lay below the floor: it shows the same as before, and more can be shown. */
  readonly isDeeper?: boolean
}

/** An action in its commit. */
export interface ActionPlace {
  readonly commit: PastCommit
  readonly action: number
}

/** What is read of the graph for a commit without a body. */
export type Bodiless = Pick<Commit, 'id'> & {
  readonly header: Pick<Commit['header'], 'kind' | 'time' | 'session' | 'parents'>
}

/** A commit that is about to be put in, and the names of its parents. */
export interface ReadCommit {
  readonly commit: PastCommit
  readonly parents: readonly CommitId[]
}

/** Most commits hold one action without a label. */
const ONE_ACTION: readonly Action[] = Object.freeze([Object.freeze({ offset: 0 })])
const NOTHING: readonly never[] = Object.freeze([])

/** Identity: one for each repository whose history is looked at. */
export class Ledger {
  /** By ascending stamps. */
  readonly commits: PastCommit[] = []
  /** Counts its changes. */
  version = 0
  /** Its version when something else happened to it than that commits were put behind the others. */
  shaken = 0
  /** Its version when the standing of a commit changed last. */
  judged = 0
  /** After it changed. */
  readonly onChange: Signal<[LedgerChange]> = new Signal()
  /**
   * The first moment that can be shown, where there are commits below which are not here: what these come to is known, and
   * not how it came about. Undefined: everything can be shown.
   */
  floor: Sight | undefined
  /** Which commits stand for all up to a place. */
  readonly frontiers: Frontiers = new Frontiers(this.commits)
  /** Commits without effect. */
  readonly voids: Set<PastCommit> = new Set()
  /** Commits with actions whose labels say what they are to others. */
  readonly marked: Set<PastCommit> = new Set()
  /** By lane and flush, for lanes that were asked for. */
  private readonly flushes = new Map<Lane, Map<number, PastCommit[]>>()
  private byId = new Map<CommitId, PastCommit>()
  private readonly tables = new Map<string, Map<ItemId, Track>>()
  private readonly state: RepositoryState
  private readonly words = new Map<string, string>()
  private readonly lanes = new Map<string, Lane>()
  private based: ReadonlySet<CommitId>

  /** `base`: what came before; it must not change. `based`: commits whose effect is in it. */
  constructor(base: RepositoryState = new RepositoryState(), based: Iterable<CommitId> = []) {
    this.state = base
    this.based = new Set(based)
    for (const schema of base.schemas()) {
      const table = new Map<ItemId, Track>()
      for (const item of base.items(schema)) table.set(item.id, createTrack(item.id, base.root(schema), item))
      this.tables.set(schema, table)
    }
  }

  /** How many actions with effect there are. */
  get length(): number {
    const last = this.commits.at(-1)
    return last ? last.start + effective(last) : 0
  }

  get(id: CommitId): PastCommit | undefined {
    return this.byId.get(id)
  }

  /** Whether a commit's effect is in what came before, so that it is in no track, until all of the past is here. */
  isBased(commit: PastCommit): boolean {
    return this.based.size > 0 && this.based.has(idOf(commit))
  }

  /** Commits that say they are of a flush. Anybody can say so: who asks looks at their sessions. */
  ofFlush(lane: Lane, flush: number): readonly PastCommit[] {
    if (!this.flushes.has(lane)) {
      this.flushes.set(lane, new Map())
      for (const commit of this.commits) if (commit.lane === lane) this.noteFlush(commit)
    }
    return this.flushes.get(lane)!.get(flush) ?? NOTHING
  }

  /** The action that is the last of the first `position`; at least 1. */
  actionAt(position: number): ActionPlace {
    const { commits } = this
    let low = 0
    let high = commits.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (commits[middle]!.start < position) low = middle + 1
      else high = middle
    }
    const commit = commits[low - 1]!
    return { commit, action: position - 1 - commit.start }
  }

  schemas(): Iterable<string> {
    return this.tables.keys()
  }

  track(schema: string, id: ItemId): Track | undefined {
    return this.tables.get(schema)?.get(id)
  }

  /** Every track of a schema, in no order that means anything. */
  tracks(schema: string): Iterable<Track> {
    return this.tables.get(schema)?.values() ?? NOTHING
  }

  /** The track of an item, of which nothing may be known yet. */
  open(schema: string, id: ItemId): Track {
    let table = this.tables.get(schema)
    if (!table) this.tables.set(schema, (table = new Map()))
    let track = table.get(id)
    if (!track) table.set(id, (track = createTrack(id, this.state.root(schema))))
    return track
  }

  /** Makes what history keeps of a commit; {@link add} puts it in. */
  read(commit: LoadedCommit | Bodiless, size: number, standing: Standing): ReadCommit {
    const { id, header } = commit
    const made: PastCommit & { deeds: readonly Deed[] } = {
      origin: settledOrigin(header.time, id, header.session),
      kind: header.kind,
      size,
      parents: NOTHING,
      lane: 'lane' in header ? this.lane(header.lane) : '',
      flush: 'flush' in header ? header.flush : 0,
      actions: 'actions' in commit ? shortest(commit.actions) : NOTHING,
      deeds: NOTHING,
      standing,
      index: 0,
      start: 0,
    }
    if ('chunks' in commit) made.deeds = this.deedsOf(made, chunksOf(commit))
    return { commit: made, parents: header.parents }
  }

  /** What a commit that will be did to items. */
  deedsOf(commit: PastCommit, chunks: readonly Chunk[]): Deed[] {
    return splitChunks(commit, chunks, (schema, id) => this.open(schema, id)).map((deed) => ({
      ...deed,
      changes: deed.changes.map((change) => this.shared(change)),
    }))
  }

  /** Puts commits in, whose parents are in or among them, and tells. */
  add(batch: readonly ReadCommit[]): void {
    if (batch.length === 0) return
    const added = batch.map(({ commit }) => commit)
    const { late } = this.place(added)
    for (const each of batch) this.link(each)
    for (const commit of added) this.addDeeds(commit)
    this.onChange.emit({ added, late, gone: [] })
  }

  /**
   * The same for many at once before anybody looks: in small steps, between which others may run. Nothing else may be done
   * to the ledger until the last.
   */
  *fill(batch: readonly ReadCommit[]): Iterable<void> {
    let start = 0
    for (const commit of yield* sortCommits(batch.map((each) => each.commit))) {
      commit.index = this.commits.push(commit) - 1
      commit.start = start
      start += effective(commit)
      this.register(commit)
      yield
    }
    for (const each of batch) {
      this.link(each)
      yield
    }
    for (const commit of this.commits) {
      this.addDeeds(commit)
      yield
    }
    this.version++
  }

  /**
   * Puts in what lay below the floor, all of it, after which nothing does: in small steps, of which only the last changes
   * anything. Between them nothing else may be done to the ledger. `linked`: commits that are in, with parents which were not.
   */
  *deepen(batch: readonly ReadCommit[], linked: readonly ReadCommit[]): Generator<void, void> {
    const added = batch.map(({ commit }) => commit)
    const deepening = new Deepening(this.commits)
    const based = this.commits.filter((commit) => this.isBased(commit))
    yield* deepening.prepare(yield* sortCommits(added), based)
    const byId = new Map<CommitId, PastCommit>()
    for (const commit of deepening.merged) {
      byId.set(idOf(commit), commit)
      yield
    }
    for (const each of batch) {
      this.link(each, byId)
      yield
    }
    this.byId = byId
    this.based = new Set()
    for (const each of linked) this.link(each)
    this.commits.length = 0
    for (const commit of deepening.merged) this.commits.push(commit)
    this.flushes.clear()
    for (const commit of added) this.note(commit)
    this.number(0)
    for (const table of this.tables.values()) deepening.ground(table.values())
    this.floor = undefined
    this.shaken = this.version
    this.onChange.emit({ added, late: [], gone: [], isDeeper: true })
  }

  /** Notes how commits stand by now. */
  judge(ids: readonly CommitId[], standingOf: (id: CommitId) => Standing): void {
    const gone: PastCommit[] = []
    let first = this.commits.length
    for (const id of ids) {
      const commit = this.byId.get(id)
      if (!commit) continue
      const before = commit.standing
      commit.standing = standingOf(id)
      if (commit.standing !== 'void' || before === 'void') continue
      for (const { track } of commit.deeds) removeDeeds(track, commit)
      this.voids.add(commit)
      gone.push(commit)
      first = Math.min(first, commit.index)
    }
    this.number(first)
    this.judged = this.version
    if (gone.length > 0) this.shaken = this.version
    this.onChange.emit({ added: [], late: [], gone })
  }

  /** Takes commits out again. */
  remove(ids: readonly CommitId[]): void {
    const gone = ids.flatMap((id) => this.byId.get(id) ?? [])
    if (gone.length === 0) return
    const out = new Set(gone)
    for (const commit of gone) {
      for (const { track } of commit.deeds) removeDeeds(track, commit)
      this.byId.delete(idOf(commit))
      this.marked.delete(commit)
      this.voids.delete(commit)
      if (commit.lane !== '') this.flushes.delete(commit.lane)
    }
    const left = this.commits.filter((commit) => !out.has(commit))
    this.commits.length = 0
    for (const commit of left) this.commits.push(commit)
    this.number(0)
    this.shaken = this.version
    this.onChange.emit({ added: [], late: [], gone })
  }

  private register(commit: PastCommit): void {
    this.byId.set(idOf(commit), commit)
    this.note(commit)
  }

  private note(commit: PastCommit): void {
    const { lane, standing, actions } = commit
    if (standing === 'void') this.voids.add(commit)
    if (lane !== '' && this.flushes.has(lane)) this.noteFlush(commit)
    if (actions.some(({ label }) => label !== undefined && readLabel(label))) this.marked.add(commit)
  }

  private noteFlush(commit: PastCommit): void {
    const flushes = this.flushes.get(commit.lane as Lane)!
    const known = flushes.get(commit.flush)
    if (known) known.push(commit)
    else flushes.set(commit.flush, [commit])
  }

  private link({ commit, parents }: ReadCommit, byId: ReadonlyMap<CommitId, PastCommit> = this.byId): void {
    const first = parents.length === 1 ? byId.get(parents[0]!) : undefined
    // As long as it must be: engines leave room in lists that grew.
    const found = first ? [first] : parents.flatMap((parent) => byId.get(parent) ?? NOTHING).slice()
    ;(commit as { parents: readonly PastCommit[] }).parents = found.length > 0 ? found : NOTHING
  }

  /** What is known of authors is different: whatever was found by them is to be looked for again. */
  shake(): void {
    this.shaken = ++this.version
  }

  private addDeeds(commit: PastCommit): void {
    if (commit.standing === 'void' || this.isBased(commit)) return
    for (const deed of commit.deeds) insertDeed(deed.track, deed)
  }

  /** Gives commits their places; answers those that came late. */
  private place(batch: readonly PastCommit[]): { late: PastCommit[] } {
    const { commits } = this
    const before = commits.at(-1)
    const sorted = [...batch].sort(compareCommits)
    let first = commits.length
    let late: PastCommit[] = []
    if (!before || compareCommits(before, sorted[0]!) < 0) {
      for (const commit of sorted) commits.push(commit)
    } else {
      late = sorted.filter((commit) => compareCommits(commit, before) < 0)
      while (first > 0 && compareCommits(sorted[0]!, commits[first - 1]!) < 0) first--
      const merged = commits.splice(first).concat(sorted).sort(compareCommits)
      for (const commit of merged) commits.push(commit)
    }
    for (const commit of batch) this.register(commit)
    this.number(first)
    if (late.length > 0) this.shaken = this.version
    return { late }
  }

  /** Counts anew from a place on. */
  private number(from: number): void {
    const { commits } = this
    this.version++
    this.frontiers.forget(from)
    const before = commits[from - 1]
    let start = before ? before.start + effective(before) : 0
    for (let i = from; i < commits.length; i++) {
      const commit = commits[i]!
      commit.index = i
      commit.start = start
      start += effective(commit)
    }
  }

  private lane(lane: Lane): Lane {
    const known = this.lanes.get(lane)
    if (known === undefined) this.lanes.set(lane, lane)
    return known ?? lane
  }

  /** One string for each name of a field, however many changes of it there are. */
  private shared({ action, field, tag, value }: Change): Change {
    let word = this.words.get(field)
    if (word === undefined) this.words.set(field, (word = field))
    return { action, field: word, tag, value }
  }
}

function shortest(actions: readonly Action[]): readonly Action[] {
  return actions.length === 1 && actions[0]!.label === undefined ? ONE_ACTION : actions.slice()
}
