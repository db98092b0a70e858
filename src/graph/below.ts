/** Putting older commits below those of a graph: what a replica that began from a keyframe does when its past comes. */
import type { CommitId } from '../ids.js'
import { Columns, WORDS } from './columns.js'
import { Graph, type OlderCommit } from './graph.js'
import { wrongOrder } from './rearranging.js'

/**
 * Puts older commits, parents before children and none of them known, below all that is there, which gets new local numbers:
 * answers the former ones in the order of the new, −1 for what was put in.
 *
 * Whoever was added while a parent was nowhere was added without it. So `children` names anew all parents, as their headers
 * do, of those whose parents come now. A parent that is still nowhere is left out: it is put below later, the same way.
 * @throws IbexError `bad-parents`, and changes nothing, where a parent would not come before its child
 */
export function putBelow(
  graph: Graph,
  older: readonly OlderCommit[],
  children: ReadonlyMap<CommitId, readonly CommitId[]>,
): number[] {
  const lower = new Graph()
  for (const { id, header, size, position } of older) {
    const parents = header.parents.filter((parent) => lower.has(parent))
    lower.add(id, { ...header, parents }, size, position)
  }
  for (const [n, { id, header }] of older.entries()) {
    if (header.parents.some((parent) => graph.has(parent) || lower.numberOf(parent) >= n)) throw wrongOrder(id)
  }
  return putGraphBelow(graph, lower, children)
}

/** {@link putBelow} of what is a graph already, at the speed of copying. */
export function putGraphBelow(
  graph: Graph,
  older: Graph,
  children: ReadonlyMap<CommitId, readonly CommitId[]>,
): number[] {
  const lower = older.columns
  const upper = graph.columns
  const placeOf = (id: CommitId): number => {
    const n = graph.numberOf(id)
    return n < 0 ? older.numberOf(id) : n + lower.size
  }
  const links = new Map<number, number[]>()
  for (const [id, parents] of children) {
    const n = graph.numberOf(id)
    if (n < 0) continue
    const numbers = parents.map(placeOf).filter((parent) => parent >= 0)
    if (numbers.some((parent) => parent >= n + lower.size)) throw wrongOrder(id)
    links.set(n, numbers)
  }
  const [few, many] = lower.size < upper.size ? [older, graph] : [graph, older]
  for (let n = 0; n < few.size; n++) {
    if (many.has(few.idAt(n))) throw new Error('An older commit is in the graph already.')
  }
  const next = new Columns()
  next.reserve(lower.size + upper.size)
  const edges = lower.firstEdges[lower.size]! + upper.firstEdges[upper.size]!
  next.edges = new Uint32Array(edges + [...links.values()].flat().length)
  append(next, lower, { first: 0, end: lower.size, shift: 0 })
  const authors = older.data().sessions.map((session) => graph.authorOf(session))
  for (let n = 0; n < lower.size; n++) next.authors[n] = authors[lower.authors[n]!]!
  let from = 0
  for (const [n, parents] of [...links].sort(([a], [b]) => a - b)) {
    append(next, upper, { first: from, end: n, shift: lower.size })
    next.push(upper.ids, n * WORDS, upper.row(n), parents)
    from = n + 1
  }
  append(next, upper, { first: from, end: upper.size, shift: lower.size })
  graph.replace(next)
  return Array.from({ length: next.size }, (_, n) => (n < lower.size ? -1 : n - lower.size))
}

/** What columns have one number of for each commit. */
const LISTS = ['authors', 'kinds', 'timesHigh', 'timesLow', 'sizes', 'positions'] as const

/** Copies the commits from number `first` on, up to `end`; the numbers of their parents are greater by `shift` in `to`. */
function append(
  to: Columns,
  from: Columns,
  { first, end, shift }: { first: number; end: number; shift: number },
): void {
  const { size } = to
  to.ids.set(from.ids.subarray(first * WORDS, end * WORDS), size * WORDS)
  for (const name of LISTS) to[name].set(from[name].subarray(first, end), size)
  const firstEdge = from.firstEdges[first]!
  const moved = to.firstEdges[size]! - firstEdge
  for (let n = first; n < end; n++) to.firstEdges[size + n - first + 1] = from.firstEdges[n + 1]! + moved
  for (let edge = firstEdge; edge < from.firstEdges[end]!; edge++) to.edges[edge + moved] = from.edges[edge]! + shift
  to.size += end - first
}
