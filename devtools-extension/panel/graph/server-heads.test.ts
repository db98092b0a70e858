import { expect, test } from 'vitest'
import { ACCEPTED, type CommitColumns, REFUSED, WAITING } from '../state/commit-columns.js'
import { serverHeads } from './server-heads.js'

const headsOf = (graph: readonly (readonly number[])[], standings: readonly number[]): number[] => {
  const firstParent = new Int32Array(graph.length + 1)
  for (const [i, own] of graph.entries()) firstParent[i + 1] = firstParent[i]! + own.length
  const parents = Int32Array.from(graph.flat())
  const columns = { count: graph.length, firstParent, parents, standings: Uint8Array.from(standings) }
  return [...serverHeads(columns as unknown as CommitColumns)].sort((a, b) => a - b)
}

test('what waits here is not with the server: its heads are below', () => {
  expect(headsOf([[], [0], [1], [2]], [ACCEPTED, ACCEPTED, WAITING, WAITING])).toEqual([1])
  expect(headsOf([[], [0], [1]], [WAITING, WAITING, WAITING])).toEqual([])
})

test('it has several where nothing joins them', () => {
  expect(headsOf([[], [0], [0]], [ACCEPTED, ACCEPTED, ACCEPTED])).toEqual([1, 2])
  expect(headsOf([[], [0], [0], [1, 2]], [ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED])).toEqual([3])
})

test('what it refused is no head, and what it accepted after that has no other below it', () => {
  expect(headsOf([[], [0]], [ACCEPTED, REFUSED])).toEqual([0])
  expect(headsOf([[], [0], [1]], [ACCEPTED, REFUSED, ACCEPTED])).toEqual([2])
})

test('a parent that is not here is passed over', () => {
  expect(headsOf([[-1], [0]], [ACCEPTED, ACCEPTED])).toEqual([1])
})
