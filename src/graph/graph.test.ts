import { randomBytes } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import type { CommitId, SessionId } from '../ids.js'
import { commitIdOf, fromHex, requireCommitId, sessionIdOf } from '../ids.js'
import { Graph } from './graph.js'
import type { CommitHeader } from './header.js'

setFlagsFromString('--expose-gc')

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
  expect(graph.get(id('bb'))).toEqual({
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

test('I-17: of a folded commit at most 300 bytes stay, id and index included', () => {
  const collect = runInNewContext('gc') as () => void
  const random = () => commitIdOf(randomBytes(32))
  const heapOf = (): number => {
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  const graph = new Graph()
  const sessions = Array.from({ length: 100 }, () => sessionIdOf(randomBytes(16)))
  const before = heapOf()
  for (let n = 0; n < 100_000; n++) {
    const parents = n < 2 ? [] : [graph.idAt(n - 1), ...(n % 4 ? [] : [graph.idAt(n - 2)])]
    // As from a decoder: every string is made anew.
    const session = sessionIdOf(fromHex(sessions[n % 100]!))
    graph.add(random(), header(parents, 1.7e12 + n * 400, { session }), 270, n * 270 + 2 ** 33)
  }
  const each = (heapOf() - before) / graph.size
  expect(each).toBeGreaterThan(100)
  expect(each).toBeLessThan(300)
  if (process.env['IBEX_REPORT']) console.log(`graph: ${each.toFixed(0)} bytes an entry`)
})

test('commits are taken out again as if they had never come', () => {
  const graph = new Graph()
  graph.add(id('a1'), header([], 1), 1, 10)
  graph.add(id('a2'), header([id('a1')], 2), 2, 20)
  graph.add(id('f9'), header([id('a1')], 9), 9, 90)
  graph.add(id('a3'), header([id('a2')], 3), 3, 30)
  graph.add(id('fa'), header([id('f9'), id('a3')], 10), 10, 100)
  expect(graph.remove(new Set([id('f9'), id('fa')]))).toEqual([0, 1, 3])
  expect(graph.size).toBe(3)
  expect(graph.heads()).toEqual([id('a3')])
  expect(graph.maxTime().ms).toBe(3)
  expect([id('f9'), id('fa')].map((gone) => graph.has(gone))).toEqual([false, false])
  expect(graph.get(id('a3'))).toMatchObject({ n: 2, parents: [1], size: 3, position: 30 })
  graph.add(id('f9'), header([id('a3')], 9), 1)
  expect(graph.heads()).toEqual([id('f9')])
})
