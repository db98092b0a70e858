#!/usr/bin/env node
/** The command `ibex`. */
import { createRequire } from 'node:module'
import { Command, InvalidArgumentError } from 'commander'
import { IbexError } from '../errors.js'
import { serve, type ServeOptions } from './serve.js'

/** Seconds that a graceful end may take. */
const PATIENCE = 15

const { version } = createRequire(import.meta.url)('ibex-state/package.json') as { version: string }
const program = new Command('ibex').description('State that syncs: the server of ibex-state.').version(version)

program
  .command('serve')
  .description('serve an app and its data')
  .option('--config <file>', 'schemas, rules and authenticate (default: ibex.config.ts or .js, if there is one)')
  .option('--data <folder>', 'where the data is', 'data')
  .option('--authority <folder>', "where the authority's key is (default: <data>.authority)")
  .option('--static <folder>', 'the built app, to be served too')
  .option('--port <number>', 'the first port to try', portOf, 8080)
  .option('--host <address>', 'the address to listen on (default: all with rules, 127.0.0.1 without)')
  .option('--path <path>', 'where clients connect', '/ibex')
  .option('--origin <origin...>', 'pages of other origins that may connect')
  .option('--trust-proxy', 'believe X-Forwarded-For and X-Forwarded-Host')
  .option('--open', 'serve without rules in production: everybody may read and write everything')
  .action(run)

async function run(options: ServeOptions): Promise<void> {
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
  const server = await serve(options, (line) => console.log(line))
  stop = () => {
    console.log('Shutting down …')
    setTimeout(() => {
      console.error(`Gave up after ${PATIENCE} s. What was acknowledged is on disk.`)
      process.exit(1)
    }, PATIENCE * 1000).unref()
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  if (stopping !== undefined) stop()
}

function portOf(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('A port is 0 to 65535.')
  return port
}

function fail(error: unknown): never {
  if (error instanceof IbexError) console.error(`${error.code}: ${error.message}`)
  else console.error(error)
  process.exit(1)
}

await program.parseAsync().catch(fail)
