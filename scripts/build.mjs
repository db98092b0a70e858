/** Builds the package: one JavaScript file and one declaration a source file, in `dist`; see also `bundleFallback`. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildDevtoolsDoor } from './devtools-door.mjs'
import { ensureInstalled } from './install.mjs'
import { root, runTool } from './run.mjs'
import { hashOf, remember, remembered } from './stamp.mjs'

const SOURCES = [
  'src',
  'hooks',
  'devtools-extension/dock',
  'devtools-extension/panel',
  'scripts/build.mjs',
  'scripts/devtools-door.mjs',
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
  for (const step of [() => runTool('typescript/bin/tsc', ['-p', 'tsconfig.build.json'], options), buildDevtoolsDoor]) {
    const result = await step(options)
    if (result.code !== 0) return result
  }
  await bundleFallback()
  remember('build', wanted)
  return { code: 0, output: '' }
}

/**
 * Puts all that signing in JavaScript takes, from its libraries and from here, into its own file. A bundler divides an app by
 * modules: the one with SHA-512, which only this fallback needs, is the one with SHA-256, which everybody loads; and what the
 * fallback shares with the entry becomes a chunk of its own. None of it has state or an identity that matters.
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
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await ensureInstalled()
  process.exitCode = (await ensureBuilt()).code
}
