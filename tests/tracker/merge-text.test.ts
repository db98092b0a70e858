import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeText, moveCaret } from '../../examples/tracker/src/text/merge-text.js'

test.each([
  ['Fix crash', 'Fix crash on start', 'Please fix crash', 'Please fix crash on start'],
  ['Fix crash', 'Fix the crash', 'Fix crashes', 'Fix the crashes'],
  ['Fix the crash', 'Fix crash', 'Fix the crash now', 'Fix crash now'],
  ['abc', '', 'abc', ''],
  ['abc', 'abcX', 'abcY', 'abcXY'],
  ['', 'same', 'same', 'same'],
])('from %j: %j and %j make %j', (base, one, other, merged) => {
  expect(mergeText(base, one, other)).toBe(merged)
  expect(mergeText(base, other, one)).toBe(merged)
})

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 12 })

test('merging is symmetric, and what only one side changed is taken as it is', () => {
  fc.assert(
    fc.property(word, word, word, (base, one, other) => {
      expect(mergeText(base, one, other)).toBe(mergeText(base, other, one))
      expect(mergeText(base, one, base)).toBe(one)
      expect(mergeText(base, one, one)).toBe(one)
    }),
  )
})

test('no inserted letter is lost or doubled, and each side keeps its order', () => {
  // Different letters for the base and the two sides, so that each can be recognised in the merged text.
  const inserts = (letters: string): fc.Arbitrary<{ at: number; letter: string }[]> =>
    fc
      .array(fc.nat(99), { maxLength: letters.length })
      .map((places) => places.map((at, i) => ({ at, letter: letters[i]! })))
  const insert = (text: string, all: { at: number; letter: string }[]): string =>
    all.reduce((now, { at, letter }) => {
      const place = at % (now.length + 1)
      return now.slice(0, place) + letter + now.slice(place)
    }, text)
  const only = (text: string, letters: string): string =>
    Array.from(text)
      .filter((letter) => letters.includes(letter))
      .join('')
  fc.assert(
    fc.property(inserts('ABCDE'), inserts('vwxyz'), (ours, theirs) => {
      const base = '12345'
      const one = insert(base, ours)
      const other = insert(base, theirs)
      const merged = mergeText(base, one, other)
      expect(merged.length).toBe(one.length + other.length - base.length)
      expect(only(merged, '12345ABCDE')).toBe(one)
      expect(only(merged, '12345vwxyz')).toBe(other)
    }),
  )
})

test('the caret stays behind its letter', () => {
  expect(moveCaret('crash', 'Fix crash', 5)).toBe(9)
  expect(moveCaret('crash', 'crash now', 5)).toBe(5)
  expect(moveCaret('crash', 'now crash', 0)).toBe(0)
  expect(moveCaret('Fix the crash', 'Fix crash', 8)).toBe(4)
  expect(moveCaret('abc', '', 2)).toBe(0)
})
