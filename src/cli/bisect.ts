/**
 * `ibex bisect`: finds the action that spoiled something: by an expression, by a command, or by hand, step by step, as
 * `git bisect` does. What is known between the steps is kept in a file where the command runs.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'
import { IbexError } from '../errors.js'
import { type Moment, START } from '../history/moment.js'
import type { Past, TimelineEntry } from '../store/history/face.js'
import { leftToJudge, nextPlace, type Search } from './bisect-search.js'
import { FINE, FOUND, type Io } from './io.js'
import { painter } from './paint.js'
import { entryChanges, entryHead, entryLine, type EntryStyle } from './print-entry.js'
import { stringify } from './print-value.js'
import { createRevisions, type Revisions } from './revision.js'
import { stateAt } from './state.js'
import type { Target, TargetOptions } from './replica-target.js'
import { withTarget } from './target.js'

const FILE = '.ibex-bisect.json'

export interface BisectOptions extends TargetOptions {
  readonly good?: string | undefined
  readonly bad?: string | undefined
  readonly expr?: string | undefined
  readonly run?: string | undefined
  readonly json?: boolean | undefined
  readonly color?: string | boolean | undefined
}

type Verdict = 'good' | 'bad' | 'skip'

/** What is known between two steps by hand. */
interface Kept {
  readonly target: TargetOptions
  readonly good: Moment
  readonly bad: Moment
  readonly skipped: readonly Moment[]
  /** As they were given, for `bisect log`. */
  readonly said: readonly string[]
}

/** By an expression or a command, from `good` to `bad`. */
export function bisect(io: Io, options: BisectOptions): Promise<number> {
  const { expr, run } = options
  if ((expr === undefined) === (run === undefined)) {
    throw new IbexError(
      'bad-option',
      'Say how to tell good from bad: --expr <expression>, or --run <command>; or by hand: ibex bisect start.',
    )
  }
  return withTarget(io, options, async (target) => {
    const { revisions } = stepsOf(io, target)
    const good = options.good === undefined ? START : revisions.moment(options.good)
    const bad = options.bad === undefined ? target.history.now() : revisions.moment(options.bad)
    const judge = expr === undefined ? byCommand(io, target, run!) : byExpression(target, expr)
    return search(io, target, options, good, bad, judge)
  })
}

async function search(
  io: Io,
  target: Target,
  options: Pick<BisectOptions, 'json' | 'color'>,
  good: Moment,
  bad: Moment,
  judge: (moment: Moment) => Verdict | Promise<Verdict>,
  already: readonly Moment[] = [],
): Promise<number> {
  const { revisions, lineOf } = stepsOf(io, target, options)
  const { placeOf, entryAt } = revisions
  let left: Search = { good: placeOf(good), bad: placeOf(bad), skipped: new Set(already.map(placeOf)) }
  requireOrder(left)
  const end = await judge(bad)
  if (end === 'skip') throw new IbexError('bad-option', 'The bad end cannot be judged. Give another one.')
  if (end === 'good') {
    io.out(options.json ? stringify({ found: null }) : 'It is not bad at the end: there is nothing to find.')
    return FINE
  }
  for (let place = nextPlace(left); place !== undefined; place = nextPlace(left)) {
    const verdict = await judge(entryAt(place).moment!)
    if (!options.json) io.note(`${verdict.padEnd(4)} ${lineOf(place)}`)
    left = judged(left, place, verdict)
  }
  return report(io, target, options, left)
}

function judged({ good, bad, skipped }: Search, place: number, verdict: Verdict): Search {
  if (verdict === 'good') return { good: place, bad, skipped }
  if (verdict === 'bad') return { good, bad: place, skipped }
  return { good, bad, skipped: new Set([...skipped, place]) }
}

function report(io: Io, target: Target, options: Pick<BisectOptions, 'json' | 'color'>, { good, bad }: Search): number {
  const { style, revisions, lineOf } = stepsOf(io, target, options)
  const suspects = Array.from({ length: bad - good }, (_, i) => revisions.entryAt(good + 1 + i))
  if (options.json) {
    const ids = suspects.map(({ id }) => id)
    io.out(stringify(ids.length === 1 ? { found: ids[0] } : { found: null, suspects: ids }))
  } else if (suspects.length === 1) {
    const [entry] = suspects as [TimelineEntry]
    io.out(`${style.paint('id', revisions.nameOf(entry))} is the first bad action`)
    for (const line of [...entryHead(entry, style), ...entryChanges(entry, style)]) io.out(line)
  } else {
    io.out('Only what was skipped is left. The first bad action could be any of:')
    for (let place = good + 1; place <= bad; place++) io.out(lineOf(place))
  }
  return FOUND
}

/** Throws what the expression throws, as trouble: whether it holds is not known then. */
function byExpression({ history, schemas }: Target, expression: string): (moment: Moment) => Verdict {
  let holds: (...names: unknown[]) => unknown
  try {
    holds = compileFunction(`return (${expression}\n)`, ['items', 'get']) as typeof holds
  } catch (cause) {
    throw new IbexError('bad-option', `--expr: ${String(cause)}`, { cause })
  }
  let past: Past | undefined
  const schemaOf = (name: string): (typeof schemas)[number] => {
    const schema = schemas.find((each) => each.name === name)
    if (schema) return schema
    const known = schemas.map((each) => each.name).join(', ')
    throw new IbexError('unknown-schema', `--expr: there is no '${name}' here. There are ${known}.`)
  }
  return (moment) => {
    if (past) past.seek(moment)
    else past = history.checkout(moment)
    const shown = past
    try {
      const items = (name: string): unknown => shown.collection(schemaOf(name)).query().get()
      const get = (name: string, id: string): unknown => shown.collection(schemaOf(name)).get(id)
      return holds(items, get) ? 'good' : 'bad'
    } catch (cause) {
      if (cause instanceof IbexError) throw cause
      throw new IbexError('bad-option', `--expr failed at ${moment}: ${String(cause)}`, { cause })
    }
  }
}

/**
 * As `git bisect run`: 0 is good, 125 cannot be judged, up to 127 bad, and more ends it. The command finds the state as JSON
 * in the file that `IBEX_STATE` names, and the moment in `IBEX_MOMENT`.
 */
function byCommand(io: Io, target: Target, command: string): (moment: Moment) => Promise<Verdict> {
  return async (moment) => {
    const folder = await mkdtemp(join(tmpdir(), 'ibex-bisect-'))
    try {
      const file = join(folder, 'state.json')
      await writeFile(file, stringify(stateAt(target, moment)))
      const env = { ...io.env, IBEX_STATE: file, IBEX_MOMENT: moment }
      const code = await new Promise<number>((resolve, reject) => {
        const child = spawn(command, { shell: true, cwd: io.cwd, env, stdio: ['ignore', 'ignore', 'inherit'] })
        child.on('error', reject)
        child.on('close', (exit) => resolve(exit ?? 128))
      })
      if (code > 127) throw new IbexError('bad-option', `--run: '${command}' ended with ${code}.`)
      return code === 0 ? 'good' : code === 125 ? 'skip' : 'bad'
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

// ── by hand ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What stands behind `ibex bisect`. */
export function byHand(
  io: Io,
  step: string,
  args: readonly (string | undefined)[],
  options: BisectOptions,
): Promise<number> {
  const [first, second] = args
  switch (step) {
    case 'start':
      return start(io, first, second, options)
    case 'run':
      return runRest(io, first!, options)
    case 'log':
      return tell(io)
    case 'reset':
      return reset(io)
    default:
      return say(io, step as Verdict, first, options)
  }
}

/** Begins a search by hand. `bad`: now, and `good`: the beginning, unless others are given. */
function start(
  io: Io,
  bad: string | undefined,
  good: string | undefined,
  options: TargetOptions & Pick<BisectOptions, 'color'>,
): Promise<number> {
  return withTarget(io, options, async (target) => {
    const { revisions } = stepsOf(io, target)
    const { data, server, replay, config } = options
    const kept: Kept = {
      target: { data, server, replay, in: target.store.repository, config },
      good: good === undefined ? START : revisions.moment(good),
      bad: bad === undefined ? target.history.now() : revisions.moment(bad),
      skipped: [],
      said: [],
    }
    requireOrder(searchOf(io, target, kept))
    return goOn(io, target, kept, options)
  })
}

/** What is shown, or `revision`, is good, bad, or cannot be judged. */
async function say(
  io: Io,
  verdict: Verdict,
  revision: string | undefined,
  options: Pick<BisectOptions, 'token' | 'color'>,
): Promise<number> {
  const kept = await readKept(io)
  return withTarget(io, { ...kept.target, token: options.token }, async (target) => {
    const { revisions } = stepsOf(io, target)
    const place = nextPlace(searchOf(io, target, kept))
    if (revision === undefined && place === undefined) {
      throw new IbexError('bad-option', 'There is nothing left to judge: ibex bisect reset.')
    }
    const moment = revision === undefined ? revisions.entryAt(place!).moment! : revisions.moment(revision)
    const said = [...kept.said, `${verdict} ${moment}`]
    const next: Kept =
      verdict === 'skip' ? { ...kept, skipped: [...kept.skipped, moment], said } : { ...kept, [verdict]: moment, said }
    requireOrder(searchOf(io, target, next))
    return goOn(io, target, next, options)
  })
}

/** Lets a command judge the rest. */
async function runRest(
  io: Io,
  command: string,
  options: Pick<BisectOptions, 'token' | 'color' | 'json'>,
): Promise<number> {
  const kept = await readKept(io)
  return withTarget(io, { ...kept.target, token: options.token }, (target) =>
    search(io, target, options, kept.good, kept.bad, byCommand(io, target, command), kept.skipped),
  )
}

async function tell(io: Io): Promise<number> {
  const { good, bad, said } = await readKept(io)
  for (const line of [`from ${good}`, `to ${bad}`, ...said]) io.out(line)
  return FINE
}

async function reset(io: Io): Promise<number> {
  await rm(join(io.cwd, FILE), { force: true })
  return FINE
}

/** Keeps what is known, and says what is to be judged next. */
async function goOn(io: Io, target: Target, kept: Kept, options: Pick<BisectOptions, 'color'>): Promise<number> {
  await writeFile(join(io.cwd, FILE), `${JSON.stringify(kept, null, 2)}\n`)
  const left = searchOf(io, target, kept)
  const place = nextPlace(left)
  if (place === undefined) return report(io, target, options, left)
  const { places, steps } = leftToJudge(left)
  const { lineOf, revisions } = stepsOf(io, target, options)
  io.out(`Bisecting: ${places} left to judge, in about ${steps} ${steps === 1 ? 'step' : 'steps'}.`)
  io.out(lineOf(place))
  io.note(`See it with: ibex show ${revisions.nameOf(revisions.entryAt(place))}:   Then: ibex bisect good, bad or skip`)
  return FINE
}

function searchOf(io: Io, target: Target, { good, bad, skipped }: Kept): Search {
  const { placeOf } = stepsOf(io, target).revisions
  return { good: placeOf(good), bad: placeOf(bad), skipped: new Set(skipped.map(placeOf)) }
}

async function readKept({ cwd }: Io): Promise<Kept> {
  try {
    return JSON.parse(await readFile(join(cwd, FILE), 'utf8')) as Kept
  } catch (cause) {
    throw new IbexError('bad-option', `No search is under way in ${cwd}: ibex bisect start.`, { cause })
  }
}

function requireOrder({ good, bad }: Pick<Search, 'good' | 'bad'>): void {
  if (good < bad) return
  throw new IbexError('bad-option', 'What is good must come before what is bad.')
}

interface Steps {
  readonly revisions: Revisions
  readonly style: EntryStyle
  lineOf(this: void, place: number): string
}

function stepsOf(io: Io, { history, opened }: Target, { color }: Pick<BisectOptions, 'color'> = {}): Steps {
  const revisions = createRevisions(history, opened.journal.graph, io.now())
  const style: EntryStyle = { revisions, paint: painter(io, color), date: 'iso', now: io.now() }
  return { revisions, style, lineOf: (place) => entryLine(revisions.entryAt(place), style) }
}
