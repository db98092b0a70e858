/** What a graph keeps of each commit: a typed array a property, so that 100,000 commits are a few megabytes and no objects. */
import type { HybridTime } from './time.js'
import { ZERO_TIME } from './time.js'

/** 32-bit words of an id, in the order of its digits. */
export const WORDS = 8
const TIME_STEP = 2 ** 16

/** One commit's place in the columns, without its id and its parents. */
export interface Row {
  /** A number that the graph gives its sessions. */
  readonly author: number
  /** Place in `COMMIT_KINDS`. */
  readonly kind: number
  readonly time: HybridTime
  readonly size: number
  readonly position: number
}

/** The lists of a {@link Columns}, as they are now. */
export interface ColumnData {
  /** Ids, eight words each. */
  readonly ids: Int32Array
  readonly authors: Uint32Array
  readonly kinds: Uint8Array
  /** Milliseconds by 2^16; and what is left of them, times 2^16, with the counter: compared one after the other. */
  readonly timesHigh: Uint32Array
  readonly timesLow: Uint32Array
  readonly sizes: Uint32Array
  readonly positions: Float64Array
  /** Where the parents of each commit begin in `edges`, and after the last one where they end. */
  readonly firstEdges: Uint32Array
  /** Numbers of parents. */
  readonly edges: Uint32Array
}

/** Identity: a list of commits that grows at its end. */
export class Columns implements ColumnData {
  size = 0
  ids: Int32Array = new Int32Array(0)
  authors: Uint32Array = new Uint32Array(0)
  kinds: Uint8Array = new Uint8Array(0)
  timesHigh: Uint32Array = new Uint32Array(0)
  timesLow: Uint32Array = new Uint32Array(0)
  sizes: Uint32Array = new Uint32Array(0)
  positions: Float64Array = new Float64Array(0)
  firstEdges: Uint32Array = new Uint32Array(1)
  edges: Uint32Array = new Uint32Array(0)

  /** Room for so many commits. */
  reserve(size: number): void {
    this.ids = grown(this.ids, size * WORDS)
    this.authors = grown(this.authors, size)
    this.kinds = grown(this.kinds, size)
    this.timesHigh = grown(this.timesHigh, size)
    this.timesLow = grown(this.timesLow, size)
    this.sizes = grown(this.sizes, size)
    this.positions = grown(this.positions, size)
    this.firstEdges = grown(this.firstEdges, size + 1)
  }

  /** Adds a commit, with the id that begins at `from` in `words` and these numbers of parents; answers its number. */
  push(words: ArrayLike<number>, from: number, row: Row, parents: readonly number[]): number {
    const n = this.size
    this.reserve(n + 1)
    for (let i = 0; i < WORDS; i++) this.ids[n * WORDS + i] = words[from + i]!
    this.authors[n] = row.author
    this.kinds[n] = row.kind
    this.timesHigh[n] = Math.floor(row.time.ms / TIME_STEP)
    this.timesLow[n] = (row.time.ms % TIME_STEP) * TIME_STEP + row.time.counter
    this.sizes[n] = row.size
    this.positions[n] = row.position
    let edge = this.firstEdges[n]!
    this.edges = grown(this.edges, edge + parents.length)
    for (const parent of parents) this.edges[edge++] = parent
    this.firstEdges[n + 1] = edge
    this.size++
    return n
  }

  row(n: number): Row {
    return {
      author: this.authors[n]!,
      kind: this.kinds[n]!,
      time: this.time(n),
      size: this.sizes[n]!,
      position: this.positions[n]!,
    }
  }

  time(n: number): HybridTime {
    const low = this.timesLow[n]!
    return { ms: this.timesHigh[n]! * TIME_STEP + (low >>> 16), counter: low & 0xffff }
  }

  /** The greatest time of any. */
  newest(): HybridTime {
    const { size, timesHigh, timesLow } = this
    let newest = 0
    for (let n = 1; n < size; n++) {
      const later = timesHigh[n]! - timesHigh[newest]! || timesLow[n]! - timesLow[newest]!
      if (later > 0) newest = n
    }
    return size > 0 ? this.time(newest) : ZERO_TIME
  }

  /** Numbers of parents, in the order in which they were given. */
  parents(n: number): number[] {
    const { firstEdges, edges } = this
    const parents: number[] = []
    for (let edge = firstEdges[n]!, end = firstEdges[n + 1]!; edge < end; edge++) parents.push(edges[edge]!)
    return parents
  }

  /** The lists without what is reserved: to be read at once, and not to be written to. */
  data(): ColumnData {
    const { size } = this
    return {
      ids: this.ids.subarray(0, size * WORDS),
      authors: this.authors.subarray(0, size),
      kinds: this.kinds.subarray(0, size),
      timesHigh: this.timesHigh.subarray(0, size),
      timesLow: this.timesLow.subarray(0, size),
      sizes: this.sizes.subarray(0, size),
      positions: this.positions.subarray(0, size),
      firstEdges: this.firstEdges.subarray(0, size + 1),
      edges: this.edges.subarray(0, this.firstEdges[size]),
    }
  }

  /** The columns with these lists, which it takes over. */
  static of(data: ColumnData): Columns {
    return Object.assign(new Columns(), data, { size: data.kinds.length })
  }
}

/** The array, or a longer copy of it. By an eighth, because what is left over is held by every repository that is open. */
function grown<T extends Uint8Array | Int32Array | Uint32Array | Float64Array>(array: T, size: number): T {
  if (size <= array.length) return array
  const room = Math.max(size, array.length + (array.length >> 3), 16)
  const longer = new (array.constructor as new (length: number) => T)(room)
  longer.set(array)
  return longer
}
