/** The demo under Vite's dev server, with the package rebuilt as its sources change: `npm run dev`. Arguments go to Vite. */
import { spawn } from 'node:child_process'
import { ensureBuilt } from './build.mjs'
import { demo } from './demo.mjs'
import { ensureInstalled } from './install.mjs'
import { root, tool } from './run.mjs'

await ensureInstalled()
const { code } = await ensureBuilt()
if (code !== 0) process.exit(code)

const start = (/** @type {string} */ path, /** @type {string[]} */ args, /** @type {string} */ cwd) =>
  spawn(process.execPath, [tool(path), ...args], { cwd, stdio: 'inherit' })

const compiler = start('typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'], root)
const vite = start('vite/bin/vite.js', process.argv.slice(2), demo.folder)

process.on('SIGINT', () => {})
process.on('SIGTERM', () => vite.kill('SIGTERM'))
vite.on('exit', (exit) => {
  compiler.kill()
  process.exitCode = exit ?? 0
})
