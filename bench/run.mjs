/**
 * `npm run bench`: installs what is to be compared, once, bundles the benchmarks and runs them.
 *
 *   --only <question>[,…]   some questions; --list names them
 *   --peers <library>[,…]   some libraries, beside the floor and Ibex
 *   --rounds <n>            default 5; with --quick 1
 *   --quick                 short measurements: for a look, not for a verdict
 *   --json                  everything as JSON
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureInstalled } from '../scripts/install.mjs'
import { root, runNpm } from '../scripts/run.mjs'

const folder = join(root, 'bench')
/** Its own for each run, so that runs do not disturb each other. */
const built = join(folder, 'node_modules', process.env['BENCH_BUILD'] ?? `.bench-${process.pid}`)

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    peers: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
})

/** Whether everything that the lockfile names is there. */
function isInstalled() {
  const read = (/** @type {string} */ file) =>
    /** @type {{ packages: Record<string, { version?: string, optional?: boolean }> }} */ (
      JSON.parse(readFileSync(join(folder, file), 'utf8'))
    ).packages
  try {
    const installed = read('node_modules/.package-lock.json')
    return Object.entries(read('package-lock.json')).every(
      ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
    )
  } catch {
    return false
  }
}

async function installPeers() {
  if (isInstalled()) return
  console.error(
    'Installing the libraries to compare with (npm ci in bench/; better-sqlite3 may take minutes to compile) …',
  )
  const flags = ['ci', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error']
  const { code } = await runNpm(flags, { cwd: folder, quiet: true })
  if (code === 0) return
  console.error('A package could not be built here. Installing without what must be compiled: SQLite will not answer.')
  const again = await runNpm([...flags, '--ignore-scripts'], { cwd: folder })
  if (again.code !== 0) process.exit(again.code)
}

/** The server for Yjs imports a database that it uses only when it is told to, and that must be compiled. */
const withoutLevelDb = {
  name: 'without-leveldb',
  setup: (/** @type {import('esbuild').PluginBuild} */ { onResolve, onLoad }) => {
    onResolve({ filter: /^@y\/websocket-server\/utils$/ }, () => ({
      path: join(folder, 'node_modules/@y/websocket-server/src/utils.js'),
    }))
    onResolve({ filter: /^y-leveldb$/ }, ({ path }) => ({ path, namespace: 'absent' }))
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'export const LeveldbPersistence = undefined' }))
  },
}

async function bundle() {
  const { build } = await import('esbuild')
  rmSync(built, { recursive: true, force: true })
  if (!process.env['BENCH_BUILD']) process.on('exit', () => rmSync(built, { recursive: true, force: true }))
  const files = (/** @type {string} */ name) =>
    readdirSync(join(folder, name))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, name, file))
  await build({
    entryPoints: [
      ...['harness.ts', 'child.ts', 'write-history.ts'].map((file) => join(folder, file)),
      ...files('questions'),
      ...files('peers'),
      ...files('past'),
    ],
    outdir: built,
    outbase: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'error',
    // The sources themselves, so that nothing need be built before.
    alias: { 'ibex-state': join(root, 'src/index.ts') },
    plugins: [withoutLevelDb],
  })
}

await ensureInstalled()
await installPeers()
await bundle()

const harness = /** @type {typeof import('./harness.ts')} */ (
  await import(pathToFileURL(join(built, 'harness.js')).href)
)
const list = (/** @type {string[]} */ texts) => texts.flatMap((text) => text.split(',')).filter(Boolean)
const only = list(values.only)
const names = (await harness.allQuestions()).map(({ name }) => name)
const unknown = only.find((name) => !names.includes(name))
if (values.list) console.log(names.join('\n'))
else if (unknown !== undefined) {
  console.error(`There is no question "${unknown}". Questions: ${names.join(', ')}.`)
  process.exitCode = 1
} else {
  const met = await harness.bench({
    only,
    peers: list(values.peers),
    rounds: Number(values.rounds ?? (values.quick ? 1 : 5)),
    effort: values.quick ? { warm: 60, measure: 100 } : { warm: 250, measure: 400 },
    json: values.json,
  })
  if (!met) process.exitCode = 1
}
