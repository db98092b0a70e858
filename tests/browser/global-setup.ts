/**
 * Before the first test: bundles the server's program and the pages, once for all workers. Programs of their own, so
 * that they can be killed; made from the sources, so that no build is needed.
 */
import react from '@vitejs/plugin-react'
import { build as bundle } from 'esbuild'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { doors } from '../../vitest.config.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = join(root, 'tests/browser/pages')

const buildPages = (outDir: string, mode: 'production' | 'development', names: readonly string[]): Promise<unknown> =>
  build({
    configFile: false,
    root: pages,
    base: './',
    mode,
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    logLevel: 'error',
    plugins: [react()],
    resolve: { alias: doors },
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: false,
      reportCompressedSize: false,
      rolldownOptions: { input: names.map((name) => join(pages, `${name}.html`)) },
    },
  })

// Playwright takes it as the default export.
// oxlint-disable-next-line import/no-default-export
export default async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'ibex-browser-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  // So that the program finds its packages.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const made = Promise.all([
    bundle({
      entryPoints: [join(root, 'src/cli/main.ts')],
      outfile: join(folder, 'ibex.mjs'),
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'silent',
    }),
    buildPages(join(folder, 'site'), 'production', ['app', 'blank', 'crypto', 'storage']),
    // Only builds for development let devtools look into their stores.
    buildPages(join(folder, 'site'), 'development', ['inspected']),
  ])
  await made.catch((error: unknown) => {
    remove()
    throw error
  })
  process.env['IBEX_BROWSER_WORLD'] = folder
  return remove
}
