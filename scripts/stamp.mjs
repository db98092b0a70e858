/** Remembers, by a hash of what went in, that something was already made, so that the scripts do not make it twice. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.mjs'

const SKIPPED = new Set(['node_modules', 'dist', 'dist-server', '.git'])

/**
 * SHA-256 over names and contents of files and, with all that is in them, folders; what does not exist is left out.
 * @param {readonly string[]} paths relative to the repository
 * @returns {string}
 */
export function hashOf(paths) {
  const hash = createHash('sha256')
  /** @type {(path: string) => void} */
  const add = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false })
    if (stat?.isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) if (!SKIPPED.has(name)) add(`${path}/${name}`)
    } else if (stat) {
      hash.update(`${path}\0${stat.size}\0`).update(readFileSync(join(root, path)))
    }
  }
  paths.forEach(add)
  return hash.digest('hex')
}

// Inside node_modules, so that a fresh install forgets everything that older packages have made.
const file = (/** @type {string} */ name) => join(root, 'node_modules', `.ibex-${name}`)

/** @type {(name: string) => string | undefined} */
export function remembered(name) {
  try {
    return readFileSync(file(name), 'utf8')
  } catch {
    return undefined
  }
}

/** @type {(name: string, hash: string) => void} */
export function remember(name, hash) {
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(file(name), hash)
}
