/** Changes of a graph besides its growth: taking commits out, and taking a whole graph over. They cost the whole graph. */
import { IbexError } from '../errors.js'
import type { CommitId } from '../ids.js'
import { Columns, WORDS } from './columns.js'
import type { Graph, GraphData } from './graph.js'

/**
 * Takes commits out again, from which nothing that stays descends. The others get new local numbers: answers the former
 * ones in the order of the new.
 */
export function removeCommits(graph: Graph, ids: ReadonlySet<CommitId>): number[] {
  const gone = new Set(Array.from(ids, (id) => graph.numberOf(id)))
  const { columns: before } = graph
  const next = new Columns()
  next.reserve(before.size)
  const places = new Int32Array(before.size).fill(-1)
  const placeOf = (parent: number): number => {
    const place = places[parent]!
    if (place < 0) throw new Error(`A commit would lose the parent number ${parent}.`)
    return place
  }
  const order = Array.from(places.keys()).filter((n) => !gone.has(n))
  for (const n of order) places[n] = next.push(before.ids, n * WORDS, before.row(n), before.parents(n).map(placeOf))
  graph.replace(next)
  return order
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
      if (!(edges[edge]! < n)) throw wrongOrder(n)
    }
  }
  graph.replace(columns, data.sessions)
}

/** A commit must come after its parents. */
export function wrongOrder(child: CommitId | number): IbexError {
  return new IbexError('bad-parents', `A parent of ${child} must come before it.`)
}
