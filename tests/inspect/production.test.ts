/** What of the devtools is in an app's bundle: in production nothing, unless the app says so. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build as bundle } from 'esbuild'
import { build } from 'vite'
import { doors } from '../../vitest.config.js'

const ROOT = new URL('../..', import.meta.url).pathname
let folder: string
beforeAll(() => {
  mkdirSync(join(ROOT, 'temp'), { recursive: true })
  folder = mkdtempSync(join(ROOT, 'temp/bundles-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const APP = `import { createStore, defineSchema, field } from 'ibex-state'
export const store = createStore({ schemas: [defineSchema('task', { title: field.string() })], server: false })`
const OPEN = `import { createStore, defineSchema, field } from 'ibex-state'
import { inspectable } from 'ibex-state/inspect'
export const store = createStore({ schemas: [defineSchema('task', { title: field.string() })], devtools: inspectable() })`

interface Bundle {
  readonly code: string
  /** Those of the package that are in it, relative to the repository. */
  readonly modules: readonly string[]
}

async function bundleOf(name: string, source: string, mode: 'production' | 'development'): Promise<Bundle> {
  const entry = join(folder, `${name}.ts`)
  writeFileSync(entry, source)
  const result = await build({
    configFile: false,
    root: ROOT,
    mode,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    resolve: { alias: doors },
    worker: { format: 'es' },
    build: {
      write: false,
      minify: true,
      rolldownOptions: {
        input: entry,
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'app.js', chunkFileNames: '[name].js' },
      },
    },
  })
  const chunks = [result].flat().flatMap((each) => ('output' in each ? each.output : []))
  return {
    code: chunks.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('\n'),
    modules: chunks.flatMap((chunk) =>
      chunk.type === 'chunk' ? chunk.moduleIds.map((id) => id.slice(ROOT.length)) : [],
    ),
  }
}

const inspecting = ({ modules }: Bundle): string[] => modules.filter((id) => id.startsWith('src/inspect'))

describe('a bundle', () => {
  test('for production holds nothing of the devtools, and does not name their registry', async () => {
    const app = await bundleOf('app', APP, 'production')
    expect(inspecting(app)).toEqual([])
    expect(app.code).not.toContain('ibex-state.devtools')
    expect(app.code).not.toMatch(/\bprocess\.env\b/)
  })

  test('for development has the announcement, and the rest in a chunk that a panel has loaded', async () => {
    const modules = inspecting(await bundleOf('app', APP, 'development'))
    expect(modules).toContain('src/inspect/announce.ts')
    expect(modules).toContain('src/inspect/agent.ts')
  })

  test('for production of an app that says inspectable() has both', async () => {
    const modules = inspecting(await bundleOf('open', OPEN, 'production'))
    expect(modules).toContain('src/inspect/announce.ts')
    expect(modules).toContain('src/inspect/agent.ts')
  })

  test('of another bundler is without them too', async () => {
    const entry = join(folder, 'app.ts')
    writeFileSync(entry, APP)
    const { metafile, outputFiles } = await bundle({
      entryPoints: [entry],
      absWorkingDir: ROOT,
      outdir: folder,
      alias: { 'ibex-state': join(ROOT, 'src/index.ts') },
      bundle: true,
      splitting: true,
      format: 'esm',
      minify: true,
      write: false,
      metafile: true,
      define: { 'process.env.NODE_ENV': '"production"' },
      logLevel: 'silent',
    })
    const kept = Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    )
    expect(kept.filter((path) => path.startsWith('src/inspect'))).toEqual([])
    for (const { text } of outputFiles) expect(text).not.toContain('ibex-state.devtools')
  })
})
