/**
 * Asks every library every question, in rounds: each answer comes from a process of its own, and in each round everybody
 * answers before anybody answers again, so that what else the machine does meanwhile falls on all alike.
 */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cpus, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { cpuClock } from './cpu.js'
import { median } from './measure.js'
import type { Answer, Effort, Question, Variant } from './question.js'
import { type Asked, printTable, type Row, targetOf } from './table.js'

export interface Options {
  /** Names of questions; all without. */
  readonly only: readonly string[]
  /** Names of the files of libraries; all without. The floor and Ibex are always asked. */
  readonly peers: readonly string[]
  readonly rounds: number
  readonly effort: Effort
  readonly json: boolean
}

/** What a process printed. */
interface Told extends Answer {
  readonly name: string
  readonly note?: string
  readonly versions: Readonly<Record<string, string>>
}

/** How long an answer may take, in milliseconds. */
const PATIENCE = 180_000
/** The order of the report; questions that are not named come last. */
const ORDER = ['create-one', 'create-bulk', 'read-field', 'update-one', 'update-among-subscribers', 'update-any']

/** Everything that can be asked, by the files in `questions/`. */
export async function allQuestions(): Promise<Question[]> {
  const names = readdirSync(join(import.meta.dirname, 'questions'))
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -3))
  const rank = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length)
  names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  return Promise.all(
    names.map(async (name) => {
      const file = new URL(`questions/${name}.js`, import.meta.url).href
      return ((await import(file)) as { readonly question: Question }).question
    }),
  )
}

/** Asks, and prints a table a question, or all as JSON. Answers whether every target that must be met was met. */
export async function bench(options: Options): Promise<boolean> {
  const questions = (await allQuestions()).filter(
    ({ name }) => options.only.length === 0 || options.only.includes(name),
  )
  const machine = describeMachine()
  if (!options.json) console.log(`${machine}\n${cpuClock}; median of ${options.rounds} rounds\n`)
  const rows: Row[] = []
  for (const question of questions) {
    for (const variant of question.variants) {
      const row = { question, variant, asked: await ask(question, variant, options) }
      rows.push(row)
      if (!options.json) printTable(row)
    }
  }
  if (options.json)
    console.log(JSON.stringify({ machine, clock: cpuClock, rounds: options.rounds, rows }, undefined, 2))
  return rows.every(({ variant, asked }) => {
    const ibex = asked.find(({ peer }) => peer === 'ibex')
    if (!variant.must || ibex === undefined) return true
    const target = targetOf(variant, asked.find(({ peer }) => peer === 'floor')?.value)
    return ibex.value !== undefined && target !== undefined && ibex.value <= target
  })
}

async function ask(question: Question, variant: Variant, { peers, rounds, effort }: Options): Promise<Asked[]> {
  const named = (variant.peers ?? question.peers).filter(
    (peer) => peers.length === 0 || peer === 'floor' || peer === 'ibex' || peers.includes(peer),
  )
  const told = new Map<string, Told[]>(named.map((peer) => [peer, []]))
  const failed = new Map<string, string>()
  for (let round = 0; round < rounds; round++) {
    for (const peer of named) {
      if (failed.has(peer)) continue
      try {
        told.get(peer)!.push(await answer(question, variant, peer, effort))
      } catch (error) {
        failed.set(peer, (error as Error).message)
      }
    }
  }
  return named.map((peer): Asked => {
    const failure = failed.get(peer)
    const all = told.get(peer)!
    const last = all.at(-1)
    if (failure !== undefined || !last)
      return { peer, name: last?.name ?? peer, failure: failure ?? 'not asked', versions: {} }
    const more: Record<string, number> = {}
    for (const key of Object.keys(last.more ?? {}))
      more[key] = median(all.map((each) => each.more?.[key] ?? Number.NaN))
    return {
      peer,
      name: last.name,
      value: median(all.map(({ value }) => value)),
      values: all.map(({ value }) => value),
      more,
      ...(last.note !== undefined && { note: last.note }),
      versions: last.versions,
    }
  })
}

function answer(question: Question, variant: Variant, peer: string, effort: Effort): Promise<Told> {
  const child = spawn(
    process.execPath,
    [
      ...(question.flags ?? []),
      '--enable-source-maps',
      join(import.meta.dirname, 'child.js'),
      question.name,
      variant.key,
      peer,
      JSON.stringify(effort),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_ENV: 'production' } },
  )
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`no answer within ${PATIENCE / 1000} s`))
    }, PATIENCE)
    child.on('error', reject)
    child.on('close', () => {
      clearTimeout(timer)
      const line = output.split('\n').findLast((each) => each.startsWith('@answer '))
      if (line) resolve(JSON.parse(line.slice(8)) as Told)
      else reject(new Error(reasonIn(errors)))
    })
  })
}

/** The line of a stack trace that says what was wrong. */
function reasonIn(errors: string): string {
  const lines = errors.split('\n').map((line) => line.trim())
  const said = lines.find((line) => /Error\b.*: /.test(line)) ?? lines.find((line) => line && !line.startsWith('node:'))
  return (said ?? 'no answer').slice(0, 200)
}

function describeMachine(): string {
  const [first] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${first?.model ?? 'unknown processor'}, ${cpus().length} cores, ${memory} GB; ${platform()} ${release()}; Node ${process.version}`
}
