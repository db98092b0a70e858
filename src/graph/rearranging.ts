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
    if (numbers.some((parent) => parent >= n)) throw wrongOrder(id)
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
 * Puts all that another graph has, and this one nothing of, below everything: {@link putBelow} of very many, at the speed of
 * copying. Answers and throws the same.
 */
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
  const next = new Columns()
  next.reserve(lower.size + upper.size)
  const authors = older.data().sessions.map((session) => graph.authorOf(session))
  const same = (parent: number): number => parent
  for (let n = 0; n < lower.size; n++) next.copy(lower, n, authors[lower.authors[n]!]!, same)
  const raised = (parent: number): number => parent + lower.size
  for (let n = 0; n < upper.size; n++) {
    if (older.has(graph.idAt(n))) throw new Error('An older commit is in the graph already.')
    const parents = links.get(n)
    if (parents) next.push(upper.ids, n * WORDS, upper.row(n), parents)
    else next.copy(upper, n, upper.authors[n]!, raised)
  }
  graph.replace(next)
  return Array.from({ length: next.size }, (_, n) => (n < lower.size ? -1 : n - lower.size))
}

/**
 * Holds this and nothing else from now on; takes the lists over.
 * @throws IbexError `bad-parents`, and changes nothing, where a parent does not come before its child
 */
export function loadGraph(graph: Graph, data: GraphData): void {
  const columns = Columns.of(data)
  const { firstEdges, edges } = columns
  for (let n = 0; n < columns.size; n++) {
    for (let edge = firstEdges[n]!, end = firstEdges[n + 1]!; edge < end; edge++) {
      if (edges[edge]! < n) continue
      throw new IbexError('bad-parents', `A parent of the commit number ${n} comes after it.`)
    }
  }
  graph.replace(columns, data.sessions)
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
  const placeOf = (parent: number): number => {
    const place = places[parent]!
    if (place < 0) throw new Error(`A commit would lose the parent number ${parent}.`)
    return place
  }
  let taken = 0
  for (const [n, former] of order.entries()) {
    const parents = links.get(n)
    if (former < 0) {
      const commit = older[taken++]!
      next.push(wordsOf(commit.id), 0, graph.rowOf(commit), parents!)
      continue
    }
    places[former] = n
    if (parents) next.push(before.ids, former * WORDS, before.row(former), parents)
    else next.copy(before, former, before.authors[former]!, placeOf)
  }
  graph.replace(next)
}

function wrongOrder(id: CommitId): IbexError {
  return new IbexError('bad-parents', `A parent of ${id} would not come before it.`)
}
