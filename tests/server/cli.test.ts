import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { bundle, Program } from './program.js'
import { socketClient, until } from './socket-client.js'

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url))
let program: Awaited<ReturnType<typeof bundle>>
let folder: string
const running: Program[] = []
beforeAll(async () => void (program = await bundle('src/cli/main.ts')))
afterAll(() => program.remove())
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ibex-cli-'))))
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.end()))
  await rm(folder, { recursive: true, force: true })
})

function ibex(args: readonly string[], env: Record<string, string> = {}): Program {
  const started = new Program(program.path, args, { cwd: folder, env })
  running.push(started)
  return started
}

/** In plain data, so that it loads without a built package. */
const CONFIG = `
const owners: Record<string, string> = { t: 'owner' }
export default {
  schemas: [],
  rules: [{ pattern: '/data/*', read: () => true, write: () => owners['t'] !== undefined || 'No.' }],
}
`

test('ibex serve says where it is, serves, and ends with 0 when it is asked to', async () => {
  await mkdir(join(folder, 'app'))
  await writeFile(join(folder, 'app/index.html'), 'hello')
  const server = ibex(['serve', '--port', '0', '--static', 'app'])
  const url = await server.printed(/Ibex serves (http:\S+)/)
  expect(await (await fetch(url)).text()).toBe('hello')
  expect((await fetch(`${url}healthz`)).status).toBe(200)
  expect(await server.printed(/data\s+(\S+)/)).toBe(join(folder, 'data'))
  expect(await server.printed(/rules\s+(.*)/)).toContain('everybody')
  const client = await socketClient(await server.printed(/sync\s+(ws:\S+)/))
  client.tasks.create({ title: 'one' })
  await client.store.synced()
  server.child.kill('SIGTERM')
  expect(await server.ended).toEqual({ code: 0, signal: null })
  await client.store.close()
  expect((await readdir(folder)).sort()).toEqual(['app', 'data', 'data.authority'])
  const again = ibex(['serve', '--port', '0'])
  const late = await socketClient(await again.printed(/sync\s+(ws:\S+)/))
  await until(() => late.store.status().complete, 'everything is there')
  expect(late.tasks.query().get()).toHaveLength(1)
  await late.store.close()
  again.child.kill('SIGINT')
  expect((await again.ended).code).toBe(0)
})

test('a configuration in TypeScript is found and read by the tools that the app has', async () => {
  await writeFile(join(folder, 'ibex.config.ts'), CONFIG)
  for (const tool of ['esbuild', 'vite']) {
    await rm(join(folder, 'node_modules'), { recursive: true, force: true })
    await mkdir(join(folder, 'node_modules'))
    await symlink(join(packages, tool), join(folder, 'node_modules', tool))
    const server = ibex(['serve', '--port', '0', '--data', tool])
    expect(await server.printed(/rules\s+from (\S+)/)).toBe(join(folder, 'ibex.config.ts'))
    server.child.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
  }
})

test('a configuration in JavaScript is read as it is; what is wrong with one is said', async () => {
  await writeFile(join(folder, 'good.mjs'), CONFIG.replace(': Record<string, string>', ''))
  const server = ibex(['serve', '--port', '0', '--config', 'good.mjs'])
  expect(await server.printed(/rules\s+from (\S+)/)).toBe(join(folder, 'good.mjs'))
  await writeFile(join(folder, 'bad.mjs'), 'export default 5')
  await writeFile(join(folder, 'broken.ts'), 'export default {')
  for (const [file, message] of [
    ['bad.mjs', /must say: export default defineConfig/],
    ['none.mjs', /There is no configuration file/],
    ['broken.ts', /could not be read/],
  ] as const) {
    const failed = ibex(['serve', '--port', '0', '--config', file])
    expect((await failed.ended).code).toBe(2)
    expect(failed.output).toMatch(/^bad-option: /m)
    expect(failed.output).toMatch(message)
  }
})

test('a busy port moves on and says so', async () => {
  const first = ibex(['serve', '--port', '0', '--data', 'a'])
  const port = Number(new URL(await first.printed(/Ibex serves (http:\S+)/)).port)
  const second = ibex(['serve', '--port', String(port), '--data', 'b'])
  const taken = Number(new URL(await second.printed(/Ibex serves (http:\S+)/)).port)
  expect(taken).toBeGreaterThan(port)
  expect(second.output).toContain(`Port ${port} is busy`)
})

test('in production it refuses to serve without rules, and says why', async () => {
  const refused = ibex(['serve', '--port', '0'], { NODE_ENV: 'production' })
  expect((await refused.ended).code).toBe(2)
  expect(refused.output).toMatch(/^unsafe-production: .*--open/m)
  const meant = ibex(['serve', '--port', '0', '--open'], { NODE_ENV: 'production' })
  await meant.printed(/Ibex serves/)
})

test('beside a server that runs, on it, and after it, the same command line shows what happened', async () => {
  const server = ibex(['serve', '--port', '0'])
  const address = await server.printed(/sync\s+(ws:\S+)/)
  const client = await socketClient(address)
  client.store.transact(() => client.tasks.create({ title: 'one' }, { id: 'one' }), { label: 'Add one' })
  await client.store.synced()
  const show = async (...args: string[]): Promise<{ code: number | null; output: string }> => {
    const program = ibex(args)
    return { code: (await program.ended).code, output: program.output }
  }
  const log = { code: 0, output: expect.stringMatching(/^[0-9a-f]{8} Add one create task one\n$/) as string }
  expect(await show('log', '--oneline')).toEqual(log)
  expect(await show('log', '--oneline', '--server', address)).toEqual(log)
  expect(await show('diff', 'start', '@')).toEqual({ code: 1, output: 'task one (created)\n+ title: "one"\n' })
  expect(await show('revert', '@')).toMatchObject({ code: 2, output: expect.stringContaining('storage-fenced: ') })
  expect(await show('revert', '@', '--server', address)).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^[0-9a-f]{8} Revert "Add one" delete task one\n$/),
  })
  await until(() => client.tasks.get('one') === undefined, 'it is taken back')
  client.tasks.restore('one')
  await client.store.synced()
  await client.store.close()
  server.child.kill('SIGTERM')
  expect((await server.ended).code).toBe(0)
  expect(await show('log', '-n', '1', '--oneline')).toMatchObject({
    output: expect.stringContaining('restore task one'),
  })
  expect((await show('revert', '@')).code).toBe(0)
  expect((await show('verify')).output).toMatch(/^good \d commits verified/)
  expect((await show('log', '--nothing')).code).toBe(2)
  expect((await show('log', '--data', 'nowhere')).code).toBe(2)
})

test('who reads only the first lines has had enough', async () => {
  const server = ibex(['serve', '--port', '0'])
  const client = await socketClient(await server.printed(/sync\s+(ws:\S+)/))
  for (let i = 0; i < 200; i++) client.tasks.create({ title: `Task ${i} ${'x'.repeat(2000)}` })
  await client.store.synced()
  await client.store.close()
  const shell = spawn('sh', ['-c', `"${process.execPath}" "${program.path}" log -p; echo "ended: $?" >&2`], {
    cwd: folder,
  })
  let said = ''
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  shell.stdout.once('data', () => shell.stdout.destroy())
  await new Promise((resolve) => shell.on('close', resolve))
  expect(said).toBe('ended: 0\n')
})

test('it explains itself', async () => {
  const help = ibex(['serve', '--help'])
  expect((await help.ended).code).toBe(0)
  for (const option of ['config', 'data', 'authority', 'static', 'port', 'host', 'path', 'open']) {
    expect(help.output).toContain(`--${option}`)
  }
  const version = ibex(['--version'])
  expect((await version.ended).code).toBe(0)
  expect(version.output).toMatch(/^\d+\.\d+\.\d+/)
  const wrong = ibex(['serve', '--port', 'many'])
  expect((await wrong.ended).code).toBe(2)
})
