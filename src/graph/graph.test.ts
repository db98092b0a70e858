import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CommitId, SessionId } from '../ids.js'
import { commitIdOf, requireCommitId, sessionIdOf } from '../ids.js'
import { Graph } from './graph.js'
import type { CommitHeader } from './header.js'
import { putBelow, putGraphBelow } from './below.js'
import { loadGraph, removeCommits } from './rearranging.js'

const alice = '00112233445566778899aabbccddeeff' as SessionId
const bob = 'ffeeddccbbaa99887766554433221100' as SessionId
const id = (digits: string): CommitId => requireCommitId(digits.padEnd(64, '0'))

function header(parents: CommitId[], ms: number, more: Partial<CommitHeader> = {}): CommitHeader {
  return { kind: 'change', session: alice, time: { ms, counter: 0 }, parents, ...more } as CommitHeader
}

test('an entry tells what was added', () => {
  const graph = new Graph()
  expect(graph.add(id('aa'), header([], 5), 270)).toMatchObject({ n: 0, position: -1 })
  const time = { ms: 2 ** 48 - 1, counter: 0xffff }
  graph.add(id('bb'), { kind: 'seal', session: bob, time, parents: [id('aa')] }, 300, 2 ** 40)
  expect(graph.get(id('bb'))).toMatchObject({
    n: 1,
    id: id('bb'),
    kind: 'seal',
    session: bob,
    time,
    parents: [0],
    size: 300,
    position: 2 ** 40,
  })
  expect(graph.at(0).kind).toBe('change')
  expect(graph.get(id('cc'))).toBeUndefined()
  expect(graph.has(id('bb'))).toBe(true)
  expect(graph.size).toBe(2)
  graph.setPosition(0, 17)
  expect(graph.at(0).position).toBe(17)
})

test('heads ascend by id and lose a parent as its first child comes; the greatest time is kept', () => {
  const graph = new Graph()
  expect(graph.heads()).toEqual([])
  expect(graph.maxTime()).toEqual({ ms: 0, counter: 0 })
  graph.add(id('cc'), header([], 9), 1)
  graph.add(id('aa'), header([], 5), 1)
  graph.add(id('bb'), header([], 7), 1)
  expect(graph.heads()).toEqual([id('aa'), id('bb'), id('cc')])
  expect(graph.maxTime().ms).toBe(9)
  graph.add(id('dd'), header([id('aa'), id('cc')], 10), 1)
  expect(graph.heads()).toEqual([id('bb'), id('dd')])
  graph.add(id('ee'), header([id('aa')], 6), 1)
  expect(graph.heads()).toEqual([id('bb'), id('dd'), id('ee')])
  expect(graph.maxTime().ms).toBe(10)
})

test('a missing parent and a known commit are refused, and nothing of them stays', () => {
  const graph = new Graph()
  graph.add(id('aa'), header([], 1), 1)
  expect(() => graph.add(id('bb'), header([id('aa'), id('cc')], 2), 1)).toThrow(
    expect.objectContaining({ code: 'bad-parents' }),
  )
  expect(() => graph.add(id('aa'), header([], 1), 1)).toThrow('already')
  expect(graph.size).toBe(1)
  expect(graph.heads()).toEqual([id('aa')])
})

describe('ids made to begin alike', () => {
  const graph = new Graph()
  const [first, second, third] = ['1', '2', '3'].map((end) => id(`0123456789abcdef${end}`)) as [
    CommitId,
    CommitId,
    CommitId,
  ]
  graph.add(first, header([], 1), 1)
  graph.add(second, header([first], 2), 2)

  test('are told apart', () => {
    expect(graph.get(first)!.n).toBe(0)
    expect(graph.get(second)!.n).toBe(1)
    expect(graph.has(third)).toBe(false)
    expect(graph.numberOfPrefix('0123456789abcdef')).toBe(0)
    expect(graph.heads()).toEqual([second])
  })
})

/** What an object holds on to: bytes of typed arrays, and how many things in lists, maps and sets. */
function heldBy(root: object): { bytes: number; things: number } {
  const seen = new Set<object>()
  let [bytes, things] = [0, 0]
  const visit = (value: unknown): void => {
    if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value)
      if (ArrayBuffer.isView(value)) bytes += value.buffer.byteLength
      else if (Array.isArray(value) || value instanceof Map || value instanceof Set) {
        for (const inner of value) {
          things++
          visit(inner)
        }
      } else Object.values(value).forEach(visit)
    }
  }
  visit(root)
  return { bytes, things }
}

test('I-17: of a folded commit at most 90 bytes stay, id and index included', () => {
  const graph = new Graph({ bytes: (length) => new Uint8Array(randomBytes(length)) })
  const sessions = Array.from({ length: 100 }, () => sessionIdOf(randomBytes(16)))
  for (let n = 0; n < 100_000; n++) {
    const parents = n < 2 ? [] : [graph.idAt(n - 1), ...(n % 4 ? [] : [graph.idAt(n - 2)])]
    graph.add(commitIdOf(randomBytes(32)), header(parents, n, { session: sessions[n % 100]! }), 270, n * 270 + 2 ** 33)
    // Also just after it has grown; a small one has what every graph has.
    if (n < 10_000 || n % 1000 > 0) continue
    const { bytes, things } = heldBy(graph)
    expect(bytes / graph.size).toBeLessThan(90)
    expect(things).toBeLessThan(1000)
  }
  expect(heldBy(graph).bytes / graph.size).toBeGreaterThan(60)
})

test('commits are taken out again as if they had never come', () => {
  const graph = new Graph()
  graph.add(id('a1'), header([], 1), 1, 10)
  graph.add(id('a2'), header([id('a1')], 2), 2, 20)
  graph.add(id('f9'), header([id('a1')], 9), 9, 90)
  graph.add(id('a3'), header([id('a2')], 3), 3, 30)
  graph.add(id('fa'), header([id('f9'), id('a3')], 10), 10, 100)
  expect(removeCommits(graph, new Set([id('f9'), id('fa')]))).toEqual([0, 1, 3])
  expect(graph.size).toBe(3)
  expect(graph.heads()).toEqual([id('a3')])
  expect(graph.maxTime().ms).toBe(3)
  expect([id('f9'), id('fa')].map((gone) => graph.has(gone))).toEqual([false, false])
  expect(graph.get(id('a3'))).toMatchObject({ n: 2, parents: [1], size: 3, position: 30 })
  graph.add(id('f9'), header([id('a3')], 9), 1)
  expect(graph.heads()).toEqual([id('f9')])
})

test('what has descendants that stay is not taken out', () => {
  const graph = new Graph()
  graph.add(id('a1'), header([], 1), 1)
  graph.add(id('a2'), header([id('a1')], 2), 2)
  expect(() => removeCommits(graph, new Set([id('a1')]))).toThrow('would lose the parent')
  expect(graph.get(id('a2'))).toMatchObject({ n: 1, parents: [0] })
})

test('a large graph asks chance, once, so that nobody can tell where an id lies in it', () => {
  let drawn = 0
  const graph = new Graph({ bytes: (length) => (drawn++, new Uint8Array(randomBytes(length))) })
  const ids = Array.from({ length: 5000 }, () => commitIdOf(randomBytes(32)))
  for (const [n, each] of ids.entries()) {
    graph.add(each, header([], n), 1)
    if (n === 1000) expect(drawn).toBe(0)
  }
  expect(drawn).toBe(1)
  expect(ids.every((each, n) => graph.numberOf(each) === n)).toBe(true)
  expect(graph.has(commitIdOf(randomBytes(32)))).toBe(false)
})

/** Everything that can be asked of a graph. */
function told(graph: Graph): unknown {
  const entries = Array.from({ length: graph.size }, (_, n) => {
    const { id, session, time, parents, kind, position, size } = graph.at(n)
    const found = [graph.numberOf(id), graph.numberOfPrefix(id.slice(0, 16))]
    return { id, session, time, parents: parents.map((parent) => graph.idAt(parent)), kind, position, size, found }
  })
  return { entries, heads: graph.heads(), newest: graph.maxTime() }
}

/** Commits in an order in which they can be added; some have no parents. */
const commits = fc.array(fc.array(fc.nat(5), { maxLength: 3 }), { minLength: 1, maxLength: 30 }).map((shape) =>
  shape.map((back, n) => ({
    id: id(((n * 7919) % 1000).toString(16).padStart(4, '0')),
    header: header(
      [...new Set(back.map((steps) => n - 1 - steps).filter((parent) => parent >= 0))].map((parent) =>
        id(((parent * 7919) % 1000).toString(16).padStart(4, '0')),
      ),
      1000 + n,
      { session: n % 3 ? alice : bob, kind: n % 5 ? 'change' : 'seal' },
    ),
    size: 200 + n,
    position: n * 1000,
  })),
)

test('a graph is what its lists say', () => {
  fc.assert(
    fc.property(commits, (all) => {
      const graph = new Graph()
      for (const { id, header, size, position } of all) graph.add(id, header, size, position)
      const copy = new Graph()
      copy.add(id('ffff'), header([], 9999), 1)
      loadGraph(copy, structuredClone(graph.data()))
      expect(told(copy)).toEqual(told(graph))
      // And it can grow on.
      const heads = graph.heads()
      for (const each of [graph, copy]) each.add(id('eeee'), header(heads, 5000), 7)
      expect(told(copy)).toEqual(told(graph))
    }),
  )
  const wrong = { ...new Graph().data(), ids: new Int32Array(8), kinds: new Uint8Array(1) }
  const graph = new Graph()
  graph.add(id('aa'), header([], 1), 1)
  expect(() => loadGraph(graph, { ...wrong, firstEdges: Uint32Array.of(0, 1), edges: Uint32Array.of(0) })).toThrow(
    expect.objectContaining({ code: 'bad-parents' }),
  )
  expect(graph.heads()).toEqual([id('aa')])
})

describe('older commits', () => {
  test('are put below as if they had come first, in one step or in several', () => {
    const cuts = fc.tuple(commits, fc.nat(30), fc.nat(30))
    fc.assert(
      fc.property(cuts, ([all, one, other]) => {
        const [low, high] = [one % all.length, other % all.length].sort((a, b) => a - b) as [number, number]
        const whole = new Graph()
        for (const { id, header, size, position } of all) whole.add(id, header, size, position)

        const graph = new Graph()
        const isHere = (parent: CommitId): boolean => graph.has(parent)
        for (const { id, header, size, position } of all.slice(high)) {
          graph.add(id, { ...header, parents: header.parents.filter(isHere) }, size, position)
        }
        // Of the others, first the later ones, then the earlier: each time the parents of all are given anew.
        for (const [from, to] of [
          [low, high],
          [0, low],
        ] as const) {
          const children = new Map(all.slice(to).map(({ id, header }) => [id, header.parents]))
          const former = putBelow(graph, all.slice(from, to), children)
          const here = all.length - to
          expect(former).toEqual([...Array(to - from).fill(-1), ...Array(here).keys()])
        }
        expect(told(graph)).toEqual(told(whole))
      }),
    )
  })

  test('of another graph are put below just so', () => {
    fc.assert(
      fc.property(commits, fc.nat(30), (all, one) => {
        const cut = one % all.length
        const [whole, older, graph] = [new Graph(), new Graph(), new Graph()]
        for (const { id, header, size, position } of all) whole.add(id, header, size, position)
        for (const { id, header, size, position } of all.slice(0, cut)) older.add(id, header, size, position)
        for (const { id, header, size, position } of all.slice(cut)) {
          graph.add(id, { ...header, parents: header.parents.filter((parent) => graph.has(parent)) }, size, position)
        }
        const children = new Map(all.slice(cut).map(({ id, header }) => [id, header.parents]))
        const former = putGraphBelow(graph, older, children)
        expect(former).toEqual([...Array(cut).fill(-1), ...Array(all.length - cut).keys()])
        expect(told(graph)).toEqual(told(whole))
        // And it can grow on.
        for (const each of [graph, whole]) each.add(id('eeee'), header(whole.heads().slice(0, 1), 5000), 7)
        expect(told(graph)).toEqual(told(whole))
      }),
    )
  })

  test('of another graph are refused, and nothing changes, where one is here or a parent would come after its child', () => {
    const [graph, older] = [new Graph(), new Graph()]
    graph.add(id('b1'), header([], 9), 9)
    graph.add(id('b2'), header([id('b1')], 10), 9)
    older.add(id('a1'), header([], 1), 1)
    const before = told(graph)
    expect(() => putGraphBelow(graph, older, new Map([[id('b1'), [id('a1'), id('b2')]]]))).toThrow(
      expect.objectContaining({ code: 'bad-parents' }),
    )
    older.add(id('b1'), header([], 9), 9)
    expect(() => putGraphBelow(graph, older, new Map())).toThrow('already')
    expect(told(graph)).toEqual(before)
  })

  test('are refused, and nothing changes, where a parent would come after its child', () => {
    const graph = new Graph()
    graph.add(id('b1'), header([], 9), 9)
    graph.add(id('b2'), header([id('b1')], 10), 9)
    const before = told(graph)
    const child = { id: id('c1'), header: header([id('b1')], 11), size: 1, position: 1 }
    const code = expect.objectContaining({ code: 'bad-parents' })
    expect(() => putBelow(graph, [child], new Map())).toThrow(code)
    const [second, first] = [
      { id: id('a2'), header: header([id('a1')], 2), size: 1, position: 1 },
      { id: id('a1'), header: header([], 1), size: 1, position: 1 },
    ]
    expect(() => putBelow(graph, [second, first], new Map())).toThrow(code)
    expect(() => putBelow(graph, [{ ...first, id: id('b1') }], new Map())).toThrow('already')
    expect(told(graph)).toEqual(before)
  })
})
