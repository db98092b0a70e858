import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openSourceInEditor } from './open-source.js'

const asked: string[] = []
const position = (file: string) => ({ file, line: 12, column: 34, function: null, stack: [] })

function answering(answer: () => Promise<Response>): void {
  vi.stubGlobal('fetch', (address: string) => {
    asked.push(address)
    return answer()
  })
}

beforeEach(() => vi.stubGlobal('location', { href: 'http://localhost:5173/board' }))
afterEach(() => {
  vi.unstubAllGlobals()
  asked.length = 0
})

test('asks the server of the file, by its path there or on the disk', async () => {
  answering(async () => new Response())
  await openSourceInEditor(position('http://localhost:5173/src/row.tsx'))
  await openSourceInEditor(position('http://localhost:5174/@fs/home/ada/app/row.tsx?t=1'))
  expect(asked).toEqual([
    'http://localhost:5173/__open-in-editor?file=src%2Frow.tsx%3A12%3A34',
    'http://localhost:5174/__open-in-editor?file=%2Fhome%2Fada%2Fapp%2Frow.tsx%3A12%3A34',
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
