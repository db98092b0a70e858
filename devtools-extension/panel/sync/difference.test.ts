import { expect, test } from 'vitest'
import { ACCEPTED, type CommitColumns, WAITING } from '../state/commit-columns.js'
import { differ } from './difference.js'

const columnsOf = (graph: readonly (readonly number[])[], standings: readonly number[] = []): CommitColumns => {
  const firstParent = new Int32Array(graph.length + 1)
  for (const [i, own] of graph.entries()) firstParent[i + 1] = firstParent[i]! + own.length
  const ids = graph.map((_, i) => `c${i}`)
  return {
    count: graph.length,
    firstParent,
    parents: Int32Array.from(graph.flat()),
    standings: Uint8Array.from(graph, (_, i) => standings[i] ?? WAITING),
    ids,
    indexOf: new Map(ids.map((id, i) => [id, i])),
  } as unknown as CommitColumns
}

const graph = columnsOf([[], [0], [0], [1, 2], [1]])

test('equal heads are no difference', () => {
  expect(differ(graph, ['c3', 'c4'], false)).toEqual({ onlyHere: [], unknownHere: [] })
})

test('what is not below the heads of the other it lacks, and what it names beyond is not here', () => {
  expect(differ(graph, ['c2'], false)).toEqual({ onlyHere: [1, 3, 4], unknownHere: [] })
  expect(differ(graph, ['c3', 'other'], false)).toEqual({ onlyHere: [4], unknownHere: ['other'] })
  expect(differ(graph, [], false)).toEqual({ onlyHere: [0, 1, 2, 3, 4], unknownHere: [] })
})

test('a server has what is accepted, whatever heads it named long ago', () => {
  const accepted = columnsOf([[], [0], [1], [2]], [ACCEPTED, ACCEPTED, ACCEPTED, WAITING])
  expect(differ(accepted, ['c0'], true)).toEqual({ onlyHere: [3], unknownHere: [] })
  expect(differ(accepted, ['c0'], false)).toEqual({ onlyHere: [1, 2, 3], unknownHere: [] })
})
