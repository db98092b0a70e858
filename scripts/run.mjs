/** Starts programs for the other scripts. Plain Node: it must work before anything is installed. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

/** The folder of the repository, without a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '')

/** What npm and Debian's Chromium wrapper say about the machine; it is not about us, and hides what is. */
const NOISE = [/^npm warn Unknown user config/, /^npm warn EBADENGINE/, /^\/usr\/bin\/chromium: \d+: \[:/]

/**
 * Runs a program to its end and never rejects: a program that cannot be started has the code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, quiet?: boolean }} [options] quiet: collect what it prints, show nothing
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, options = {}) {
  const { cwd = root, env = {}, quiet = false } = options
  const plain = quiet || !process.stdout.isTTY || process.env['NO_COLOR'] !== undefined
  // Not every tool obeys one of these; what colours are left are taken out below.
  const colour = { NO_COLOR: undefined, FORCE_COLOR: plain ? '0' : '1' }
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...colour, ...env },
      stdio: ['inherit', 'pipe', 'pipe'],
    })
    let output = ''
    for (const [from, to] of /** @type {const} */ ([
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])) {
      let rest = ''
      /** @type {(line: string) => void} */
      const take = (line) => {
        const bare = stripVTControlCharacters(line)
        if (NOISE.some((pattern) => pattern.test(bare))) return
        output += bare
        if (!quiet) to.write(plain ? bare : line)
      }
      from.setEncoding('utf8')
      from.on('data', (/** @type {string} */ text) => {
        const lines = (rest + text).split(/(?<=\n)/)
        rest = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '')
        lines.forEach(take)
      })
      from.on('end', () => rest && take(rest))
    }
    child.on('error', (error) => resolve({ code: 127, output: `${output}${command}: ${error.message}\n` }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** Path of an installed tool's program, to be started with Node itself: no npx, no shell. @param {string} path */
export const tool = (path) => join(root, 'node_modules', path)

/** @type {(path: string, args: readonly string[], options?: Parameters<typeof run>[2]) => ReturnType<typeof run>} */
export const runTool = (path, args, options) => run(process.execPath, [tool(path), ...args], options)

/** @type {(args: readonly string[], options?: Parameters<typeof run>[2]) => ReturnType<typeof run>} */
export function runNpm(args, options) {
  const npm = process.env['npm_execpath']
  return npm?.endsWith('.js') ? run(process.execPath, [npm, ...args], options) : run('npm', args, options)
}
