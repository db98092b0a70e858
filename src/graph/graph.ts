/**
 * The index of a repository's commits: what must be known of every commit at any time, without its bytes (I-17). Commits
 * have dense local numbers in the order in which they came, so that a parent's is smaller than its child's. The numbers
 * differ between replicas, change when commits are taken out or put below others, and never leave the process.
 */
import { IbexError } from '../errors.js'
import type { CommitId, SessionId } from '../ids.js'
import type { Random } from '../ports.js'
import { type ColumnData, Columns } from './columns.js'
import type { CommitHeader, CommitKind } from './header.js'
import { COMMIT_KINDS } from './header.js'
import { idAt, IdTable, wordsOf } from './id-table.js'
import type { HybridTime } from './time.js'
import { compareTimes, ZERO_TIME } from './time.js'

/**
 * What the graph knows of a commit: a view made anew by every look, so compare two by their `n`, not by identity. It asks
 * the graph when it is asked: read what you need before anything is awaited, since numbers may change; spread, it is empty.
 */
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

/** What of a commit's header the graph keeps. */
export type EntryHeader = Pick<CommitHeader, 'kind' | 'session' | 'time' | 'parents'>

/** A commit for `putBelow` of `below.ts`. */
export interface OlderCommit {
  readonly id: CommitId
  readonly header: EntryHeader
  readonly size: number
  readonly position: number
}

/** A whole graph as lists; see {@link Graph.data}. */
export interface GraphData extends ColumnData {
  /** What the numbers in `authors` stand for. */
  readonly sessions: readonly SessionId[]
}

/** So many ids, of those that were asked for or added last, are kept as text. A power of two. */
const KEPT_IDS = 256

/** Keeps its heads and its greatest time as it grows. Some 80 bytes a commit. */
export class Graph {
  /** @internal To be read, except by {@link Graph.replace}. */
  columns: Columns = new Columns()
  private readonly table: IdTable
  private readonly sessions: SessionId[] = []
  private readonly authors: Map<SessionId, number> = new Map<SessionId, number>()
  /** Ids and their numbers, each at the place of the number's last bits. */
  private readonly keptIds: CommitId[] = []
  private readonly keptNumbers: Int32Array = new Int32Array(KEPT_IDS).fill(-1)
  private readonly headIds: Map<number, CommitId> = new Map<number, CommitId>()
  private newest: HybridTime = ZERO_TIME

  /** `random` keeps strangers from making ids that are slow to find. */
  constructor(random?: Random) {
    this.table = new IdTable(random)
  }

  /** Commits. */
  get size(): number {
    return this.columns.size
  }

  /** Commits without children, ascending by id, as parents are written. */
  heads(): CommitId[] {
    return [...this.headIds.values()].sort()
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
    return new View(this, n)
  }

  /** The local number of a commit; −1: unknown. */
  numberOf(id: CommitId): number {
    return this.table.find(this.columns.ids, id)
  }

  /** The local number of the first commit whose id begins with these 16 digits; −1: none. */
  numberOfPrefix(digits: string): number {
    return this.table.findPrefix(this.columns.ids, digits)
  }

  // What an entry says, by the local number of its commit, for whoever looks at very many.

  idAt(n: number): CommitId {
    return this.keptNumbers[n & (KEPT_IDS - 1)] === n
      ? this.keptIds[n & (KEPT_IDS - 1)]!
      : this.keepId(n, idAt(this.columns.ids, n))
  }

  sessionAt(n: number): SessionId {
    return this.sessions[this.columns.authors[n]!]!
  }

  timeAt(n: number): HybridTime {
    return this.columns.time(n)
  }

  parentsAt(n: number): number[] {
    return this.columns.parents(n)
  }

  /** Calls `visit` with the local number of each parent of `n`. */
  eachParent(n: number, visit: (parent: number) => void): void {
    const { firstEdges, edges } = this.columns
    for (let edge = firstEdges[n]!, end = firstEdges[n + 1]!; edge < end; edge++) visit(edges[edge]!)
  }

  kindAt(n: number): CommitKind {
    return COMMIT_KINDS[this.columns.kinds[n]!]!
  }

  positionAt(n: number): number {
    return this.columns.positions[n]!
  }

  sizeAt(n: number): number {
    return this.columns.sizes[n]!
  }

  /** Says where the log has a commit. */
  setPosition(n: number, position: number): void {
    this.columns.positions[n] = position
  }

  /**
   * Adds a commit after its parents; `size` is that of its stored bytes, `position` where the log has them. Throws
   * `bad-parents` if a parent is missing: ask {@link Graph.has} first. Adding what is known is the caller's mistake.
   */
  add(id: CommitId, header: EntryHeader, size: number, position: number = -1): Entry {
    if (this.has(id)) throw new Error(`Commit ${id} is in the graph already.`)
    const parents = header.parents.map((parent) => this.numberOf(parent))
    if (parents.includes(-1)) throw new IbexError('bad-parents', `A parent of ${id} is missing.`)
    const { columns, table, headIds } = this
    const { kind, session, time } = header
    const row = { author: this.authorOf(session), kind: COMMIT_KINDS.indexOf(kind), time, size, position }
    const n = columns.push(wordsOf(id), 0, row, parents)
    table.add(columns.ids, columns.size)
    for (const parent of parents) headIds.delete(parent)
    headIds.set(n, this.keepId(n, id))
    if (compareTimes(header.time, this.newest) > 0) this.newest = header.time
    return this.at(n)
  }

  /** Everything, to be read at once and not to be written to. `loadGraph` of `rearranging.ts` is the way back. */
  data(): GraphData {
    return { ...this.columns.data(), sessions: this.sessions }
  }

  /**
   * @internal For `rearranging.ts` and `below.ts`: from now on these are the commits. `sessions`: what the numbers of authors
   * stand for, if no longer the same.
   */
  replace(columns: Columns, sessions?: readonly SessionId[]): void {
    if (sessions) {
      this.sessions.length = 0
      this.authors.clear()
      for (const session of sessions) this.authorOf(session)
    }
    this.columns = columns
    this.table.fill(columns.ids, columns.size)
    this.keptNumbers.fill(-1)
    this.headIds.clear()
    const isParent = new Uint8Array(columns.size)
    for (const parent of columns.data().edges) isParent[parent] = 1
    for (let n = isParent.indexOf(0); n >= 0; n = isParent.indexOf(0, n + 1)) this.headIds.set(n, this.idAt(n))
    this.newest = columns.newest()
  }

  private keepId(n: number, id: CommitId): CommitId {
    this.keptNumbers[n & (KEPT_IDS - 1)] = n
    this.keptIds[n & (KEPT_IDS - 1)] = id
    return id
  }

  /** @internal One string a session, however many commits it wrote. */
  authorOf(session: SessionId): number {
    let author = this.authors.get(session)
    if (author === undefined) this.authors.set(session, (author = this.sessions.push(session) - 1))
    return author
  }
}

/** See {@link Entry}. */
class View implements Entry {
  readonly n: number
  private readonly graph: Graph

  constructor(graph: Graph, n: number) {
    this.graph = graph
    this.n = n
  }

  get id(): CommitId {
    return this.graph.idAt(this.n)
  }

  get session(): SessionId {
    return this.graph.sessionAt(this.n)
  }

  get time(): HybridTime {
    return this.graph.timeAt(this.n)
  }

  get parents(): readonly number[] {
    return this.graph.parentsAt(this.n)
  }

  get kind(): CommitKind {
    return this.graph.kindAt(this.n)
  }

  get position(): number {
    return this.graph.positionAt(this.n)
  }

  get size(): number {
    return this.graph.sizeAt(this.n)
  }
}
