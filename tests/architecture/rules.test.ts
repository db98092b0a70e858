import { describe, expect, test } from 'vitest'
import { PLACES } from './floors.js'
import { findViolations, type Manifest, placeOf, type Rule } from './rules.js'

const manifest: Manifest = {
  name: 'ibex-state',
  exports: {
    '.': { default: './dist/src/index.js' },
    './react': { default: './dist/hooks/index.js' },
    './server': { default: './dist/src/server.js' },
  },
  dependencies: { ws: '*', idb: '*', fflate: '*', '@noble/hashes': '*', 'use-sync-external-store': '*' },
  peerDependencies: { react: '*', vite: '*' },
}

/** `rule path:line` of every violation in files that are given as source texts. */
function judge(files: Record<string, string>): string[] {
  return findViolations(new Map(Object.entries(files)), manifest).map(
    ({ rule, path, line }) => `${rule} ${path}:${line}`,
  )
}

const OWN = 'export const own = 1\n'

test('a house in order has no violations', () => {
  expect(
    judge({
      'src/errors.ts': OWN,
      'src/ids.ts': `import { own } from './errors.js'\nexport const id = own`,
      'src/value/codec.ts': `import type { id } from '../ids.js'\nimport { a } from './bytes.js'\nexport type Id = typeof id | typeof a`,
      'src/value/bytes.ts': `export const a = 1`,
      'src/storage/worker.ts': `import { openDB } from 'idb'\nopenDB('x')`,
      'src/storage/opfs.ts': `export const start = () => new Worker(new URL('./worker.js', import.meta.url))`,
      'src/store/store.ts': `export const open = () => import('../storage/opfs.js')`,
      'src/store/store.test.ts': `import { serve } from '../server/serve.js'\nimport fc from 'fast-check'\nserve(fc)`,
      'src/server/serve.ts': `import { createServer } from 'node:http'\nexport const serve = createServer`,
      'src/cli/main.ts': `import { serve } from 'ibex-state/server'\nexport const main = (file: string) => serve(import(file))`,
      'src/index.ts': `export { open } from './store/store.js'`,
      'src/server.ts': `export { serve } from './server/serve.js'`,
      'hooks/use-store.ts': `import { useContext } from 'react'\nimport { open } from '../src/index.js'\nexport const useStore = () => useContext(open)`,
      'hooks/index.ts': `'use client'\nexport { useStore } from './use-store.js'`,
      'examples/app/main.tsx': `import { useStore } from 'ibex-state/react'\nimport './style.css'\nimport debounce from 'lodash'\nuseStore(debounce)`,
      'examples/app/style.css': '',
      'tests/any.test.ts': `import { a } from '../src/value/bytes.js'\nimport { readFileSync } from 'node:fs'\nreadFileSync(a)`,
    }),
  ).toEqual([])
})

describe('what is refused', () => {
  const BAD: readonly [name: string, rule: Rule, files: Record<string, string>, at: string][] = [
    [
      'an upward import',
      'upward',
      { 'src/item/a.ts': `import { own } from '../history/b.js'\nexport const a = own`, 'src/history/b.ts': OWN },
      'src/item/a.ts:1',
    ],
    [
      'an upward type import',
      'upward',
      {
        'src/value/a.ts': `export const a = 1\nimport type { own } from '../item/b.js'\nexport type B = typeof own`,
        'src/item/b.ts': OWN,
      },
      'src/value/a.ts:2',
    ],
    [
      'an upward import of an inline type',
      'upward',
      { 'src/value/a.ts': `import { type own } from '../item/b.js'\nexport type B = typeof own`, 'src/item/b.ts': OWN },
      'src/value/a.ts:1',
    ],
    [
      'an upward import() in a type',
      'upward',
      { 'src/value/a.ts': `export type B = typeof import('../item/b.js').own`, 'src/item/b.ts': OWN },
      'src/value/a.ts:1',
    ],
    [
      'an upward dynamic import',
      'upward',
      { 'src/value/a.ts': `export const a = () => import('../item/b.js')`, 'src/item/b.ts': OWN },
      'src/value/a.ts:1',
    ],
    [
      'an upward dynamic import in a template',
      'upward',
      { 'src/value/a.ts': 'export const a = () => import(`../item/b.js`)', 'src/item/b.ts': OWN },
      'src/value/a.ts:1',
    ],
    [
      'an upward worker',
      'upward',
      {
        'src/value/a.ts': `export const a = () => new Worker(new URL('../item/b.js', import.meta.url))`,
        'src/item/b.ts': OWN,
      },
      'src/value/a.ts:1',
    ],
    [
      'an upward export',
      'upward',
      { 'src/index.ts': `export { own } from '../hooks/a.js'`, 'hooks/a.ts': OWN },
      'src/index.ts:1',
    ],
    [
      'a floor importing a door',
      'upward',
      {
        'src/store/a.ts': `import { own } from '../index.js'\nexport const a = own`,
        'src/index.ts': `export { own } from './value/b.js'`,
        'src/value/b.ts': OWN,
      },
      'src/store/a.ts:1',
    ],
    [
      'a floor importing the package by its name',
      'upward',
      {
        'src/store/a.ts': `import { own } from 'ibex-state/server'\nexport const a = own`,
        'src/server.ts': `export { own } from './value/b.js'`,
        'src/value/b.ts': OWN,
      },
      'src/store/a.ts:1',
    ],
    [
      'what is shipped importing a test',
      'upward',
      { 'src/value/a.ts': `import { own } from './b.test.js'\nexport const a = own`, 'src/value/b.test.ts': OWN },
      'src/value/a.ts:1',
    ],
    [
      'what is shipped importing what is not',
      'upward',
      { 'src/testing/a.ts': `import { own } from '../../tests/b.js'\nexport const a = own`, 'tests/b.ts': OWN },
      'src/testing/a.ts:1',
    ],
    [
      'folders of one floor importing each other',
      'sideways',
      { 'src/graph/a.ts': `import { own } from '../item/b.js'\nexport const a = own`, 'src/item/b.ts': OWN },
      'src/graph/a.ts:1',
    ],
    [
      'one door importing another',
      'sideways',
      {
        'src/vite.ts': `export { own } from './server.js'`,
        'src/server.ts': `export { own } from './value/b.js'`,
        'src/value/b.ts': OWN,
      },
      'src/vite.ts:1',
    ],
    [
      'sync knowing items',
      'stranger',
      { 'src/sync/a.ts': `import { own } from '../item/b.js'\nexport const a = own`, 'src/item/b.ts': OWN },
      'src/sync/a.ts:1',
    ],
    [
      'hooks knowing more than the door',
      'stranger',
      { 'hooks/a.ts': `import { own } from '../src/store/b.js'\nexport const a = own`, 'src/store/b.ts': OWN },
      'hooks/a.ts:1',
    ],
    [
      'a circle of two files',
      'cycle',
      {
        'src/item/a.ts': `import { b } from './b.js'\nexport const a = () => b`,
        'src/item/b.ts': `import { a } from './a.js'\nexport const b = () => a`,
      },
      'src/item/a.ts:1',
    ],
    [
      'a circle of types',
      'cycle',
      {
        'src/item/a.ts': `import type { B } from './b.js'\nexport type A = B[]`,
        'src/item/b.ts': `import type { C } from './c.js'\nexport type B = C[]`,
        'src/item/c.ts': `import type { A } from './a.js'\nexport type C = A[]`,
      },
      'src/item/a.ts:1',
    ],
    [
      'a barrel',
      'barrel',
      { 'src/value/all.ts': `export { own } from './b.js'`, 'src/value/b.ts': OWN },
      'src/value/all.ts:1',
    ],
    [
      'a barrel with a star',
      'barrel',
      { 'src/value/all.ts': `export * from './b.js'`, 'src/value/b.ts': OWN },
      'src/value/all.ts:1',
    ],
    [
      'a barrel in two steps',
      'barrel',
      { 'src/value/all.ts': `import { own } from './b.js'\nexport { own }`, 'src/value/b.ts': OWN },
      'src/value/all.ts:1',
    ],
    [
      'a barrel beside code',
      'barrel',
      { 'src/value/all.ts': `export type { own } from './b.js'\nexport const more = 1`, 'src/value/b.ts': OWN },
      'src/value/all.ts:1',
    ],
    ['an index inside src', 'barrel', { 'src/value/index.ts': OWN }, 'src/value/index.ts:1'],
    [
      'a door with a star',
      'door',
      { 'src/index.ts': `export * from './value/b.js'`, 'src/value/b.ts': OWN },
      'src/index.ts:1',
    ],
    ['a door with code', 'door', { 'src/index.ts': OWN }, 'src/index.ts:1'],
    [
      'an example that walks past the doors',
      'door',
      { 'examples/app/a.ts': `import { own } from '../../src/value/b.js'\nown`, 'src/value/b.ts': OWN },
      'examples/app/a.ts:1',
    ],
    ['a folder named utils', 'name', { 'src/value/utils/a.ts': OWN }, 'src/value/utils/a.ts:1'],
    ['a file named helpers', 'name', { 'tests/helpers.ts': OWN }, 'tests/helpers.ts:1'],
    [
      'a folder named shared, whatever is in it',
      'name',
      { 'examples/app/shared/a.css': '' },
      'examples/app/shared/a.css:1',
    ],
    [
      'Node below floor 7',
      'node',
      { 'src/store/a.ts': `import { readFileSync } from 'node:fs'\nexport const a = readFileSync` },
      'src/store/a.ts:1',
    ],
    [
      'Node without its prefix',
      'node',
      { 'src/storage/a.ts': `import { join } from 'path'\nexport const a = join` },
      'src/storage/a.ts:1',
    ],
    [
      'the types of Node',
      'node',
      { 'src/storage/a.ts': `export type A = import('node:net').Socket` },
      'src/storage/a.ts:1',
    ],
    [
      'React in a floor',
      'react',
      { 'src/store/a.ts': `import { useState } from 'react'\nexport const a = useState` },
      'src/store/a.ts:1',
    ],
    [
      'the types of React in a floor',
      'react',
      { 'src/store/a.ts': `import type { ReactNode } from 'react'\nexport type A = ReactNode` },
      'src/store/a.ts:1',
    ],
    [
      'a package in the wrong place',
      'package',
      { 'src/store/a.ts': `import { WebSocket } from 'ws'\nexport const a = WebSocket` },
      'src/store/a.ts:1',
    ],
    [
      'a package nobody has listed',
      'dependency',
      { 'src/store/a.ts': `import x from '@scope/left-pad/deep'\nexport const a = x` },
      'src/store/a.ts:1',
    ],
    [
      'a dynamic import of such',
      'dependency',
      { 'src/store/a.ts': `export const a = () => import('left-pad')` },
      'src/store/a.ts:1',
    ],
    [
      'a file that does not exist',
      'missing',
      { 'src/store/a.ts': `import './gone.js'\nexport const a = 1` },
      'src/store/a.ts:1',
    ],
    [
      'a door that does not exist',
      'missing',
      { 'src/cli/a.ts': `import 'ibex-state/gone'\nexport const a = 1` },
      'src/cli/a.ts:1',
    ],
    [
      'a computed import',
      'computed',
      { 'src/store/a.ts': `export const a = (name: string) => import(name)` },
      'src/store/a.ts:1',
    ],
    ['a folder without a floor', 'placeless', { 'src/extras/a.ts': OWN }, 'src/extras/a.ts:1'],
    ['a file without a floor', 'placeless', { 'src/extra.ts': OWN }, 'src/extra.ts:1'],
  ]
  test.each(BAD)('%s', (_name, rule, files, at) => {
    expect(judge(files)).toEqual([`${rule} ${at}`])
  })

  test('Node that a door for browsers reaches', () => {
    const found = judge({
      'src/index.ts': `export { a } from './testing/a.js'`,
      'src/testing/a.ts': `import { own } from './b.js'\nexport const a = own`,
      'src/testing/b.ts': `import { cpus } from 'node:os'\nexport const own = cpus`,
    })
    expect(found).toEqual(['node src/testing/b.ts:1'])
  })
})

test('the table is sound: every place once, and only lower or higher places named', () => {
  const all = PLACES.flatMap(({ paths }) => paths)
  expect(new Set(all).size).toBe(all.length)
  for (const place of PLACES) {
    for (const known of place.knows ?? []) expect(placeOf(known)?.floor).toBeLessThan(place.floor)
    for (const { path } of place.also ?? []) expect(placeOf(path)?.floor).toBeGreaterThanOrEqual(place.floor)
  }
})
