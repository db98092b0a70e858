/**
 * The index of a repository's commits: what must be known of every commit at any time, without its bytes (I-17). Commits
 * have dense local numbers in the order in which they came, so that a parent's is smaller than its child's; the numbers
 * differ between replicas and never leave the process.
 *
 * One array a property instead of one object a commit: about 230 bytes each, the id included.
 */
import { IbexError } from '../errors.js'
import type { CommitId, SessionId } from '../ids.js'
import type { CommitHeader, CommitKind } from './header.js'
import { COMMIT_KINDS } from './header.js'
import type { HybridTime } from './time.js'
import { compareTimes, ZERO_TIME } from './time.js'

const PREFIX = 16

/** What the graph knows of a commit: a view made anew by every look, so compare two by their `n`, not by identity. */
export interface Entry {
  /** Local number. */
  readonly n: number
  readonly id: CommitId
  readonly session: SessionId
  readonly time: HybridTime
  /** Local numbers, in the order of the header. */
  readonly parents: readonly number[]
  readonly kind: CommitKind
  /** Where the log has it; −1: nowhere yet. See {@link Graph.setPosition}. */
  readonly position: number
  /** Bytes as stored. */
  readonly size: number
}

/** Grows only. Keeps its heads and its greatest time as it grows. */
export class Graph {
  private readonly ids: CommitId[] = []
  /**
   * By the first 16 digits of the id: answers for whole ids and for prefixes with one map. Digits are cut, not copied.
   * Whoever makes two ids that begin alike (2^32 hashes of work) lands in `alike`.
   */
  private readonly numbers: Map<string, number> = new Map<string, number>()
  private readonly alike: Map<CommitId, number> = new Map<CommitId, number>()
  private readonly sessions: SessionId[] = []
  private readonly sessionNames: Map<SessionId, SessionId> = new Map<SessionId, SessionId>()
  private readonly ms: number[] = []
  /** Counter of the time in 16 bits, kind above them. */
  private readonly counters: number[] = []
  private readonly positions: number[] = []
  private readonly sizes: number[] = []
  /** Parents of n are `edges[firstEdge[n]]` up to `edges[firstEdge[n + 1]]`. */
  private readonly firstEdge: number[] = [0]
  private readonly edges: number[] = []
  private readonly headNumbers: Set<number> = new Set<number>()
  private newest: HybridTime = ZERO_TIME

  /** Commits. */
  get size(): number {
    return this.ids.length
  }

  /** Commits without children, ascending by id, as parents are written. */
  heads(): CommitId[] {
    return [...this.headNumbers].map((n) => this.ids[n]!).sort()
  }

  /** The greatest time of any commit. */
  maxTime(): HybridTime {
    return this.newest
  }

  has(id: CommitId): boolean {
    return this.numberOf(id) >= 0
  }

  get(id: CommitId): Entry | undefined {
    const n = this.numberOf(id)
    return n < 0 ? undefined : this.at(n)
  }

  /** The entry with a local number below {@link Graph.size}. */
  at(n: number): Entry {
    const bits = this.counters[n]!
    return {
      n,
      id: this.ids[n]!,
      session: this.sessions[n]!,
      time: { ms: this.ms[n]!, counter: bits & 0xffff },
      parents: this.edges.slice(this.firstEdge[n], this.firstEdge[n + 1]),
      kind: COMMIT_KINDS[bits >> 16]!,
      position: this.positions[n]!,
      size: this.sizes[n]!,
    }
  }

  /** The id with a local number below {@link Graph.size}. */
  idAt(n: number): CommitId {
    return this.ids[n]!
  }

  /** The local number of a commit; −1: unknown. */
  numberOf(id: CommitId): number {
    const n = this.numbers.get(id.slice(0, PREFIX)) ?? -1
    return n < 0 || this.ids[n] === id ? n : (this.alike.get(id) ?? -1)
  }

  /** The local number of the first commit whose id begins with these 16 digits; −1: none. */
  numberOfPrefix(digits: string): number {
    return this.numbers.get(digits) ?? -1
  }

  /** Calls `visit` with the local number of each parent of `n`. */
  eachParent(n: number, visit: (parent: number) => void): void {
    for (let edge = this.firstEdge[n]!, end = this.firstEdge[n + 1]!; edge < end; edge++) visit(this.edges[edge]!)
  }

  /**
   * Adds a commit after its parents; `size` is that of its stored bytes, `position` where the log has them. Throws
   * `bad-parents` if a parent is missing: ask {@link Graph.has} first. Adding what is known is the caller's mistake.
   */
  add(
    id: CommitId,
    header: Pick<CommitHeader, 'kind' | 'session' | 'time' | 'parents'>,
    size: number,
    position: number = -1,
  ): Entry {
    if (this.has(id)) throw new Error(`Commit ${id} is in the graph already.`)
    const parents = header.parents.map((parent) => this.numberOf(parent))
    if (parents.includes(-1)) throw new IbexError('bad-parents', `A parent of ${id} is missing.`)
    const { session, time } = header

    const n = this.ids.push(id) - 1
    const digits = id.slice(0, PREFIX)
    if (this.numbers.has(digits)) this.alike.set(id, n)
    else this.numbers.set(digits, n)
    // One string a session, however many commits it wrote.
    if (!this.sessionNames.has(session)) this.sessionNames.set(session, session)
    this.sessions.push(this.sessionNames.get(session)!)
    this.ms.push(time.ms)
    this.counters.push(time.counter | (COMMIT_KINDS.indexOf(header.kind) << 16))
    this.sizes.push(size)
    this.positions.push(position)
    for (const parent of parents) {
      this.edges.push(parent)
      this.headNumbers.delete(parent)
    }
    this.firstEdge.push(this.edges.length)
    this.headNumbers.add(n)
    if (compareTimes(time, this.newest) > 0) this.newest = time
    return this.at(n)
  }

  /**
   * Takes commits out again, from which nothing that stays descends. The others get new local numbers: answers the former
   * ones in the order of the new. Costs the whole graph.
   */
  remove(ids: ReadonlySet<CommitId>): number[] {
    const former: number[] = []
    const kept: (readonly [Entry, CommitId[]])[] = []
    for (let n = 0; n < this.size; n++) {
      if (ids.has(this.ids[n]!)) continue
      const entry = this.at(n)
      former.push(n)
      kept.push([entry, entry.parents.map((parent) => this.ids[parent]!)])
    }
    for (const list of [this.ids, this.sessions, this.ms, this.counters, this.positions, this.sizes, this.edges]) {
      list.length = 0
    }
    this.firstEdge.length = 1
    for (const index of [this.numbers, this.alike, this.headNumbers]) index.clear()
    this.newest = ZERO_TIME
    for (const [entry, parents] of kept) this.add(entry.id, { ...entry, parents }, entry.size, entry.position)
    return former
  }

  /** Says where the log has a commit. */
  setPosition(n: number, position: number): void {
    this.positions[n] = position
  }
}
