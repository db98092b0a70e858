import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changedPaths } from './json-change.js'

test('what changed is named by its path, and what went comes last', () => {
  const from = { colour: 'red', size: { width: 1, height: 2 }, rows: [{ done: false }, { done: false }], 'old key': 1 }
  const to = { colour: 'red', size: { width: 3, height: 2 }, rows: [{ done: false }, { done: true }], new: null }
  expect(changedPaths(from, to)).toEqual([
    { path: 'size.width', from: 1, to: 3 },
    { path: 'rows[1].done', from: false, to: true },
    { path: 'new', from: undefined, to: null },
    { path: '["old key"]', from: 1, to: undefined },
  ])
})

test('a list of another length is another list', () => {
  expect(changedPaths({ a: [1, 2], b: 1 }, { a: [2], b: 1 })).toEqual([{ path: 'a', from: [1, 2], to: [2] }])
})

test('of very large values the whole is the change', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`k${n}`, n]))
  expect(changedPaths(many, { ...many, k1: 'other' })).toBeUndefined()
})

test('where nothing is left, or one is no object, the whole is the change', () => {
  expect(changedPaths({ a: 1 }, { a: 2 })).toBeUndefined()
  expect(changedPaths(undefined, { a: 2 })).toBeUndefined()
  expect(changedPaths({ a: 2 }, 'text')).toBeUndefined()
  expect(changedPaths({ a: 2 }, { a: 2 })).toBeUndefined()
})

test('put back at their paths, the changes make one value of the other', () => {
  const value = fc.jsonValue({ maxDepth: 2 }).filter((each) => !JSON.stringify(each).includes('__proto__'))
  const json = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd e'), value)
  fc.assert(
    fc.property(json, json, (from, to) => {
      const changes = changedPaths(from, to)
      if (!changes) return
      const made = structuredClone(from) as Record<string, unknown>
      for (const { path, to: value } of changes) {
        // Paths are code.
        const at = `made${path.startsWith('[') ? '' : '.'}${path}`
        // oxlint-disable-next-line typescript/no-implied-eval
        new Function('made', 'value', value === undefined ? `delete ${at}` : `${at} = value`)(made, value)
      }
      expect(JSON.parse(JSON.stringify(made))).toEqual(JSON.parse(JSON.stringify(to)))
    }),
  )
})
