import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { CommitId, SessionId } from '../ids.js'
import { fromHex, requireCommitId } from '../ids.js'
import {
  covers,
  findByPrefix,
  frontierAfter,
  frontierOf,
  hashOfHeads,
  isAncestor,
  ladder,
  since,
  topological,
  withAncestors,
  withDescendants,
} from './ancestry.js'
import type { Sha256 } from './body.js'
import { Graph } from './graph.js'

const sha256: Sha256 = (bytes) => createHash('sha256').update(whole(bytes)).digest()
const whole = (bytes: Uint8Array | readonly Uint8Array[]): Uint8Array =>
  bytes instanceof Uint8Array ? bytes : Buffer.concat(bytes)
const session = '00112233445566778899aabbccddeeff' as SessionId
const idOf = (n: number): CommitId => requireCommitId(createHash('sha256').update(`${n}`).digest('hex'))

/** `parents[n]` are the numbers of the parents of n. */
function graphOf(parents: readonly (readonly number[])[]): Graph {
  const graph = new Graph()
  parents.forEach((of, n) => {
    graph.add(idOf(n), { kind: 'change', session, time: { ms: n + 1, counter: 0 }, parents: of.map(idOf).sort() }, 200)
  })
  return graph
}

/** Most commits follow the last few, some branch off far below, some begin anew. */
const dag = fc
  .array(fc.array(fc.oneof(fc.nat(3), fc.nat(3), fc.nat(40)), { maxLength: 3 }), { minLength: 1, maxLength: 40 })
  .map((shape) =>
    shape.map((back, n) => [...new Set(back.map((steps) => n - 1 - steps).filter((parent) => parent >= 0))]),
  )
const dagAndPick = dag.chain((parents) => {
  const some = fc.uniqueArray(fc.nat(parents.length - 1), { maxLength: 6 })
  return fc.tuple(fc.constant(parents), some, some, fc.nat(parents.length - 1))
})

/** The oracle: each commit's ancestors and itself, by brute force. */
function closures(parents: readonly (readonly number[])[]): Set<number>[] {
  const sets: Set<number>[] = []
  parents.forEach((of, n) => sets.push(new Set([n, ...of.flatMap((parent) => [...sets[parent]!])])))
  return sets
}

const numbers = (entries: readonly { n: number }[]): number[] => entries.map((entry) => entry.n)

describe('against brute force on random graphs', () => {
  const check = (
    property: (graph: Graph, below: Set<number>[], a: number[], b: number[], one: number) => void,
  ): void => {
    fc.assert(
      fc.property(dagAndPick, ([parents, a, b, one]) => {
        const graph = graphOf(parents)
        property(graph, closures(parents), a, b, one)
        // No walk leaves a mark behind: the next would stumble over it.
        expect(since(graph, [])).toHaveLength(graph.size)
      }),
      { numRuns: 300 },
    )
  }
  const below = (sets: Set<number>[], of: number[]): Set<number> => new Set(of.flatMap((n) => [...sets[n]!]))
  const all = (sets: Set<number>[]): number[] => sets.map((_, n) => n)

  test('since', () => {
    check((graph, sets, a, b) => {
      const known = below(sets, a)
      expect(numbers(since(graph, a.map(idOf)))).toEqual(all(sets).filter((n) => !known.has(n)))
      const wanted = below(sets, b)
      expect(numbers(since(graph, a.map(idOf), b.map(idOf)))).toEqual(
        all(sets).filter((n) => wanted.has(n) && !known.has(n)),
      )
    })
  })

  test('ancestors and descendants', () => {
    check((graph, sets, a) => {
      const known = below(sets, a)
      expect(numbers(withAncestors(graph, a.map(idOf)))).toEqual(all(sets).filter((n) => known.has(n)))
      const above = all(sets).filter((n) => a.some((of) => sets[n]!.has(of)))
      expect(numbers(withDescendants(graph, a.map(idOf)))).toEqual(above)
    })
  })

  test('covers and isAncestor', () => {
    check((graph, sets, a, b, one) => {
      expect(covers(graph, a.map(idOf), idOf(one))).toBe(below(sets, a).has(one))
      for (const other of b)
        expect(isAncestor(graph, idOf(one), idOf(other))).toBe(one !== other && sets[other]!.has(one))
    })
  })

  test('frontierOf', () => {
    check((graph, sets, a) => {
      const maximal = a.filter((n) => !a.some((other) => other !== n && sets[other]!.has(n)))
      expect(frontierOf(graph, a.map(idOf))).toEqual(maximal.map(idOf).sort())
    })
  })

  test('frontierAfter, commit by commit, and the heads of the graph', () => {
    check((graph, sets) => {
      let frontier: CommitId[] = []
      for (const n of all(sets)) {
        const { id, parents } = graph.at(n)
        frontier = frontierAfter(frontier, { id, header: { parents: parents.map((parent) => graph.idAt(parent)) } })
        expect(frontier).toEqual(
          frontierOf(
            graph,
            all(sets)
              .slice(0, n + 1)
              .map(idOf),
          ),
        )
      }
      expect(graph.heads()).toEqual(frontier)
    })
  })
})

test('ids that the graph does not hold are passed over', () => {
  const graph = graphOf([[], [0]])
  expect(numbers(since(graph, [idOf(9)]))).toEqual([0, 1])
  expect(covers(graph, [idOf(9)], idOf(0))).toBe(false)
  expect(covers(graph, [idOf(1)], idOf(9))).toBe(false)
  expect(isAncestor(graph, idOf(9), idOf(1))).toBe(false)
  expect(frontierOf(graph, [idOf(9), idOf(0)])).toEqual([idOf(0)])
  expect(withDescendants(graph, [idOf(9)])).toEqual([])
})

test('topological restores the order', () => {
  const graph = graphOf([[], [0], [0], [1, 2]])
  expect(numbers(topological([3, 1, 0, 2].map((n) => graph.at(n))))).toEqual([0, 1, 2, 3])
})

test('the ladder has distances 4, 8, 16, … and the first commit; its rungs are found again', () => {
  expect(ladder(new Graph())).toEqual([])
  expect(ladder(graphOf([[]]))).toEqual([fromHex(idOf(0)).slice(0, 8)])
  const graph = graphOf(Array.from({ length: 40 }, (_, n) => (n ? [n - 1] : [])))
  const rungs = ladder(graph)
  expect(rungs).toEqual([35, 31, 23, 7, 0].map((n) => fromHex(idOf(n)).slice(0, 8)))
  expect(rungs.map((rung) => findByPrefix(graph, rung)!.n)).toEqual([35, 31, 23, 7, 0])
  expect(findByPrefix(graph, new Uint8Array(8))).toBeUndefined()
  expect(findByPrefix(graph, rungs[0]!.slice(0, 7))).toBeUndefined()
})

test('the hash of heads is the same whatever the order of arrival, and tells another set', () => {
  const one = graphOf([[], [0], [0]])
  const other = new Graph()
  for (const n of [0, 2, 1]) {
    const { id, kind, time, parents } = one.at(n)
    other.add(id, { kind, session, time, parents: parents.map((parent) => one.idAt(parent)) }, 1)
  }
  expect(hashOfHeads(other, sha256)).toEqual(hashOfHeads(one, sha256))
  expect(hashOfHeads(graphOf([[], [0]]), sha256)).not.toEqual(hashOfHeads(one, sha256))
})

describe('I-17: a walk costs the part that it tells, not the history', () => {
  // A trunk of 100,000 with a side branch every 50 commits, then 100 new ones.
  const trunk = 100_000
  const graph = graphOf(
    Array.from({ length: trunk + 100 }, (_, n) => {
      if (n === 0) return []
      if (n % 50 === 25) return [n - 20]
      return n % 50 === 26 ? [n - 2, n - 1] : [n - 1]
    }),
  )
  const visits = (walk: () => void): number => {
    const spy = vi.spyOn(graph, 'eachParent')
    walk()
    const calls = spy.mock.calls.length
    spy.mockRestore()
    return calls
  }

  test('since, of 100 new commits in 100,100', () => {
    expect(visits(() => expect(since(graph, [idOf(trunk - 1)])).toHaveLength(100))).toBeLessThan(110)
  })

  test('covers, isAncestor, frontierOf near the top', () => {
    const near = idOf(trunk - 100)
    const top = graph.heads()
    expect(visits(() => expect(covers(graph, top, near)).toBe(true))).toBeLessThan(220)
    expect(visits(() => expect(isAncestor(graph, top[0]!, near)).toBe(false))).toBeLessThan(220)
    expect(visits(() => expect(frontierOf(graph, [near, ...top])).toEqual(top))).toBeLessThan(220)
  })
})
