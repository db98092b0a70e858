/** What is known of a repository's commits beside the graph: the fate of each, and what the authority's seals say. */
import { covers, since } from '../graph/ancestry.js'
import type { Graph } from '../graph/graph.js'
import type { CommitId } from '../ids.js'

export type Fate = 'provisional' | 'accepted' | 'void'
/** By the number that stands for each. */
const FATES: readonly Fate[] = ['provisional', 'accepted', 'void']
const PROVISIONAL = 0
const ACCEPTED = 1
const VOID = 2

/** Identity: one for each journal. */
export class Fates {
  /** The newest of the authority's seals here. */
  lastSeal: CommitId | undefined
  /** All of the authority's seals here, oldest first. */
  readonly seals: CommitId[] = []
  /** Void commits that no seal lists yet. */
  readonly unsealedVoids: Set<CommitId> = new Set()
  private readonly graph: Graph
  /** By the graph's numbers, a byte a commit. */
  private fates: Uint8Array = new Uint8Array(256)

  constructor(graph: Graph) {
    this.graph = graph
  }

  of(id: CommitId): Fate | undefined {
    const n = this.graph.numberOf(id)
    return n < 0 ? undefined : FATES[this.fates[n]!]
  }

  /** The fate of the commit with a local number of the graph. */
  at(n: number): Fate {
    return FATES[this.fates[n]!]!
  }

  set(n: number, fate: Fate): void {
    if (n >= this.fates.length) {
      const grown = new Uint8Array(Math.max(n + 1, this.fates.length + (this.fates.length >> 3)))
      grown.set(this.fates)
      this.fates = grown
    }
    this.fates[n] = FATES.indexOf(fate)
  }

  /** All of them, as numbers, for a checkpoint: to be read at once. */
  numbers(): Uint8Array {
    return this.fates.subarray(0, this.graph.size)
  }

  /** Takes over what {@link numbers} gave of the commits that the graph was loaded with; answers those that are provisional. */
  load(numbers: Uint8Array): CommitId[] {
    this.fates = numbers
    for (let n = 0; n < numbers.length; n++) if (this.graph.kindAt(n) === 'seal') this.seals.push(this.graph.idAt(n))
    return this.find(PROVISIONAL)
  }

  /** Gives what is not void below a frontier the fate `accepted`; answers the numbers of what had not, parents first. */
  accept(frontier: readonly CommitId[]): number[] {
    const { graph, fates } = this
    const open = frontier.map((id) => graph.numberOf(id)).filter((n) => n >= 0)
    const passed = new Set<number>()
    const accepted: number[] = []
    const ask = (parent: number): unknown => fates[parent] !== ACCEPTED && open.push(parent)
    for (let n = open.pop(); n !== undefined; n = open.pop()) {
      // Below an accepted commit nothing is undecided; below a void one something may be.
      if (fates[n] === ACCEPTED || passed.has(n)) continue
      if (fates[n] === VOID) passed.add(n)
      else {
        fates[n] = ACCEPTED
        accepted.push(n)
      }
      graph.eachParent(n, ask)
    }
    return accepted.sort((a, b) => a - b)
  }

  /** All void commits, in the order in which they came. */
  voids(): CommitId[] {
    return this.find(VOID)
  }

  /** Void commits below a frontier, except those that seals below `held` list: whoever has these knows. */
  voidsBelow(frontier: readonly CommitId[], held: readonly CommitId[]): CommitId[] {
    const { graph, fates } = this
    if (!fates.includes(VOID)) return []
    const known = held.length > 0 ? this.seals.findLast((seal) => covers(graph, held, seal)) : undefined
    const entries = since(graph, known ? [known] : [], frontier)
    return entries.filter(({ n }) => fates[n] === VOID).map(({ id }) => id)
  }

  /** Commits have new numbers: `former` are those that they had, in the order of the new. */
  renumber(former: readonly number[]): void {
    const { fates } = this
    this.fates = Uint8Array.from(former, (before) => fates[before]!)
  }

  private find(fate: number): CommitId[] {
    const fates = this.numbers()
    const found: CommitId[] = []
    for (let n = fates.indexOf(fate); n >= 0; n = fates.indexOf(fate, n + 1)) found.push(this.graph.idAt(n))
    return found
  }
}
