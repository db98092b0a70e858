/** Sees to it that `node_modules` holds what `package-lock.json` names, so that every npm script works right after `git clone`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, runNpm } from './run.mjs'
import { hashOf, remember, remembered } from './stamp.mjs'

/** @typedef {{ packages: Record<string, { version?: string, link?: boolean, optional?: boolean, devOptional?: boolean }> }} Lock */

/** Whether what npm says it has installed in a folder is what the lockfile names, whoever has run npm. @param {string} folder */
function isInstalled(folder) {
  try {
    const read = (/** @type {string} */ path) =>
      /** @type {Lock} */ (JSON.parse(readFileSync(join(folder, path), 'utf8')))
    const { packages: installed } = read('node_modules/.package-lock.json')
    return Object.entries(read('package-lock.json').packages).every(
      ([path, { version, link, optional, devOptional }]) =>
        path === '' || link || optional || devOptional || installed[path]?.version === version,
    )
  } catch {
    return false
  }
}

/** Runs `npm ci` if something is missing or the lockfile has changed. Ends the process when npm fails. */
export async function ensureInstalled() {
  const [major = 0] = process.versions.node.split('.').map(Number)
  if (major < 20) {
    console.error(`Ibex needs Node 20 or newer; this is ${process.version}.`)
    process.exit(1)
  }
  const wanted = hashOf(['package-lock.json'])
  if (remembered('lock') === wanted) return
  if (!isInstalled(root)) {
    console.log('Installing the packages that package-lock.json names (npm ci) …')
    const { code } = await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
    if (code !== 0) process.exit(code)
  }
  remember('lock', wanted)
}

/** Storybook and what belongs to it: a newcomer who only starts the demo need not wait for them. Ends the process when npm fails. */
export async function ensureStoriesInstalled() {
  const folder = join(root, 'stories')
  if (isInstalled(folder)) return
  console.log('Installing Storybook (npm ci in stories/) …')
  const { code } = await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder })
  if (code !== 0) process.exit(code)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await ensureInstalled()
