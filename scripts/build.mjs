/** Builds the package: one JavaScript file and one declaration a source file, in `dist`; see also `bundleFallback`. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureInstalled } from './install.mjs'
import { root, runTool } from './run.mjs'
import { hashOf, remember, remembered } from './stamp.mjs'

const SOURCES = [
  'src',
  'hooks',
  'scripts/build.mjs',
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
  'package-lock.json',
]

/**
 * Builds unless `dist` is newer than its sources already.
 * @param {{ quiet?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function ensureBuilt(options = {}) {
  const wanted = hashOf(SOURCES)
  if (remembered('build') === wanted && existsSync(join(root, 'dist/src/index.js'))) return { code: 0, output: '' }
  if (!options.quiet) console.log('Building the package …')
  remember('build', '')
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  const result = await runTool('typescript/bin/tsc', ['-p', 'tsconfig.build.json'], options)
  if (result.code !== 0) return result
  await bundleFallback()
  remember('build', wanted)
  return result
}

/**
 * Puts what signing in JavaScript takes from its libraries into its own file. A bundler divides an app by modules, and the
 * module with SHA-512, which only this fallback needs, is the one with SHA-256, which everybody loads.
 */
async function bundleFallback() {
  const { build } = await import('esbuild')
  const file = join(root, 'dist/src/crypto/noble.js')
  await build({
    entryPoints: [file],
    outfile: file,
    allowOverwrite: true,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: true,
    legalComments: 'inline',
    logLevel: 'warning',
    plugins: [
      {
        name: 'libraries-only',
        setup: (bundler) =>
          bundler.onResolve({ filter: /^\./ }, ({ path, importer }) =>
            importer === file ? { path, external: true } : undefined,
          ),
      },
    ],
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await ensureInstalled()
  process.exitCode = (await ensureBuilt()).code
}
