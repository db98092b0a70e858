#!/usr/bin/env node
/** The command `ibex`. */
import { createRequire } from 'node:module'
import type { Io } from './io.js'
import { run } from './program.js'
import type { ServeOptions } from './serve.js'

/** Seconds that a graceful end may take. */
const PATIENCE = 15

const { version } = createRequire(import.meta.url)('ibex-state/package.json') as { version: string }

const io: Io = {
  cwd: process.cwd(),
  env: process.env,
  terminal: process.stdout.isTTY,
  out: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  now: () => Date.now(),
}

async function serve(options: ServeOptions): Promise<void> {
  let stop = (): void => process.exit(130)
  let stopping: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Some launchers pass on what the terminal has sent already. Who asks again later means at once.
      if (stopping !== undefined && Date.now() - stopping < 1000) return
      if (stopping !== undefined) process.exit(130)
      stopping = Date.now()
      stop()
    })
  }
  // A mistake in what one client asked for must not end the server of all others.
  process.on('unhandledRejection', (error) => console.error('Something went wrong, and the server goes on:', error))
  const { serve: start } = await import('./serve.js')
  const server = await start(options, (line) => console.log(line))
  const ended = new Promise<void>((done) => {
    stop = () => {
      console.log('Shutting down …')
      setTimeout(() => {
        console.error(`Gave up after ${PATIENCE} s. What was acknowledged is on disk.`)
        process.exit(1)
      }, PATIENCE * 1000).unref()
      done()
    }
  })
  if (stopping !== undefined) stop()
  await ended
  await server.close()
}

// Who reads only the first lines has had enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
const code = await run(process.argv.slice(2), version, io, serve)
// What is still on its way to whoever reads comes first; nothing else that runs is waited for.
process.stdout.write('', () => process.exit(code))
