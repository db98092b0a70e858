/** Builds the package: one JavaScript file and one declaration a source file, in `dist`. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureInstalled } from './install.mjs'
import { root, runTool } from './run.mjs'
import { hashOf, remember, remembered } from './stamp.mjs'

const SOURCES = ['src', 'hooks', 'tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json']

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
  if (result.code === 0) remember('build', wanted)
  return result
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await ensureInstalled()
  process.exitCode = (await ensureBuilt()).code
}
