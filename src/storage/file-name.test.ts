import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeFileName, encodeFileName } from './file-name.js'

test('a path stays readable', () => {
  expect(encodeFileName('/data/Main-1_x@y')).toBe(',data,=main-1_x@y')
})

test('names are one to one, also where a file system ignores case, and safe in every one', () => {
  const names = fc.string({
    unit: fc.constantFrom(
      'a',
      'A',
      'b',
      'B',
      '/',
      ',',
      '=',
      '%',
      '.',
      ':',
      '*',
      ' ',
      'ü',
      '\0',
      '\ud800',
      'É',
      'é',
      '🐐',
    ),
    maxLength: 8,
  })
  fc.assert(
    fc.property(names, names, (a, b) => {
      expect(decodeFileName(encodeFileName(a))).toBe(a)
      expect(encodeFileName(a)).toMatch(/^[a-z0-9_@,=%-]*$/)
      if (a !== b) expect(encodeFileName(a).toLowerCase()).not.toBe(encodeFileName(b).toLowerCase())
    }),
  )
})

test('what was not encoded is not decoded', () => {
  for (const name of ['A', '=', '=A', '%zz', '%0061', '.', 'a b']) expect(decodeFileName(name)).toBeUndefined()
})
