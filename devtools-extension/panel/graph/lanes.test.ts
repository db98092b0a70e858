import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CommitColumns } from '../state/commit-columns.js'
import { Lanes } from './lanes.js'

/** Columns of a graph given as the parents of each commit. */
function columnsOf(graph: readonly (readonly number[])[], sessions: readonly number[] = []): CommitColumns {
  const firstParent = new Int32Array(graph.length + 1)
  for (const [i, own] of graph.entries()) firstParent[i + 1] = firstParent[i]! + own.length
  return {
    count: graph.length,
    times: Float64Array.from(graph.keys()),
    standings: new Uint8Array(graph.length),
    kinds: new Uint8Array(graph.length),
    sealed: new Uint8Array(graph.length),
    firstParent,
    parents: Int32Array.from(graph.flat()),
    sessionOf: Uint16Array.from(graph, (_, i) => sessions[i] ?? 0),
    sessions: [],
    ids: graph.map((_, i) => `c${i}`),
    indexOf: new Map(),
    authors: new Set(),
  }
}

const graphs = fc
  .array(fc.array(fc.nat(8), { maxLength: 3 }), { minLength: 1, maxLength: 40 })
  .map((steps) =>
    steps.map((back, i) =>
      [...new Set(back.map((by) => i - 1 - by).filter((parent) => parent >= 0))].sort((a, b) => a - b),
    ),
  )

test('a straight line has one lane', () => {
  const lanes = new Lanes()
  lanes.follow(columnsOf([[], [0], [1], [2]]))
  expect(lanes.width).toBe(1)
  expect([0, 1, 2, 3].map((i) => lanes.isHead(i))).toEqual([false, false, false, true])
})

test('who goes on alone has a lane beside, until it is joined', () => {
  const lanes = new Lanes()
  lanes.follow(columnsOf([[], [0], [0], [1], [2], [3, 4], [5]], [0, 0, 1, 0, 1, 0, 0]))
  expect([0, 1, 2, 3, 4, 5, 6].map((i) => lanes.laneOf(i))).toEqual([0, 0, 1, 0, 1, 0, 0])
  expect(lanes.edges(5, 5)).toEqual([
    { from: 3, to: 5, lane: 0 },
    { from: 5, to: 6, lane: 0 },
    { from: 4, to: 5, lane: 1 },
  ])
})

test('every edge is drawn, none runs through a commit that is not its end, and none through another edge', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const lanes = new Lanes()
      lanes.follow(columnsOf(graph))
      const edges = lanes.edges(0, graph.length)
      expect(edges.map(({ from, to }) => `${from} ${to}`).sort()).toEqual(
        graph.flatMap((own, i) => own.map((parent) => `${parent} ${i}`)).sort(),
      )
      for (const { from, to, lane } of edges) {
        for (let i = from + 1; i < to; i++) expect(lanes.laneOf(i)).not.toBe(lane)
        for (const other of edges) {
          if (other.lane !== lane || (other.from === from && other.to === to)) continue
          expect(other.to <= from || other.from >= to).toBe(true)
        }
      }
    }),
  )
})

test('what comes piece by piece looks as if it had come at once, late arrivals too', () => {
  fc.assert(
    fc.property(graphs, fc.nat(), (graph, n) => {
      const whole = new Lanes()
      whole.follow(columnsOf(graph))
      const parts = new Lanes()
      const cut = n % (graph.length + 1)
      parts.follow(columnsOf(graph.slice(0, cut)))
      parts.follow(columnsOf(graph))
      expect(parts.edges(0, graph.length)).toEqual(whole.edges(0, graph.length))

      const late = { ...columnsOf(graph), ids: graph.map((_, i) => `other${i}`) }
      parts.follow(late)
      expect(parts.edges(0, graph.length)).toEqual(whole.edges(0, graph.length))
    }),
  )
})
