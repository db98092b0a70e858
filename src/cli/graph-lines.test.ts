import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawGraph, type GraphNode } from './graph-lines.js'

const node = (id: string, ...parents: string[]): GraphNode => ({ id, parents, lines: [id] })
const draw = (...nodes: GraphNode[]): string => [...drawGraph(nodes)].join('\n')

test('a straight line', () => {
  expect(draw(node('c', 'b'), node('b', 'a'), node('a'))).toBe('●  c\n●  b\n●  a')
})

test('two who wrote at once, joined', () => {
  expect(`\n${draw(node('d', 'b', 'c'), node('c', 'a'), node('b', 'a'), node('a'))}`).toBe(`
●  d
├─╮
│ ●  c
● │  b
├─╯
●  a`)
})

test('lines pass under others, and columns are used again', () => {
  expect(`\n${draw(node('f', 'c'), node('e', 'b'), node('d', 'c', 'a'), node('c', 'a'), node('b', 'a'), node('a'))}`)
    .toBe(`
●  f
│ ●  e
│ │ ●  d
├─│─┤
● │ │  c
├─│─╯
│ ●  b
├─╯
●  a`)
})

test('more lines of text stand beside what goes on', () => {
  const lines = ['b', 'two', 'three']
  expect([...drawGraph([{ id: 'b', parents: ['a'], lines }, node('a')])]).toEqual([
    '●  b',
    '│  two',
    '│  three',
    '●  a',
  ])
})

/** Where one comes to from a commit by following the drawing down. */
function reachedFrom(lines: readonly string[], row: number, column: number): Set<string> {
  const ways: Record<string, readonly string[]> = {
    '●': ['down', 'up'],
    '│': ['up', 'down'],
    '─': ['left', 'right'],
    '╭': ['down', 'right'],
    '╮': ['down', 'left'],
    '┬': ['down', 'left', 'right'],
    '╰': ['up', 'right'],
    '╯': ['up', 'left'],
    '┴': ['up', 'left', 'right'],
    '├': ['up', 'down', 'right'],
    '┤': ['up', 'down', 'left'],
    '┼': ['up', 'down', 'left', 'right'],
  }
  const steps: Record<string, readonly [number, number, string]> = {
    up: [-1, 0, 'down'],
    down: [1, 0, 'up'],
    left: [0, -1, 'right'],
    right: [0, 1, 'left'],
  }
  const at = (r: number, c: number): string => lines[r]?.[c] ?? ' '
  const found = new Set<string>()
  const seen = new Set<string>()
  const open: [number, number, string][] = [[row + 1, column, 'up']]
  for (let next = open.pop(); next; next = open.pop()) {
    const [r, c, from] = next
    const drawn = at(r, c)
    if (seen.has(next.join())) continue
    seen.add(next.join())
    // A line that passes under another.
    const passes = drawn === '│' && (from === 'left' || from === 'right')
    if (!passes && !ways[drawn]?.includes(from)) continue
    if (drawn === '●') {
      found.add(lines[r]!.slice(lines[r]!.lastIndexOf(' ') + 1))
      continue
    }
    const out = passes ? [from === 'left' ? 'right' : 'left'] : ways[drawn]!.filter((way) => way !== from)
    // Only ever down: what comes into a line from above is another commit's way.
    for (const way of out) {
      if (way === 'up') continue
      // Beside a commit only its own line branches off; the others go straight on, where they can.
      if (from === 'up' && way !== 'down' && at(r - 1, c) !== '●' && ways[drawn]!.includes('down')) continue
      const [dr, dc, enters] = steps[way]!
      open.push([r + dr, c + dc, enters])
    }
  }
  return found
}

test('whatever the graph, following its lines down leads to the parents and nowhere else', () => {
  const graph = fc.array(fc.array(fc.nat(12), { maxLength: 4 }), { maxLength: 24 }).map((rows) =>
    rows.map((back, i) => {
      const parents = back.map((distance) => i + 1 + distance).filter((parent) => parent < rows.length)
      return node(`n${i}`, ...new Set(parents.map((parent) => `n${parent}`)))
    }),
  )
  fc.assert(
    fc.property(graph, (nodes) => {
      const lines = [...drawGraph(nodes)]
      for (const { id, parents } of nodes) {
        const row = lines.findIndex((line) => line.endsWith(` ${id}`))
        expect([...reachedFrom(lines, row, lines[row]!.indexOf('●'))].sort()).toEqual([...parents].sort())
      }
    }),
    { numRuns: 500 },
  )
})
