/**
 * Where a replica that began from a keyframe has its lower end. What is above is in the graph, as everywhere. What is below
 * is in the state, and comes commit by commit when somebody looks, or in the background, newest first: each must be named by
 * one that is here already, so that the seal at which the replica began vouches for all of it. Until the last has come it
 * is kept apart from the graph, which therefore never has half of a past.
 */
import { IbexError } from '../errors.js'
import { type EntryHeader, Graph, type OlderCommit } from '../graph/graph.js'
import { putBelow } from '../graph/below.js'
import type { HybridTime } from '../graph/time.js'
import { compareTimes, ZERO_TIME } from '../graph/time.js'
import type { CommitId } from '../ids.js'
import type { Random } from '../ports.js'
import type { Position } from '../storage/port.js'
import { pastRecord } from './past-records.js'
import type { LogRecord } from './records.js'

/** A commit that is not here and known to lie below. */
export interface Below {
  readonly id: CommitId
  readonly time: HybridTime
}

/** Putting commits into the graph of older ones copies all that is there: it is done for so many at least. */
const BATCH = 512
/** And for so great a part of what is there. */
const SHARE = 1 / 16

/** Identity: one for each journal that began from a keyframe, until nothing is missing. */
export class Boundary {
  /** The commits at which the keyframe was taken. They are in the graph, and what they did is in it. */
  readonly frontier: readonly CommitId[]
  /** How many commits are below it, as the authority's seal says; undefined where there is none. */
  readonly count: number | undefined
  /** Where the log has the parts of the keyframe; none where there is no log. */
  parts: readonly Position[] = []
  /** All parents of commits in the graph of which some are below, as their headers name them. */
  readonly children: Map<CommitId, readonly CommitId[]> = new Map<CommitId, readonly CommitId[]>()
  /** Times of commits that lie below, as far as others have told. */
  readonly told: Map<CommitId, HybridTime> = new Map<CommitId, HybridTime>()
  /** Named by something here, and not here; with the time of the earliest that names it. */
  private readonly missing = new Map<CommitId, HybridTime>()
  private older: Graph
  /** Parents of commits in `older` of which some are missing. */
  private olderChildren: Map<CommitId, readonly CommitId[]> = new Map<CommitId, readonly CommitId[]>()
  /** On their way into `older`, newest first. */
  private readonly waiting = new Map<CommitId, OlderCommit>()

  constructor(frontier: readonly CommitId[], count: number | undefined, random: Random) {
    this.frontier = frontier
    this.count = count
    this.older = new Graph(random)
  }

  /** The lower edge: what comes next. Empty: nothing is missing. */
  get edge(): CommitId[] {
    return [...this.missing.keys()]
  }

  edgeHas(id: CommitId): boolean {
    return this.missing.has(id)
  }

  /** Older commits that are here. */
  get size(): number {
    return this.older.size + this.waiting.size
  }

  /** Whether a commit lies below; it may be here or not. */
  has(id: CommitId): boolean {
    return this.missing.has(id) || this.told.has(id) || this.isHere(id)
  }

  /** Whether an older commit is here. */
  isHere(id: CommitId): boolean {
    return this.waiting.has(id) || this.older.has(id)
  }

  /** What must be known of a parent to check its child. */
  get(id: CommitId): { readonly time: HybridTime } | undefined {
    if (!this.has(id)) return undefined
    return this.waiting.get(id)?.header ?? this.older.get(id) ?? { time: this.told.get(id) ?? ZERO_TIME }
  }

  /** Where the log has an older commit; undefined where it is not here, −1 where the log does not have it yet. */
  positionOf(id: CommitId): Position | undefined {
    return this.waiting.get(id)?.position ?? this.older.get(id)?.position
  }

  /** An older commit is durable. */
  stored(id: CommitId, position: Position): void {
    const waits = this.waiting.get(id)
    if (waits) this.waiting.set(id, { ...waits, position })
    else this.older.setPosition(this.older.numberOf(id), position)
  }

  /** Notes what others say of a commit that is not here; answers what the log is to say of it. */
  tell({ id, time }: Below): LogRecord {
    if (!this.isHere(id)) this.told.set(id, time)
    return pastRecord({ kind: 'below', id, time })
  }

  /** A commit came into the graph with parents that lie below. */
  attach(
    id: CommitId,
    { parents, time }: Pick<EntryHeader, 'parents' | 'time'>,
    isAbove: (id: CommitId) => boolean,
  ): void {
    this.children.set(id, parents)
    for (const parent of parents) if (!isAbove(parent)) this.miss(parent, time)
  }

  /** A commit was taken out of the graph again. */
  detach(id: CommitId): void {
    if (!this.children.delete(id)) return
    // What only it had named is not missing any more.
    const named = new Set([...this.children.values(), ...this.olderChildren.values()].flat())
    for (const commit of this.waiting.values()) for (const parent of commit.header.parents) named.add(parent)
    for (const parent of this.missing.keys()) if (!named.has(parent)) this.missing.delete(parent)
  }

  /**
   * Takes an older commit, after all its children.
   * @throws IbexError `bad-parents` where nothing that is here names it, `bad-time` where it is not earlier than what does
   */
  add(commit: OlderCommit): void {
    const { id, header } = commit
    const child = this.missing.get(id)
    if (!child) throw new IbexError('bad-parents', `Nothing here descends from the commit ${id}.`)
    if (compareTimes(header.time, child) >= 0) throw new IbexError('bad-time', `${id} is not earlier than its child.`)
    this.missing.delete(id)
    this.told.delete(id)
    this.waiting.set(id, commit)
    for (const parent of header.parents) this.miss(parent, header.time)
    if (this.waiting.size >= Math.max(BATCH, this.older.size * SHARE)) this.settle()
  }

  /** The graph of older commits; and all parents of those of which some are not in it. */
  graph(): { readonly graph: Graph; readonly children: ReadonlyMap<CommitId, readonly CommitId[]> } {
    this.settle()
    return { graph: this.older, children: this.olderChildren }
  }

  /** Takes over what {@link graph} gave; to be called before anything else. */
  load(older: Graph, children: Map<CommitId, readonly CommitId[]>): void {
    this.older = older
    this.olderChildren = children
    for (const [id, parents] of children) for (const parent of parents) this.miss(parent, older.get(id)!.time)
  }

  private miss(id: CommitId, child: HybridTime): void {
    if (this.isHere(id)) return
    const known = this.missing.get(id)
    if (!known || compareTimes(child, known) < 0) this.missing.set(id, child)
  }

  private settle(): void {
    if (this.waiting.size === 0) return
    const commits = [...this.waiting.values()].reverse()
    const { older, olderChildren } = this
    putBelow(older, commits, olderChildren)
    this.waiting.clear()
    for (const { id, header } of commits) olderChildren.set(id, header.parents)
    for (const [id, parents] of olderChildren) {
      if (parents.every((parent) => older.has(parent))) olderChildren.delete(id)
    }
  }
}
