/** What every library holds in the benchmarks, and the model that its answers are checked against. */

/** An item of the benchmarks. Names ascend in the order of their making. */
export interface Task {
  readonly id: string
  readonly title: string
  readonly done: boolean
  readonly priority: number
  readonly tags: readonly string[]
  /** Milliseconds; no two tasks have the same. */
  readonly updatedAt: number
}

/** What the benchmarks write: always one field. */
export type Edit = { readonly title: string } | { readonly done: boolean } | { readonly updatedAt: number }

/** How many rows the query of the benchmarks shows: those not done, the last updated first. */
export const LIMIT = 50

const WORDS = 'sync draft merge cache panel query index graph frame token retry limit paint route patch stage'.split(
  ' ',
)
const TAGS = ['api', 'bug', 'design', 'docs', 'mobile', 'perf', 'release', 'web']

/** Whole numbers below `limit`, the same in every run: mulberry32. */
export function seeded(seed: number): (limit: number) => number {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

/** Tasks with the numbers `from` to `from + count`; a third of them is done. */
export function makeTasks(count: number, from: number = 0): Task[] {
  const below = seeded(count + from)
  const word = (): string => WORDS[below(WORDS.length)]!
  const times = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = below(i + 1)
    ;[times[i], times[j]] = [times[j]!, times[i]!]
  }
  const tasks = times.map((time, i): Task => ({
    id: `task-${String(from + i).padStart(8, '0')}`,
    title: `${word()} the ${word()} ${word()} ${from + i}`,
    done: below(3) === 0,
    priority: below(5),
    tags: [TAGS[below(4)]!, TAGS[4 + below(4)]!],
    updatedAt: 1_700_000_000_000 + time * 1000,
  }))
  // As if they came over a network: strings that were put together from parts make engines slow.
  return JSON.parse(JSON.stringify(tasks)) as Task[]
}

/** Plain objects that suffer the same edits as the library at hand. */
export class Model {
  readonly tasks: Task[]
  private latest = 1_800_000_000_000
  private earliest = 1_600_000_000_000

  constructor(tasks: readonly Task[]) {
    this.tasks = [...tasks]
  }

  edit(index: number, edit: Edit): void {
    this.tasks[index] = { ...this.tasks[index]!, ...edit }
  }

  /** A time after, or before, that of all tasks. */
  newTime(after: boolean): number {
    return after ? ++this.latest : --this.earliest
  }

  /** What the query must answer, as numbers of tasks. */
  window(limit: number = LIMIT): number[] {
    const open: number[] = []
    for (let i = 0; i < this.tasks.length; i++) if (!this.tasks[i]!.done) open.push(i)
    return open.sort((a, b) => this.tasks[b]!.updatedAt - this.tasks[a]!.updatedAt).slice(0, limit)
  }
}

/** Throws unless both are the same. */
export function requireSame(what: string, found: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)]
  if (a !== b) throw new Error(`Wrong answer: ${what} is ${a?.slice(0, 200)}, not ${b?.slice(0, 200)}.`)
}
