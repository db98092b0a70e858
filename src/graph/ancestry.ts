/**
 * Questions about who descends from whom. All walks go down the dense local numbers of a graph, from children to parents,
 * with one mark a commit, and end as soon as nothing is left that could change the answer: they cost the part that they
 * tell, not the history below. (A queue by priority, where the marks are the queue: compare "paint down to common" in
 * git's commit-reach.c.)
 *
 * Ids that a graph does not hold are passed over: who may send unknown ids must look for them first.
 */
import type { CommitId } from '../ids.js'
import { fromHex, toHex } from '../ids.js'
import type { Sha256 } from './body.js'
import type { Entry, Graph } from './graph.js'

/** Not any iterable: one that asks the graph while it is read would meet the marks of the walk that reads it. */
export type Ids = readonly CommitId[] | ReadonlySet<CommitId>

const WANTED = 1
const REACHED = 2

/** One byte a commit, all zero between two walks; shared by all graphs, as no walk is interrupted by another. */
let marks = new Uint8Array(1024)

/** The local numbers of those ids that the graph holds, each marked with `mark` besides what it had. */
function markAll(graph: Graph, ids: Ids, mark: number): number[] {
  if (marks.length < graph.size) marks = new Uint8Array(graph.size + (graph.size >> 3))
  const numbers: number[] = []
  for (const id of ids) {
    const n = graph.numberOf(id)
    if (n < 0) continue
    marks[n]! |= mark
    numbers.push(n)
  }
  return numbers
}

/**
 * Local numbers marked as wanted, or of ancestors of such, that are neither marked as reached nor ancestors of what is:
 * ascending, none below `floor`. `starts` are all numbers that have a mark. Takes the marks away.
 */
function walk(graph: Graph, starts: readonly number[], floor: number = 0): number[] {
  const found: number[] = []
  let lowest = graph.size
  let highest = -1
  // How many marks below n can still become findings: when there are none, the rest of the graph cannot matter.
  let open = 0
  for (const n of new Set(starts)) {
    if (n < lowest) lowest = n
    if (n > highest) highest = n
    if (marks[n] === WANTED) open++
  }
  let mark = 0
  const passDown = (parent: number): void => {
    const before = marks[parent]!
    if (parent < lowest) lowest = parent
    if (mark !== WANTED && before === WANTED) open--
    else if (mark === WANTED && before === 0) open++
    marks[parent] = before | mark
  }
  for (let n = highest; open > 0 && n >= floor; n--) {
    mark = marks[n]!
    if (mark === 0) continue
    if (mark === WANTED) {
      open--
      found.push(n)
    }
    graph.eachParent(n, passDown)
  }
  marks.fill(0, lowest, highest + 1)
  return found.reverse()
}

/**
 * All commits that are neither in `base` nor ancestors of it, parents before children; only those that are in `heads` or
 * ancestors of it, if given.
 */
export function since(graph: Graph, base: Ids, heads: Ids = graph.heads()): Entry[] {
  const starts = markAll(graph, base, REACHED)
  return walk(graph, starts.concat(markAll(graph, heads, WANTED))).map((n) => graph.at(n))
}

/** Commits and all their ancestors, parents before children. */
export function withAncestors(graph: Graph, ids: Ids): Entry[] {
  return since(graph, [], ids)
}

/** Commits and all their descendants, parents before children. Costs all that came after the oldest of them. */
export function withDescendants(graph: Graph, ids: Ids): Entry[] {
  const starts = markAll(graph, ids, WANTED)
  const first = starts.reduce((least, n) => Math.min(least, n), graph.size)
  const found: Entry[] = []
  let n = first
  const inherit = (parent: number): void => {
    if (marks[parent]) marks[n] = WANTED
  }
  for (; n < graph.size; n++) {
    graph.eachParent(n, inherit)
    if (marks[n]) found.push(graph.at(n))
  }
  marks.fill(0, first, graph.size)
  return found
}

/** Whether a known commit is in a frontier or an ancestor of it. */
export function covers(graph: Graph, frontier: Ids, id: CommitId): boolean {
  const wanted = markAll(graph, [id], WANTED)
  return wanted.length > 0 && walk(graph, wanted.concat(markAll(graph, frontier, REACHED)), wanted[0]).length === 0
}

/** Whether `a` is an ancestor of `b`; no commit is its own. */
export function isAncestor(graph: Graph, a: CommitId, b: CommitId): boolean {
  return a !== b && covers(graph, [b], a)
}

/** Those of the ids that are no ancestors of others of them, ascending by id: the frontier that stands for all of them. */
export function frontierOf(graph: Graph, ids: Ids): CommitId[] {
  const starts = markAll(graph, ids, WANTED)
  for (const n of starts.slice()) {
    graph.eachParent(n, (parent) => {
      marks[parent]! |= REACHED
      starts.push(parent)
    })
  }
  return walk(graph, starts)
    .map((n) => graph.idAt(n))
    .sort()
}

/**
 * The frontier of a set that is closed under ancestry after it has got one more commit, ascending by id. The parents must
 * be in the set, the commit must not: then this is {@link frontierOf} at no cost.
 */
export function frontierAfter(
  frontier: readonly CommitId[],
  commit: { readonly id: CommitId; readonly header: { readonly parents: readonly CommitId[] } },
): CommitId[] {
  return [...frontier.filter((id) => !commit.header.parents.includes(id)), commit.id].sort()
}

/** Parents before children, in local order. */
export function topological(entries: Iterable<Entry>): Entry[] {
  return [...entries].sort((a, b) => a.n - b.n)
}

const PREFIX = 8

/**
 * By which a peer finds the common past (protocol.md, section 5): the first 8 bytes of the ids at distances 4, 8, 16, …
 * from the newest commit in local order, then of the first commit.
 */
export function ladder(graph: Graph): Uint8Array[] {
  const last = graph.size - 1
  const rungs: Uint8Array[] = []
  const rung = (n: number): unknown => rungs.push(fromHex(graph.idAt(n).slice(0, 2 * PREFIX)))
  for (let distance = 4; distance < last; distance *= 2) rung(last - distance)
  if (last >= 0) rung(0)
  return rungs
}

/** The first commit whose id begins with 8 bytes. */
export function findByPrefix(graph: Graph, prefix: Uint8Array): Entry | undefined {
  const n = graph.numberOfPrefix(toHex(prefix))
  return n < 0 ? undefined : graph.at(n)
}

/** By which two replicas see whether they have the same commits: SHA-256 of "ibex heads 1" and the ids of all heads. */
export function hashOfHeads(graph: Graph, sha256: Sha256): Uint8Array {
  const domain = Uint8Array.from('ibex heads 1', (character) => character.charCodeAt(0))
  return sha256([domain, ...graph.heads().map(fromHex)])
}
