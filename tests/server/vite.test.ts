import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { build, createServer, preview, type InlineConfig } from 'vite'
import { WebSocket } from 'ws'
import { ibex } from '../../src/server/vite-plugin.js'
import { socketClient, until } from './socket-client.js'

const SCHEMA = {
  name: 'task',
  version: 1,
  names: ['title'],
  fields: { title: { kind: 'string', merge: 'register', presence: 'required', validators: [] } },
}
/** In plain data, so that it loads without a built package; its limit is in a file of its own. */
const CONFIG = `import { limit } from './limit'
export default {
  schemas: [${JSON.stringify(SCHEMA)} as never],
  rules: [{
    pattern: '/data/*',
    read: () => true,
    write: ({ after }: { after: { title: string } | undefined }) => !after || after.title.length <= limit || 'Too long.',
  }],
}
`

let root: string
let lines: string[]
const cleanups: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ibex-vite-'))
  lines = []
  await mkdir(join(root, 'node_modules'))
  await writeFile(join(root, 'package.json'), '{ "name": "app", "type": "module" }')
  await writeFile(join(root, 'index.html'), '<h1>app</h1>')
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  await rm(root, { recursive: true, force: true })
})

function config(): InlineConfig {
  const note = (line: string): void => void lines.push(line)
  return {
    root,
    configFile: false,
    plugins: [ibex()],
    server: { port: 0, host: '127.0.0.1' },
    preview: { port: 0, host: '127.0.0.1' },
    customLogger: {
      info: note,
      warn: note,
      error: note,
      warnOnce: note,
      clearScreen: () => {},
      hasErrorLogged: () => false,
      hasWarned: false,
    },
  }
}

async function dev(): Promise<{ address: string; close(): Promise<void> }> {
  const vite = await createServer(config())
  await vite.listen()
  cleanups.push(() => vite.close())
  const { port } = vite.httpServer!.address() as AddressInfo
  return { address: `127.0.0.1:${port}`, close: () => vite.close() }
}

async function client(address: string) {
  const made = await socketClient(`ws://${address}/ibex`)
  cleanups.push(() => made.store.close())
  return made
}

test('the dev server syncs, beside its own socket, and keeps the data over a restart', async () => {
  const first = await dev()
  const hot = new WebSocket(`ws://${first.address}/`, 'vite-ping')
  expect(await new Promise((resolve) => hot.on('open', () => resolve('open')).on('error', resolve))).toBe('open')
  hot.terminate()
  const a = await client(first.address)
  const task = a.tasks.create({ title: 'one' })
  await a.store.synced()
  await a.store.close()
  await first.close()
  expect((await readdir(join(root, '.ibex'))).sort()).toEqual(['.gitignore', 'authority', 'data'])
  expect(await readFile(join(root, '.ibex/.gitignore'), 'utf8')).toBe('*\n')
  const second = await dev()
  const b = await client(second.address)
  await until(() => b.tasks.get(task.$id), 'it is still there')
})

/** Changes a file of the rules until the server has said so: what watches may miss a change that comes while it begins. */
async function change(file: string, text: string, said: string): Promise<void> {
  const isSaid = (): boolean => lines.some((line) => line.includes(said))
  for (let n = 0; !isSaid(); n++) {
    await writeFile(join(root, file), `${text} // ${n}`)
    await until(isSaid, said, 3000).catch((error: unknown) => {
      if (n === 9) throw error
    })
  }
}

test('rules in TypeScript hold, and are read again when a file of theirs changes', { timeout: 60_000 }, async () => {
  await writeFile(join(root, 'limit.ts'), 'export const limit: number = 5')
  await writeFile(join(root, 'ibex.config.ts'), CONFIG)
  const { address } = await dev()
  const a = await client(address)
  a.tasks.create({ title: 'too long a title' })
  await until(() => a.rejections.length === 1, 'it is refused')
  await change('limit.ts', 'export const limit: number = 50', 'configuration reloaded')
  a.tasks.create({ title: 'not too long any more' })
  await a.store.synced()
  expect(a.rejections).toHaveLength(1)
  // A mistake leaves the rules as they were.
  await change('ibex.config.ts', 'export default 5', 'stays as it was')
  a.tasks.create({ title: 'still fine' })
  await a.store.synced()
  expect(a.tasks.query().get()).toHaveLength(2)
})

test('vite preview syncs too, with the same data and rules', { timeout: 20_000 }, async () => {
  await writeFile(join(root, 'limit.ts'), 'export const limit: number = 5')
  await writeFile(join(root, 'ibex.config.ts'), CONFIG)
  const first = await dev()
  const a = await client(first.address)
  a.tasks.create({ title: 'one' })
  await a.store.synced()
  await a.store.close()
  await first.close()
  await build({ ...config(), logLevel: 'silent' })
  const vite = await preview(config())
  cleanups.push(() => vite.close())
  const b = await client(`127.0.0.1:${(vite.httpServer.address() as AddressInfo).port}`)
  await until(() => b.tasks.query().get().length === 1, 'the data is there')
  b.tasks.create({ title: 'too long a title' })
  await until(() => b.rejections.length === 1, 'it is refused')
})

test('a configuration that is named must be there', async () => {
  await expect(createServer({ ...config(), plugins: [ibex({ config: 'none.ts' })] })).rejects.toMatchObject({
    code: 'bad-option',
  })
})
