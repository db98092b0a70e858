import fc from 'fast-check'
import { expect, test } from 'vitest'
import { since, withAncestors } from '../graph/ancestry.js'
import { Graph } from '../graph/graph.js'
import { type CommitId, commitIdOf, sessionIdOf } from '../ids.js'
import { seededRandom } from '../testing/virtual-time.js'
import { walkDown } from './older.js'

/** A graph of so many commits, each with up to three of those before it as parents. */
const graphs = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer()).map(([size, seed]) => {
  const random = seededRandom(seed)
  const graph = new Graph()
  const session = sessionIdOf(random.bytes(16))
  for (let n = 0; n < size; n++) {
    const parents = new Set(
      Array.from(
        { length: Math.floor(random.fraction() * 4) },
        () => graph.size - 1 - Math.floor(random.fraction() * 8),
      ),
    )
    const ids = [...parents].filter((parent) => parent >= 0).map((parent) => graph.idAt(parent))
    graph.add(commitIdOf(random.bytes(32)), { kind: 'change', session, time: { ms: n, counter: 0 }, parents: ids }, 10)
  }
  return { graph, random }
})

test('answer by answer everything below comes, once, and every commit after all its children', () => {
  fc.assert(
    fc.property(graphs, fc.integer({ min: 1, max: 9 }), ({ graph }, most) => {
      const edge = graph.heads()
      const seen: CommitId[] = []
      let ids: readonly CommitId[] = edge
      while (ids.length > 0) {
        const { entries, next } = walkDown(graph, ids, { bytes: most * 10, commits: 5 })
        expect(entries.length).toBeGreaterThan(0)
        expect(entries.length).toBeLessThanOrEqual(Math.min(most, 5))
        for (const { n, id } of entries) {
          // Named by what came before, as whoever asked checks it.
          const children = seen.filter((child) => graph.get(child)!.parents.includes(n))
          expect(edge.includes(id) || children.length > 0).toBe(true)
          seen.push(id)
        }
        ids = next
      }
      expect(seen.length).toBe(graph.size)
      expect(new Set(seen).size).toBe(graph.size)
      for (const [i, id] of seen.entries()) {
        const { parents } = graph.get(id)!
        for (const parent of parents) expect(seen.indexOf(graph.idAt(parent))).toBeGreaterThan(i)
      }
    }),
  )
})

test('from a lower edge it goes on where the upper part ended', () => {
  fc.assert(
    fc.property(graphs, ({ graph, random }) => {
      const frontier = [graph.idAt(Math.floor(random.fraction() * graph.size))]
      const held = new Set(frontier.concat(since(graph, frontier).map(({ id }) => id)))
      const edge = [...held].flatMap((id) => graph.get(id)!.parents.map((n) => graph.idAt(n)))
      const { entries, next } = walkDown(
        graph,
        edge.filter((id) => !held.has(id)),
        { bytes: 1e9, commits: 1e9 },
      )
      const wanted = withAncestors(graph, frontier).filter(({ id }) => !held.has(id))
      expect(next).toEqual([])
      expect(entries.map(({ id }) => id).sort()).toEqual(wanted.map(({ id }) => id).sort())
    }),
  )
})

test('of a shallow graph it tells what follows that is not here', () => {
  const [graph] = fc.sample(graphs, { numRuns: 1, seed: 3 }).map((made) => made.graph)
  const beyond = commitIdOf(new Uint8Array(32).fill(9))
  const { next } = walkDown(graph!, graph!.heads(), { bytes: 1e9, commits: 1e9 }, ({ parents }) =>
    parents.length === 0 ? [beyond] : [],
  )
  expect(next).toEqual([beyond])
  expect(walkDown(graph!, [beyond], { bytes: 1, commits: 1 })).toEqual({ entries: [], next: [] })
})
