import { transform } from 'esbuild'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openSourceInEditor } from './open-source.js'

const asked: string[] = []
const served = new Map<string, string>()
const really = globalThis.fetch
const position = (file: string, line = 12, column = 34) => ({ file, line, column, function: null, stack: [] })

/** A development server that serves files, and answers so when it is to open one. */
function answering(answer: () => Promise<Response>): void {
  vi.stubGlobal('fetch', (address: string | URL) => {
    const url = String(address)
    if (url.startsWith('data:')) return really(url)
    if (!url.includes('/__open-in-editor')) {
      const text = served.get(url)
      return Promise.resolve(text === undefined ? new Response('', { status: 404 }) : new Response(text))
    }
    asked.push(decodeURIComponent(url))
    return answer()
  })
}

beforeEach(() => vi.stubGlobal('location', { href: 'http://localhost:5173/board' }))
afterEach(() => {
  vi.unstubAllGlobals()
  asked.length = 0
  served.clear()
})

test('asks the server of the file, by its path there or on the disk', async () => {
  answering(async () => new Response())
  await openSourceInEditor(position('http://localhost:5173/src/row.tsx'))
  await openSourceInEditor(position('http://localhost:5174/@fs/home/ada/app/row.tsx?t=1'))
  expect(asked).toEqual([
    'http://localhost:5173/__open-in-editor?file=src/row.tsx:12:34',
    'http://localhost:5174/__open-in-editor?file=/home/ada/app/row.tsx:12:34',
  ])
})

test.each<[string, () => Promise<Response>]>([
  ['does not know the address', async () => new Response('Not found', { status: 404 })],
  ['answers everything with the app', async () => new Response('', { headers: { 'content-type': 'text/html' } })],
  ['is not there', () => Promise.reject(new TypeError('Failed to fetch'))],
])('says that a server did not that %s', async (_, answer) => {
  answering(answer)
  await expect(openSourceInEditor(position('http://localhost:5173/src/row.tsx'))).rejects.toThrow(
    'The development server did not open it.',
  )
})

/** What was written, what is served of it, and its map. */
const SOURCE = `// So many lines
// that are not served
interface Props { readonly id: string }

export function Row({ id }: Props) {
  return <button onClick={() => rename(id, 'x')}>x</button>
}
`
const compile = (sourcemap: 'inline' | 'external') =>
  transform(SOURCE, { loader: 'tsx', sourcefile: 'row.tsx', sourcemap, jsx: 'automatic' })

/** Where a word is, from 1. */
function placeOf(text: string, word: string): { line: number; column: number } {
  const lines = text.split('\n')
  const line = lines.findIndex((each) => each.includes(word))
  return { line: line + 1, column: lines[line]!.indexOf(word) + 1 }
}

test('opens what was written, and not the line of what is served', async () => {
  answering(async () => new Response())
  const { code } = await compile('inline')
  const address = 'http://localhost:5173/src/row.tsx?t=1'
  served.set(address, code)
  const from = placeOf(code, 'rename(')
  expect(from.line).not.toBe(6)
  await openSourceInEditor(position(address, from.line, from.column))
  const { line, column } = placeOf(SOURCE, 'rename(')
  expect(asked).toEqual([`http://localhost:5173/__open-in-editor?file=src/row.tsx:${line}:${column}`])
})

test('reads a map that lies beside the file; one that cannot be read, or has several sources, changes nothing', async () => {
  answering(async () => new Response())
  const { code, map } = await compile('external')
  const address = 'http://localhost:5173/src/row.js'
  served.set(address, `${code}//# sourceMappingURL=row.js.map\n`)
  const { line, column } = placeOf(code, 'rename(')
  const open = (): Promise<void> => openSourceInEditor(position(address, line, column))
  await open()
  served.set(`${address}.map`, 'no map')
  await open()
  served.set(`${address}.map`, JSON.stringify({ ...JSON.parse(map), sources: ['a.tsx', 'b.tsx'] }))
  await open()
  served.set(`${address}.map`, map)
  await open()
  const unchanged = `http://localhost:5173/__open-in-editor?file=src/row.js:${line}:${column}`
  expect(asked.slice(0, 3)).toEqual([unchanged, unchanged, unchanged])
  expect(asked[3]).toMatch(/row\.js:6:\d+$/)
})
