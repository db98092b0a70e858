/** The process of one answer: `child.js <question> <variant> <peer> <effort>`. Prints the answer as a line of JSON. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { loadPeer, type Effort, type Question } from './question.js'

const [questionName, key, peerName, effort] = process.argv.slice(2) as [string, string, string, string]

/** The version of an installed package. */
function versionOf(name: string): string {
  if (name === 'ibex-state') return read(join(import.meta.dirname, '../../../package.json')).version
  let folder = dirname(createRequire(import.meta.url).resolve(name))
  for (;;) {
    try {
      const found = read(join(folder, 'package.json'))
      if (found.name === name) return found.version
    } catch {
      // Further up.
    }
    const up = dirname(folder)
    if (up === folder) return '?'
    folder = up
  }
}

function read(file: string): { readonly name: string; readonly version: string } {
  return JSON.parse(readFileSync(file, 'utf8')) as { readonly name: string; readonly version: string }
}

const { question } = (await import(new URL(`questions/${questionName}.js`, import.meta.url).href)) as {
  readonly question: Question
}
const peer = await loadPeer(peerName)
const variant = question.variants.find((each) => each.key === key)!
const answer = await question.run(peerName, variant, JSON.parse(effort) as Effort)
const versions = Object.fromEntries(peer.packages.map((name) => [name, versionOf(name)]))
process.stdout.write(`\n@answer ${JSON.stringify({ ...answer, name: peer.name, note: peer.note, versions })}\n`)
process.exit(0)
