/** An app of its own with the packed layout of the package, under Vite: dev server, hot reloading, build and preview. */
import { expect as soon } from '@playwright/test'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runTool } from '../../scripts/run.mjs'
import { Program } from '../server/program.js'
import { test } from './fixtures.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "app", "private": true, "type": "module" }',
  'index.html':
    '<!doctype html><link rel="icon" href="data:," /><div id="root"></div><script type="module" src="/src/main.tsx"></script>',
  'vite.config.js': `
import react from '@vitejs/plugin-react'
import { ibex } from 'ibex-state/vite'
import { defineConfig } from 'vite'
export default defineConfig({ plugins: [react(), ibex()] })
`,
  'src/store.ts': `
import { createStore, defineSchema, field } from 'ibex-state'
export const Task = defineSchema('task', { title: field.string() })
export const store = createStore({ schemas: [Task], server: '/ibex' })
`,
  'src/main.tsx': `
import { createRoot } from 'react-dom/client'
import { StoreProvider } from 'ibex-state/react'
import { App } from './App'
import { store } from './store'
createRoot(document.getElementById('root')!).render(
  <StoreProvider store={store} fallback={<p>Opening</p>}><App /></StoreProvider>,
)
`,
  'src/App.tsx': `
import { useState } from 'react'
import { useCollection, useQuery, useStatus } from 'ibex-state/react'
import { Task } from './store'
export function App() {
  const tasks = useQuery(Task, { orderBy: 'title' })
  const { create } = useCollection(Task)
  const { connection, storageMode } = useStatus()
  const [draft, setDraft] = useState('')
  return (
    <>
      <h1>Tasks</h1>
      <input value={draft} onChange={(event) => setDraft(event.target.value)} />
      <button onClick={() => create({ title: draft })}>Add</button>
      <ul>{tasks.map((task) => <li key={task.$id}>{task.title}</li>)}</ul>
      <output>{connection} {storageMode}</output>
    </>
  )
}
`,
}

const running: Program[] = []

function run(args: readonly string[], mode: string): Program {
  const env = { NODE_ENV: mode, NO_COLOR: '1' }
  const program = new Program(join(root, 'node_modules/vite/bin/vite.js'), args, { cwd: folder, env })
  running.push(program)
  return program
}

let folder: string
/** The dev server bundles what the app imports before it serves the first page. */
const expect = soon.configure({ timeout: 30_000 })
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ibex-app-'))
  for (const name of ['src', 'node_modules/ibex-state']) mkdirSync(join(folder, name), { recursive: true })
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
  // As if installed: the package built anew, everything else as it is here.
  const installed = join(folder, 'node_modules/ibex-state')
  const built = await runTool(
    'typescript/bin/tsc',
    ['-p', 'tsconfig.build.json', '--outDir', join(installed, 'dist')],
    {
      quiet: true,
    },
  )
  expect(built.output).toBe('')
  cpSync(join(root, 'package.json'), join(installed, 'package.json'))
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === 'ibex-state' || name.startsWith('.')) continue
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
})
test.afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

test('under vite the plugin is the server; hot reloading keeps store and connection; vite preview goes on with the same data', async ({
  guest,
}) => {
  test.setTimeout(300_000)
  const [a, b] = [await guest(), await guest()]
  const errors: string[] = []
  const sockets: string[] = []
  for (const page of [a, b]) {
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && errors.push(message.text()))
  }
  a.on('websocket', (socket) => sockets.push(new URL(socket.url()).pathname))

  const dev = run(['--port', '0', '--host', 'localhost'], 'development')
  const url = await dev.printed(/Local:.*?(http:\S+)/)
  for (const page of [a, b]) {
    await page.goto(url)
    await expect(page.locator('output')).toHaveText('online opfs')
  }
  await a.fill('input', 'one')
  await a.click('text=Add')
  await expect(b.locator('li')).toHaveText(['one'])

  await a.evaluate(() => Object.assign(globalThis, { marker: true }))
  const source = readFileSync(join(folder, 'src/App.tsx'), 'utf8')
  writeFileSync(join(folder, 'src/App.tsx'), source.replace('<h1>Tasks', '<h1>Hot tasks'))
  await expect(a.locator('h1')).toHaveText('Hot tasks')
  // Neither the page nor what is typed, nor the store, is new.
  expect(await a.evaluate(() => 'marker' in globalThis)).toBe(true)
  await expect(a.locator('input')).toHaveValue('one')
  await b.fill('input', 'two')
  await b.click('text=Add')
  await expect(a.locator('li')).toHaveText(['one', 'two'])
  expect(sockets.filter((path) => path === '/ibex')).toHaveLength(1)
  expect(errors).toEqual([])
  await dev.end('SIGTERM')

  const build = run(['build'], 'production')
  expect(await build.ended).toEqual({ code: 0, signal: null })
  const { port } = new URL(url)
  const preview = run(['preview', '--port', port, '--host', 'localhost', '--strictPort'], 'production')
  await preview.printed(/Local:.*?(http:\S+)/)
  const c = await guest()
  await c.goto(url)
  await expect(c.locator('li')).toHaveText(['one', 'two'])
  await c.fill('input', 'three')
  await c.click('text=Add')
  // The same origin, so that the pages of the dev server go on where they were.
  await a.goto(url)
  await expect(a.locator('h1')).toHaveText('Hot tasks')
  await expect(a.locator('li')).toHaveText(['one', 'three', 'two'])
  await expect(a.locator('output')).toHaveText('online opfs')
  await preview.end('SIGTERM')
})
