/** `ibex replay`: records a range into a file; shows, plays and checks such a file, and makes a test of it. */
import { writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { IbexError } from '../errors.js'
import type { Redact } from '../history/redact.js'
import { writeReplayTest } from '../store/copy-as-test.js'
import type { Replay, ReplayInside } from '../store/open-replay.js'
import { type DateStyle, formatTime } from './dates.js'
import { FINE, FOUND, type Io } from './io.js'
import { painter } from './paint.js'
import { entryChanges, entryHead, entryLine, type EntryStyle } from './print-entry.js'
import { printText, stringify } from './print-value.js'
import { openReplay, readReplay, replayPorts } from './replay-file.js'
import { createRevisions } from './revision.js'
import type { Target, TargetOptions } from './replica-target.js'
import { schemasOf, withTarget } from './target.js'

export interface ReplayOptions {
  readonly authority?: string | undefined
  readonly config?: string | false | undefined
  readonly json?: boolean | undefined
  readonly color?: string | boolean | undefined
}

/** What is in a file, and how far it can be believed; 1 where it does not hold. */
export async function replayShow(io: Io, file: string, options: ReplayOptions): Promise<number> {
  const replay = await tryOpen(io, file, options)
  if (replay instanceof IbexError) {
    if (options.json) io.out(stringify({ ok: false, code: replay.code, message: replay.message }))
    else io.out(`${painter(io, options.color)('removed', 'bad')} ${replay.code}: ${replay.message}`)
    return FOUND
  }
  try {
    const { info, history, from, to } = replay
    const actions = history.place(to).position - history.place(from).position
    if (options.json) {
      io.out(stringify({ ok: true, ...info, from, to, actions }))
      return FINE
    }
    const timeline = history.timeline({ since: from, until: to })
    const [first] = timeline.slice(0, 1)
    const times = [first?.at ?? 0, history.place(to).time].map((time) => formatTime(time, 'iso', io.now()))
    if (info.title) io.out(painter(io, options.color)('head', printText(info.title)))
    io.out(`Repository: ${info.repository}`)
    io.out(`Recorded:   ${formatTime(info.recordedAt, 'iso', io.now())} by ${printText(info.recordedBy)}`)
    io.out(`Range:      ${history.complete ? 'from the beginning' : times[0]} to ${times[1]}`)
    io.out(`Holds:      ${actions} actions in ${info.commits} commits, ${info.sealed} of them sealed`)
    if (info.redacted > 0) io.out(`Left out:   ${info.redacted} times what was done to an item`)
    io.out(`Authority:  ${info.authority ?? 'none'}${info.trust === 'as in the file' ? ' (as the file says)' : ''}`)
    io.out(`${painter(io, options.color)('added', 'good')} every hash and signature holds`)
    return FINE
  } finally {
    replay.close()
  }
}

export interface RecordOptions extends TargetOptions {
  readonly title?: string | undefined
  readonly redact?: readonly string[] | undefined
}

/** Writes a range of what the options name into a file. */
export function replayRecord(io: Io, file: string, range: string | undefined, options: RecordOptions): Promise<number> {
  const write = async ({ store, history, opened }: Target): Promise<number> => {
    const { graph, options: journal } = opened.journal
    const revisions = createRevisions(history, graph, io.now())
    const { title, redact } = options
    const bytes = await store.record(revisions.range(range), { title, redact: redact && redactNamed(redact) })
    await writeFile(resolve(io.cwd, file), bytes)
    io.out(`${file}: ${bytes.length} bytes`)
    const known = journal.sessions.get(opened.repository.session)
    if (!known?.certificate && journal.sessions.authoritySession !== known?.id) {
      io.note('It is signed by nobody whom the authority knows: what came before the range is only said in it.')
    }
    return FINE
  }
  return withTarget(io, options, write, 'sign')
}

/** `task` hides all items of a schema, `task.title` all that was done to one together with its title. */
function redactNamed(names: readonly string[]): Redact {
  const hidden = new Set(names)
  return ({ schema, field }) => hidden.has(schema) || hidden.has(`${schema}.${field}`)
}

export interface PlayOptions extends ReplayOptions {
  readonly speed: number
  /** Seconds that a pause takes at most. */
  readonly idle: number
  readonly patch?: boolean | undefined
  readonly date: DateStyle
}

/** Prints what happened as it happened. */
export async function replayPlay(io: Io, file: string, options: PlayOptions): Promise<number> {
  const replay = await open(io, file, options)
  try {
    const { history, opened, from, to } = replay
    const revisions = createRevisions(history, opened.journal.graph, io.now())
    const style: EntryStyle = { revisions, paint: painter(io, options.color), date: options.date, now: io.now() }
    const timeline = history.timeline({ since: from, until: to, standing: ['accepted', 'provisional'] })
    let before: number | undefined
    for (const entry of timeline.slice(0, timeline.count)) {
      const pause = before === undefined ? 0 : Math.max(0, entry.at - before) / options.speed
      before = entry.at
      await sleep(Math.min(pause, options.idle * 1000))
      const lines = options.patch
        ? [...entryHead(entry, style), ...entryChanges(entry, style), '']
        : [entryLine(entry, style)]
      for (const line of lines) io.out(line)
    }
    return FINE
  } finally {
    replay.close()
  }
}

export interface TestOptions extends ReplayOptions {
  /** See `CopyAsTestOptions`. */
  readonly schemas?: string | undefined
}

/** Writes a test, and beside it the recording that it opens, if it is not small. */
export async function replayTest(io: Io, file: string, out: string | undefined, options: TestOptions): Promise<number> {
  const bytes = await readReplay(io, file)
  const schemas = options.schemas === undefined ? undefined : await schemasOf(io, options)
  const test = await writeReplayTest(bytes, schemas, { schemas: options.schemas }, replayPorts())
  const name = out ?? `${basename(file, extname(file))}.test.ts`
  await writeFile(resolve(io.cwd, name), test.code)
  io.out(name)
  if (test.file) {
    const beside = join(dirname(name), test.file.name)
    await writeFile(resolve(io.cwd, beside), test.file.bytes)
    io.out(beside)
  }
  return FINE
}

/** With the schemas of the configuration, where there is one. */
async function open(io: Io, file: string, options: ReplayOptions): Promise<Replay & ReplayInside> {
  const schemas = await schemasOf(io, options)
  return openReplay(io, file, { authority: options.authority, ...(schemas.length > 0 && { schemas }) })
}

/** What is wrong with what the file holds is an answer, not trouble. */
async function tryOpen(io: Io, file: string, options: ReplayOptions): Promise<(Replay & ReplayInside) | IbexError> {
  try {
    return await open(io, file, options)
  } catch (error) {
    if (error instanceof IbexError && error.code !== 'bad-option' && error.code !== 'malformed-id') return error
    throw error
  }
}
