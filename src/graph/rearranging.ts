/**
 * Changes of a graph besides its growth: taking commits out, putting older ones below, and taking a whole graph over. They
 * cost the whole graph, and few sessions need any.
 */
import { IbexError } from '../errors.js'
import type { CommitId } from '../ids.js'
import { Columns, WORDS } from './columns.js'
import type { Graph, GraphData, OlderCommit } from './graph.js'
import { wordsOf } from './id-table.js'

/**
 * Takes commits out again, from which nothing that stays descends. The others get new local numbers: answers the former
 * ones in the order of the new.
 */
export function removeCommits(graph: Graph, ids: ReadonlySet<CommitId>): number[] {
  const gone = new Set(Array.from(ids, (id) => graph.numberOf(id)))
  const order = Array.from({ length: graph.size }, (_, n) => n).filter((n) => !gone.has(n))
  arrange(graph, order, [], new Map())
  return order
}

/**
 * Puts older commits, parents before children and none of them known, below the commit with the local number `at` and all
 * that came after it; by default below everything. The others keep their order and get new local numbers: answers the
 * former ones in the order of the new, −1 for what was put in.
 *
 * Whoever was added while a parent was nowhere was added without it. So `children` names anew all parents, as their headers
 * do, of those whose parents come now. A parent that is still nowhere is left out: it is put below later, the same way.
 * @throws IbexError `bad-parents`, and changes nothing, where a parent would not come before its child
 */
export function putBelow(
  graph: Graph,
  older: readonly OlderCommit[],
  children: ReadonlyMap<CommitId, readonly CommitId[]>,
  at: number = 0,
): number[] {
  const places = new Map(older.map(({ id }, i) => [id, at + i]))
  if (places.size < older.length || older.some(({ id }) => graph.has(id))) {
    throw new Error('An older commit is in the graph already.')
  }
  const placeOf = (id: CommitId): number => {
    const n = graph.numberOf(id)
    return n < 0 ? (places.get(id) ?? -1) : n < at ? n : n + older.length
  }
  const links = new Map<number, number[]>()
  const link = (id: CommitId, parents: readonly CommitId[]): void => {
    const n = placeOf(id)
    const numbers = parents.map(placeOf).filter((parent) => parent >= 0)
    if (numbers.some((parent) => parent >= n)) {
      throw new IbexError('bad-parents', `A parent of ${id} would not come before it.`)
    }
    links.set(n, numbers)
  }
  for (const { id, header } of older) link(id, header.parents)
  for (const [id, parents] of children) if (graph.has(id)) link(id, parents)

  const end = at + older.length
  const order = Array.from({ length: graph.size + older.length }, (_, n) =>
    n < at ? n : n < end ? -1 : n - older.length,
  )
  arrange(graph, order, older, links)
  return order
}

/**
 * Holds this and nothing else from now on; takes the lists over.
 * @throws IbexError `bad-parents`, and changes nothing, where a parent does not come before its child
 */
export function loadGraph(graph: Graph, data: GraphData): void {
  const columns = Columns.of(data)
  const { firstEdges, edges } = columns
  const isParent = new Uint8Array(columns.size)
  for (let n = 0; n < columns.size; n++) {
    for (let edge = firstEdges[n]!, end = firstEdges[n + 1]!; edge < end; edge++) {
      const parent = edges[edge]!
      if (!(parent < n)) throw new IbexError('bad-parents', `A parent of the commit number ${n} comes after it.`)
      isParent[parent] = 1
    }
  }
  graph.replace(columns, isParent, data.sessions)
}

/**
 * Orders the commits anew, by their former numbers; −1 stands for the next of `older`. `links` are new numbers of parents,
 * by the new number of their child, where they are not those that it had.
 */
function arrange(
  graph: Graph,
  order: readonly number[],
  older: readonly OlderCommit[],
  links: ReadonlyMap<number, readonly number[]>,
): void {
  const { columns: before } = graph
  const next = new Columns()
  next.reserve(order.length)
  const places = new Int32Array(before.size).fill(-1)
  const isParent = new Uint8Array(order.length)
  let taken = 0
  for (const [n, former] of order.entries()) {
    const known = former >= 0
    const parents = links.get(n) ?? before.parents(former).map((parent) => places[parent]!)
    if (parents.includes(-1)) throw new Error(`The commit number ${former} would lose a parent.`)
    for (const parent of parents) isParent[parent] = 1
    if (known) {
      places[former] = n
      next.push(before.ids, former * WORDS, before.row(former), parents)
    } else {
      const commit = older[taken++]!
      next.push(wordsOf(commit.id), 0, graph.rowOf(commit), parents)
    }
  }
  graph.replace(next, isParent)
}
