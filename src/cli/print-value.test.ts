import { expect, test } from 'vitest'
import type { Io } from './io.js'
import { painter } from './paint.js'
import { printDifference, printText, printValue, stringify } from './print-value.js'

const io: Io = { cwd: '/', env: {}, terminal: false, out: () => {}, note: () => {}, now: () => 0 }
const paint = painter(io)

test('values on one line', () => {
  const values = ['a "b"\n', 3, null, undefined, [1], { a: { b: [] } }, new Uint8Array(3), new Date(0)]
  expect(values.map(printValue)).toEqual([
    '"a \\"b\\"\\n"',
    '3',
    'null',
    '(nothing)',
    '[1]',
    '{"a":{"b":[]}}',
    '(3 bytes)',
    '1970-01-01T00:00:00.000Z',
  ])
  expect(stringify({ bytes: new Uint8Array([255]), big: 5n, none: undefined })).toBe('{"bytes":"/w==","big":5}')
})

test('what others wrote does nothing to the terminal', () => {
  const bell = 'a\u0007\u001B[31m\u009B31m\nb'
  expect(printText(bell)).toBe('a\\u0007\\u001b[31m\\u009b31m\nb')
  const shown = [printValue(bell), ...printDifference(paint, bell, 'x', bell), ...printDifference(paint, 'f', 1, bell)]
  for (const line of shown) expect(line.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
})

test('differences as in a patch', () => {
  const cases: [unknown, unknown, string[]][] = [
    ['a', 'b', ['- f: "a"', '+ f: "b"']],
    [undefined, 'b', ['+ f: "b"']],
    ['a', undefined, ['- f: "a"']],
    [3, 1, ['- f: 3', '+ f: 1 (-2)']],
    [
      ['a', 'b'],
      ['b', 'c'],
      ['- f: "a"', '+ f: "c"'],
    ],
    [{ a: 1, b: 2, c: 3 }, { a: 1, b: 'x', d: 4 }, ['- f.b: 2', '+ f.b: "x"', '- f.c: 3', '+ f.d: 4']],
    ['1\n2\n3\n4\n5', '1\n2\n3\nfour\n5', ['f:', '  2', '  3', '- 4', '+ four', '  5']],
    ['one', 'one\ntwo', ['f:', '  one', '+ two']],
  ]
  for (const [from, to, lines] of cases) expect(printDifference(paint, 'f', from, to)).toEqual(lines)
})

test('colours where people read, unless they do not want any', () => {
  const read = { ...io, terminal: true }
  expect(painter(read)('id', 'x')).toBe('\u001B[33mx\u001B[m')
  expect(painter({ ...read, env: { NO_COLOR: '1' } })('id', 'x')).toBe('x')
  expect(painter({ ...read, env: { NO_COLOR: '' } })('id', 'x')).not.toBe('x')
  expect(painter(read, 'never')('id', 'x')).toBe('x')
  expect(painter(read, false)('id', 'x')).toBe('x')
  expect(painter(io)('id', 'x')).toBe('x')
  expect(painter(io, 'always')('id', 'x')).not.toBe('x')
  expect(painter({ ...io, env: { NO_COLOR: '1' } }, true)('id', 'x')).not.toBe('x')
  expect(() => painter(io, 'sometimes')).toThrow(expect.objectContaining({ code: 'bad-option' }))
})
