/** What can be typed after `ibex`. Each command loads what it needs when it runs. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { IbexError } from '../errors.js'
import { FINE, type Io, TROUBLE } from './io.js'
import type { BisectOptions } from './bisect.js'
import type { ServeOptions } from './serve.js'

/** `serve` runs until it is told to end, which is for whoever owns the process. */
export type Serve = (options: ServeOptions) => Promise<void>

const AT_TIME = new Option('--date <style>', 'how times are shown').choices(['iso', 'relative', 'unix']).default('iso')
const REVISIONS = `
Revisions, as Git has them:
  @, HEAD          now; as an action the newest          3f2a1b    a commit, by as many digits as are enough
  @~3              so many actions before                3f2a1b/2  one of its actions, counted from 0
  @{2 hours ago}   a time, like @{2026-11-22 14:00}      A..B      what lies between
  start            before the first action`

/** Runs a command line; answers the exit code. Never rejects. */
export async function run(args: readonly string[], version: string, io: Io, serve: Serve): Promise<number> {
  let code = FINE
  const program = createProgram(version, io, serve, (given) => (code = given))
  try {
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? FINE : TROUBLE
    io.note(error instanceof IbexError ? `${error.code}: ${error.message}` : String((error as Error)?.stack ?? error))
    return TROUBLE
  }
}

function createProgram(version: string, io: Io, serve: Serve, finish: (code: number) => void): Command {
  const program = new Command('ibex')
    .description('State that syncs: the server of ibex-state, and what happened to its data.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text.replace(/\n$/, '')),
      writeErr: (text) => io.note(text.replace(/\n$/, '')),
    })

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
    .action(serve)

  /** Where to look. */
  const target = (command: Command): Command =>
    command
      .option('--data <folder>', 'where the data is, of a server that runs or not', 'data')
      .option('--server <address>', 'a running server, like ws://localhost:8080/ibex')
      .option('--token <token>', 'who one is to that server (or in the environment: IBEX_TOKEN)')
      .option('--replay <file>', 'a replay file')
      .option('--in <path>', 'the repository (default: /data/main)')
      .option('--config <file>', 'schemas, with their defaults (default: ibex.config.ts or .js, if there is one)')
      .option('--no-config', 'show everything as it is stored')
      .option('--color [when]', 'auto, always or never')
  const look = (usage: string, description: string): Command => target(program.command(usage).description(description))

  look('log [range]', 'what happened, newest first')
    .option('-n, --max-count <number>', 'so many at most', countOf)
    .option('--since <time>', 'after this time')
    .option('--until <time>', 'until this time')
    .option('--author <name>', 'by a user whose name has this in it, or a session that begins so')
    .option('--grep <text>', 'with this text in the label, or in a value that was written')
    .option('--label <label>', 'with this label')
    .option('--schema <name>', 'that touched an item of this schema')
    .option('--item <item>', 'that touched this item: task/t-42, or t-42')
    .option('--field <name>', 'that wrote this field')
    .addOption(new Option('--standing <standing>').choices(['provisional', 'accepted', 'void']))
    .option('--joins', 'with the commits that join and seal others')
    .option('--oneline', 'one line each')
    .option('--graph', 'with the graph of commits')
    .option('-p, --patch', 'with what was changed')
    .option('--reverse', 'oldest first')
    .addOption(AT_TIME)
    .option('--json', 'an object a line')
    .addHelpText('after', REVISIONS)
    .action(async (range, options) => finish(await (await import('./log.js')).log(io, range, options)))

  look('show [what...]', 'actions with what they did (default: @); items as they were: @:, @~5:task, @:task/t-42')
    .addOption(AT_TIME)
    .option('--json', 'an object a line')
    .addHelpText('after', REVISIONS)
    .action(async (what, options) => finish(await (await import('./show.js')).show(io, what, options)))

  look('diff [from] [to]', 'what is different (default: @~1 @); exits with 1 if anything is')
    .option('--schema <name>', 'items of this schema')
    .option('--item <item...>', 'these items')
    .option('--name-only', 'only which items')
    .option('--stat', 'only how much')
    .option('--json', 'an object a line')
    .addHelpText('after', REVISIONS)
    .action(async (from, to, options) => finish(await (await import('./diff.js')).diff(io, given(from, to), options)))

  look('blame <item> [field]', 'who wrote what it holds')
    .option('--at <revision>', 'as it was then')
    .addOption(AT_TIME)
    .option('--json', 'an object a line')
    .action(async (item, field, options) => finish(await (await import('./blame.js')).blame(io, item, field, options)))

  look('revert [actions...]', 'take back what actions did, as a new action; what others did since stays')
    .option('--to <revision>', 'make it look as it did then')
    .option('--last-valid', 'make it look as it did when everything was as it should be')
    .option('--schema <name>', 'with --to and --last-valid: items of this schema')
    .option('--item <item...>', 'with --to and --last-valid: these items')
    .option('--label <label>', 'what it is called')
    .option('--authority <folder>', "where the key of a stopped server's authority is (default: <data>.authority)")
    .addHelpText('after', REVISIONS)
    .action(async (actions, options) => finish(await (await import('./revert.js')).revert(io, actions, options)))

  const bisect = look('bisect', 'find the action that spoiled something; exits with 1 if it is found')
    .option('--expr <expression>', "good where this holds: get('task', 't-42')?.title !== '', items('task').length > 0")
    .option('--run <command>', 'good where this exits with 0, bad with 1 to 127; 125: cannot be judged')
    .option('--good <revision>', 'where it was good (default: the beginning)')
    .option('--bad <revision>', 'where it was bad (default: now)')
    .option('--json', 'the answer as an object')
    .addHelpText('after', REVISIONS)
    .action(async (options) => finish(await (await import('./bisect.js')).bisect(io, options)))
  const byHand = (usage: string, description: string): Command => {
    const command = bisect.command(usage).description(description)
    return command.action(async (...args) => {
      // Options of the command above may stand behind this one.
      const options = command.optsWithGlobals<BisectOptions>()
      finish(await (await import('./bisect.js')).byHand(io, command.name(), args.slice(0, -2) as string[], options))
    })
  }
  byHand('start [bad] [good]', 'begin to search by hand')
  byHand('good [revision]', 'what is shown is good')
  byHand('bad [revision]', 'what is shown is bad')
  byHand('skip [revision]', 'what is shown cannot be judged')
  byHand('run <command>', 'let a command judge the rest')
  byHand('log', 'what was said so far')
  byHand('reset', 'end the search')

  look('verify', 'check every hash, signature, parent, time and seal; exits with 1 if anything is wrong')
    .option('--json', 'an object a line')
    .action(async (options) => finish(await (await import('./verify.js')).verify(io, options)))

  look('export-log [range]', 'every commit as a line of JSON, oldest first')
    .option('--raw', 'with the bytes as they are stored, in base64')
    .addHelpText('after', REVISIONS)
    .action(async (range, options) => finish(await (await import('./export-log.js')).exportLog(io, range, options)))

  const replay = program.command('replay').description('files that hold a range of history')
  /** A command that looks into a file. */
  const inFile = (usage: string, description: string, isDefault: boolean = false): Command =>
    replay
      .command(usage, { isDefault })
      .description(description)
      .option('--authority <key>', 'the public key, in hexadecimal, of who must have certified what is in it')
      .option('--config <file>', 'schemas, with their defaults (default: ibex.config.ts or .js, if there is one)')
      .option('--no-config', 'show everything as it is stored')
      .option('--color [when]', 'auto, always or never')
  inFile('show <file>', 'what is in it, and whether it holds; exits with 1 if not', true)
    .option('--json', 'as an object')
    .action(async (file, options) => finish(await (await import('./replay.js')).replayShow(io, file, options)))
  inFile('play <file>', 'what happened, as it happened')
    .option('--speed <number>', 'so many times faster', numberOf, 1)
    .option('--idle <seconds>', 'shorten longer pauses to this', numberOf, 1)
    .option('-p, --patch', 'with what was changed')
    .addOption(AT_TIME)
    .action(async (file, options) => finish(await (await import('./replay.js')).replayPlay(io, file, options)))
  inFile('test <file> [out]', 'make a test of it')
    .option('--schemas <statement>', "imports the app's schemas: \"import { schemas } from '../src/schemas'\"")
    .action(async (file, out, options) =>
      finish(await (await import('./replay.js')).replayTest(io, file, out, options)),
    )
  target(replay.command('record <file> [range]').description('write a range of history into it'))
    .option('--title <title>', 'what it shows')
    .option(
      '--redact <names...>',
      'leave out items of a schema (task), or what was done to those with a field (task.title)',
    )
    .option('--authority <folder>', 'where the key is that signs a recording of a folder (default: <data>.authority)')
    .addHelpText('after', REVISIONS)
    .action(async (file, range, options) =>
      finish(await (await import('./replay.js')).replayRecord(io, file, range, options)),
    )

  return program
}

function given(...values: (string | undefined)[]): string[] {
  return values.flatMap((value) => value ?? [])
}

function portOf(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('A port is 0 to 65535.')
  return port
}

function numberOf(text: string): number {
  const number = Number(text)
  if (!(number > 0)) throw new InvalidArgumentError('It is a number above 0.')
  return number
}

function countOf(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 0) throw new InvalidArgumentError('It is a whole number from 0.')
  return count
}
