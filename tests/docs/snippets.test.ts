/** Every snippet of the README and of docs/ compiles, as a reader would paste it. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bothVotesCount } from './testing-snippet.js'

const ROOT = new URL('../..', import.meta.url).pathname

interface Snippet {
  readonly name: string
  readonly language: string
  readonly code: string
}

function snippetsOf(file: string): Snippet[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const blocks = [...text.matchAll(/^( *)```(tsx?)\n([\s\S]*?)^\1```/gm)]
  return blocks.map(([, indent, language, code], index) => ({
    name: `${file.replaceAll(/[/.]/g, '-')}-${index + 1}`,
    language: language!,
    code: code!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }))
}

test('every snippet compiles', { timeout: 60_000 }, async () => {
  const files = [
    'README.md',
    ...readdirSync(join(ROOT, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ]
  const snippets = files.flatMap(snippetsOf)
  expect(snippets.length).toBeGreaterThan(8)
  mkdirSync(join(ROOT, 'temp'), { recursive: true })
  const folder = mkdtempSync(join(ROOT, 'temp/snippets-'))
  try {
    for (const { name, language, code } of snippets)
      writeFileSync(join(folder, `${name}.${language}`), `${code}\nexport {}\n`)
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../tsconfig.json',
        include: ['.'],
        exclude: [],
        // The dock's sources import style sheets as Vite reads them.
        compilerOptions: { noUnusedLocals: false, noUnusedParameters: false, types: ['node', 'vite/client'] },
      }),
    )
    const compiler = join(ROOT, 'node_modules/.bin/tsc')
    const output = await promisify(execFile)(compiler, ['-p', folder]).then(
      ({ stdout }) => stdout,
      (error: { stdout: string }) => error.stdout,
    )
    expect(output).toBe('')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('what the page on testing shows is true', async () => {
  const [shown] = snippetsOf('docs/testing.md')
  const run = readFileSync(join(ROOT, 'tests/docs/testing-snippet.ts'), 'utf8')
  expect(run).toContain(shown!.code.slice(shown!.code.indexOf('const Task')))
  expect(await bothVotesCount()).toBe(true)
})
