/** The command and its like as programs of their own, bundled from the sources: a test needs no build. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Bundles a source of this repository; answers the program's path. Inside the repository, so that it finds packages. */
export async function bundle(source: string): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = join(root, 'temp', `program-${process.pid}-${Math.random().toString(36).slice(2)}`)
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'program.mjs')
  await build({
    entryPoints: [join(root, source)],
    outfile: path,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  })
  return { path, remove: () => rm(dirname(path), { recursive: true, force: true }) }
}

export class Program {
  readonly child: ChildProcess
  /** All that it printed. */
  output = ''
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  private readonly waiting = new Set<() => void>()

  constructor(path: string, args: readonly string[], options: { env?: Record<string, string>; cwd?: string } = {}) {
    this.child = spawn(process.execPath, [path, ...args], {
      cwd: options.cwd ?? root,
      env: { ...process.env, NODE_ENV: 'test', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        this.output += text
        for (const look of this.waiting) look()
      })
    }
    this.ended = new Promise((resolve) => this.child.on('close', (code, signal) => resolve({ code, signal })))
    void this.ended.then(() => {
      for (const look of this.waiting) look()
    })
  }

  /** What the first group of `pattern` matched in the output, as soon as it is there. */
  printed(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(this.output)
        if (match) resolve(match[1] ?? match[0])
        else if (this.child.exitCode !== null || this.child.signalCode !== null) {
          reject(new Error(`It ended without ${pattern}:\n${this.output}`))
        } else return
        this.waiting.delete(look)
      }
      this.waiting.add(look)
      look()
    })
  }

  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.child.kill(signal)
    await this.ended
  }
}
