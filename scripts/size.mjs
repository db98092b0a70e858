/** Bundles the touchstone from the built package as an app would, weighs every chunk and compares with `budget.mjs`. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { apart, budget } from './budget.mjs'
import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { root } from './run.mjs'

/** @typedef {{ fileName: string, code: string, modules: readonly string[], imports: readonly string[], isEntry: boolean }} Chunk */

await ensureInstalled()
const built = await ensureBuilt()
if (built.code !== 0) process.exit(built.code)

const { build } = await import('vite')

/** Modules of each worker's own bundle, by the name of its entry. @type {string[][]} */
const workers = []
const result = await build({
  root,
  configFile: false,
  logLevel: 'error',
  worker: {
    format: 'es',
    plugins: () => [
      {
        name: 'note-modules',
        generateBundle: (_options, bundle) => {
          for (const file of Object.values(bundle))
            if (file.type === 'chunk') workers.push([file.fileName, ...file.moduleIds])
        },
      },
    ],
  },
  build: {
    write: false,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: join(root, 'tests/architecture/touchstone.tsx'),
      external: [/^react(-dom)?(\/|$)/],
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', assetFileNames: '[name][extname]' },
    },
  },
})

/** @type {Map<string, Chunk>} */
const chunks = new Map()
for (const { output } of [result].flat().filter((each) => 'output' in each)) {
  for (const file of output) {
    const { fileName } = file
    if (file.type === 'chunk') {
      chunks.set(fileName, {
        fileName,
        code: file.code,
        modules: file.moduleIds,
        imports: file.imports,
        isEntry: file.isEntry,
      })
    } else if (fileName.endsWith('.js')) {
      const modules = workers.find(([name]) => name === fileName)?.slice(1) ?? []
      chunks.set(fileName, { fileName, code: String(file.source), modules, imports: [], isEntry: false })
    }
  }
}

const first = new Set([...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName))
for (const name of first)
  for (const imported of chunks.get(name)?.imports ?? []) if (chunks.has(imported)) first.add(imported)

let entry = 0
let later = 0
/** @type {[kind: string, bytes: number, name: string][]} */
const rows = []
for (const { fileName, code, modules } of chunks.values()) {
  const bytes = gzipSync(code, { level: 9 }).length
  const aside = first.has(fileName) ? undefined : apart.find(({ module }) => modules.some((id) => module.test(id)))
  if (first.has(fileName)) entry += bytes
  else if (!aside) later += bytes
  const folders = new Set(
    modules
      .map((id) => id.match(/dist[\\/](?:src[\\/])?(\w[\w-]*)|node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/))
      .map((match) => match?.[1] ?? match?.[2]),
  )
  rows.push([
    first.has(fileName) ? 'entry' : aside ? 'apart' : 'later',
    bytes,
    `${fileName}  ${aside?.name ?? [...folders].filter(Boolean).join(' ')}`,
  ])
}

const order = ['entry', 'later', 'apart']
rows.sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0]) || b[1] - a[1])
const number = (/** @type {number} */ bytes) => bytes.toLocaleString('en').padStart(8)
for (const [kind, bytes, name] of rows) console.log(`${kind}  ${number(bytes)} B  ${name}`)

let failed = false
for (const [name, bytes, limit] of /** @type {const} */ ([
  ['entry', entry, budget.entry],
  ['all', entry + later, budget.all],
])) {
  const over = bytes - limit
  failed ||= over > 0
  console.log(
    `${name.padEnd(5)}  ${number(bytes)} B of ${number(limit)} B${over > 0 ? `: ${number(over).trim()} B too much` : ''}`,
  )
}
process.exitCode = failed ? 1 : 0
