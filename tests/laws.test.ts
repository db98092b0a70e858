/**
 * The laws of the architecture, and whether they are shown: each is cited by the name of a test, so that whoever breaks one
 * reads which it was.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const KEPT = 'kept'
/** What each law is about, and since when it must hold. */
const LAWS: readonly (readonly [law: string, about: string, state: string])[] = [
  ['I-1', 'a transaction is whole', KEPT],
  ['I-2', 'commits are 333 ms apart', KEPT],
  ['I-3', 'what a page had not finished is finished, once', KEPT],
  ['I-4', 'bytes are stored as received; decoding is strict', KEPT],
  ['I-5', 'parents are all heads that were folded, and are earlier', KEPT],
  ['I-6', 'same commits, same bytes of state', KEPT],
  ['I-7', 'folding costs what changed', KEPT],
  ['I-8', 'snapshots are frozen, plain, and keep identity', KEPT],
  ['I-9', 'who checks what: everybody the commit, the authority the rules', KEPT],
  ['I-10', "a seal's word covers what is below it", KEPT],
  ['I-11', 'refused is void, told, and counts nowhere', KEPT],
  ['I-12', 'sync converges, and is quiet at rest', KEPT],
  ['I-13', 'false positives of the filter are repaired', KEPT],
  ['I-14', 'what a peer can cause is bounded', KEPT],
  ['I-15', 'what was flushed survives any crash', KEPT],
  ['I-16', 'a mixed fleet of schema versions', 'comes with the derivation of fields between versions'],
  ['I-17', 'memory follows live state: so far that of the graph', KEPT],
  ['I-18', 'the fold knows no schema', KEPT],
  ['I-19', 'only the authority, on its pinned key, is believed', KEPT],
]

const titles = ['src', 'hooks', 'tests', 'examples']
  .flatMap((folder) => testsIn(join(ROOT, folder)))
  .flatMap((file) => {
    const found = readFileSync(file, 'utf8').matchAll(
      /\b(?:test|it|describe)(?:\.\w+(?:\([^()]*\))?)*\(\s*(['"`])(.*?)\1/gs,
    )
    return [...found].map(([, , title]) => title!)
  })

test.each(LAWS)('%s is cited by a test: %s', (law, _, state) => {
  const citing = titles.filter((title) => new RegExp(`\\b${law}\\b(?!\\d)`).test(title))
  if (state === KEPT) expect(citing).not.toEqual([])
  // Whoever shows it says so here.
  else expect(citing).toEqual([])
})

test('the list has every law that a test cites, once, in order', () => {
  const cited = new Set(titles.flatMap((title) => title.match(/\bI-\d+\b/g) ?? []))
  expect([...cited].filter((law) => !LAWS.some(([known]) => known === law))).toEqual([])
  expect(LAWS.map(([law]) => law)).toEqual(Array.from({ length: 19 }, (_, i) => `I-${i + 1}`))
})

function testsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return testsIn(path)
    // Not this one, which names them all.
    return /\.test\.tsx?$/.test(entry.name) && !path.endsWith('laws.test.ts') ? [path] : []
  })
}
