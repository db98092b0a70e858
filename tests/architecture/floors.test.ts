import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { PLACES } from './floors.js'
import { findViolations, type Manifest, type Violation } from './rules.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const SKIPPED = new Set(['node_modules', 'dist', 'dist-server', 'test-results'])

function readFolder(folder: string, files: Map<string, string>): Map<string, string> {
  for (const entry of readdirSync(root + folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) readFolder(path, files)
    else if (entry.isFile()) files.set(path, /\.[mc]?[jt]sx?$/.test(path) ? readFileSync(root + path, 'utf8') : '')
  }
  return files
}

const print = ({ rule, path, line, message }: Violation): string => `${path}:${line} ${message} (${rule})`

test('the sources keep to the floors', () => {
  const folders = new Set(PLACES.flatMap(({ paths }) => paths.map((path) => path.split('/')[0] ?? path)))
  const files = new Map<string, string>()
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.isFile()) files.set(entry.name, '')
    else if (folders.has(entry.name)) readFolder(entry.name, files)
  }
  const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as Manifest
  expect(findViolations(files, manifest).map(print)).toEqual([])
})
