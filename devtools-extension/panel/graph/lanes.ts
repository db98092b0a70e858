/**
 * Lanes of the graph: each commit has one, and each edge to a parent runs in one between its ends. Worked out from the oldest
 * commit on, so that new ones only add to it.
 */
import type { CommitColumns } from '../state/commit-columns.js'
import { lastAtMost } from '../time/scale.js'

/** An edge: from commit `from`, in lane `lane` between the two, to the later commit `to`. */
export interface Edge {
  readonly from: number
  readonly to: number
  readonly lane: number
}

interface Lane {
  /** The commit that goes on in it; -1: none does. */
  tip: number
  /** The newest commit up to which it is in use. */
  used: number
  /** Edges in it, which do not overlap, ascending. */
  readonly from: number[]
  readonly to: number[]
}

/** Identity: one for each graph that is shown. */
export class Lanes {
  private lanes: Lane[] = []
  private laneOfCommit = new Uint16Array(1024)
  private count = 0
  /** The newest commit that was taken in: it is another once something came before it. */
  private newest: string | undefined

  /** How many lanes there are. */
  get width(): number {
    return this.lanes.length
  }

  laneOf(commit: number): number {
    return this.laneOfCommit[commit]!
  }

  /** Whether nothing goes on from a commit. */
  isHead(commit: number): boolean {
    return this.lanes[this.laneOf(commit)]!.tip === commit
  }

  /** Takes in what is new; all of it, where something came late. */
  follow(columns: CommitColumns): this {
    if (columns.ids[this.count - 1] !== this.newest) {
      this.lanes = []
      this.count = 0
    }
    this.newest = columns.ids[columns.count - 1]
    if (columns.count > this.laneOfCommit.length) {
      const grown = new Uint16Array(2 * columns.count)
      grown.set(this.laneOfCommit)
      this.laneOfCommit = grown
    }
    for (; this.count < columns.count; this.count++) this.add(this.count, columns)
    return this
  }

  /** Edges that pass commits `first` to `last`, or end at one. */
  edges(first: number, last: number): Edge[] {
    const found: Edge[] = []
    for (const [lane, { from, to }] of this.lanes.entries()) {
      for (let i = lastAtMost(to, first - 1) + 1; i < to.length && from[i]! <= last; i++) {
        found.push({ from: from[i]!, to: to[i]!, lane })
      }
    }
    return found
  }

  private add(commit: number, { firstParent, parents, sessionOf }: CommitColumns): void {
    const own = parents.subarray(firstParent[commit], firstParent[commit + 1]).filter((parent) => parent >= 0)
    // On from the parent of the same session, else from the first that nobody has gone on from.
    const tips = own.filter((parent) => this.isHead(parent))
    const before = tips.find((parent) => sessionOf[parent] === sessionOf[commit]) ?? tips[0]
    const branches = before === undefined ? own[0] : undefined
    const lane = before !== undefined ? this.laneOf(before) : this.freeSince(branches ?? commit - 1)
    this.laneOfCommit[commit] = lane
    for (const parent of own) {
      if (parent === before || parent === branches) this.connect(lane, parent, commit)
      else if (this.isHead(parent)) {
        const joined = this.laneOf(parent)
        this.connect(joined, parent, commit)
        this.lanes[joined]!.tip = -1
      } else this.connect(this.freeSince(parent), parent, commit)
    }
    const { [lane]: taken } = this.lanes
    taken!.tip = commit
    taken!.used = commit
  }

  /** The first lane in which nothing is after a commit; a new one where there is none. */
  private freeSince(commit: number): number {
    const found = this.lanes.findIndex(({ tip, used }) => tip < 0 && used <= commit)
    if (found >= 0) return found
    this.lanes.push({ tip: -1, used: -1, from: [], to: [] })
    return this.lanes.length - 1
  }

  private connect(lane: number, from: number, to: number): void {
    const own = this.lanes[lane]!
    own.from.push(from)
    own.to.push(to)
    own.used = to
  }
}
