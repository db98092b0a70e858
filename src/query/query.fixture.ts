/** A schema, rows and a clock for the tests of this folder. */
import type { Scheduler, TimerHandle } from '../ports.js'
import { field } from '../schema/field.js'
import { type AnySnapshot, defineSchema } from '../schema/schema.js'
import { canonicalQuery } from './canonical.js'
import { LiveQueries, type RowChange, type Rows } from './live.js'
import type { QueryInput, View } from './query.js'

/** A field of each kind that queries tell apart. */
export const Task = defineSchema('task', {
  title: field.string(),
  note: field.string().optional(),
  done: field.boolean().default(false),
  priority: field.number().optional(),
  status: field.enum(['open', 'closed', 'later']).default('open'),
  due: field.date().optional(),
  owner: field.ref('person').optional(),
  place: field.json<{ x: number; y: number } | string | null>().optional(),
  data: field.json().optional(),
  votes: field.counter(),
  tags: field.set(field.string()),
  reminders: field.set(field.date()),
  scores: field.map(field.number()),
})

/** A snapshot of {@link Task}. */
export function row(id: string, fields: Readonly<Record<string, unknown>> = {}): AnySnapshot {
  return Object.freeze({
    $id: id,
    $path: `/data/main/${id}`,
    $createdAt: 1000,
    $createdBy: 'ann',
    $updatedAt: 1000,
    $updatedBy: 'ann',
    title: '',
    done: false,
    status: 'open',
    votes: 0,
    tags: [],
    reminders: [],
    scores: {},
    ...fields,
  })
}

/** Rows that say what changes. */
export class Table implements Rows {
  readonly map: Map<string, AnySnapshot> = new Map()

  constructor(rows: readonly AnySnapshot[] = []) {
    for (const each of rows) this.map.set(each.$id, each)
  }

  get size(): number {
    return this.map.size
  }

  get(id: string): AnySnapshot | undefined {
    return this.map.get(id)
  }

  all(): Iterable<AnySnapshot> {
    return this.map.values()
  }

  /** Puts a row, or removes it. */
  set(id: string, after: AnySnapshot | undefined): RowChange {
    const before = this.map.get(id)
    if (after) this.map.set(id, after)
    else this.map.delete(id)
    return { id, before, after }
  }

  /** Changes fields of a row that is there. */
  patch(id: string, fields: Readonly<Record<string, unknown>>): RowChange {
    return this.set(id, Object.freeze({ ...this.map.get(id)!, ...fields }))
  }
}

/** Time that passes when it is told to. */
export class ManualScheduler implements Scheduler {
  private now = 0
  private timers: { readonly due: number; readonly fn: () => void }[] = []

  get waiting(): number {
    return this.timers.length
  }

  after(ms: number, fn: () => void): TimerHandle {
    const timer = { due: this.now + ms, fn }
    this.timers.push(timer)
    return { timer }
  }

  frame(fn: () => void): TimerHandle {
    return this.after(16, fn)
  }

  cancel(handle: TimerHandle): void {
    this.timers = this.timers.filter((timer) => timer !== handle.timer)
  }

  pass(ms: number): void {
    this.now += ms
    const due = this.timers.filter((timer) => timer.due <= this.now)
    this.timers = this.timers.filter((timer) => timer.due > this.now)
    for (const { fn } of due) fn()
  }
}

/** Live queries over some rows, and the means to change these. */
export interface Bench {
  readonly table: Table
  readonly queries: LiveQueries
  readonly scheduler: ManualScheduler
  open(input: QueryInput<typeof Task>): View<AnySnapshot>
  /** Changes rows, folds the changes in and tells. */
  patch(id: string, fields: Readonly<Record<string, unknown>> | undefined): void
}

/** Live queries over `rows`. */
export function bench(rows: readonly AnySnapshot[]): Bench {
  const table = new Table(rows)
  const scheduler = new ManualScheduler()
  const queries = new LiveQueries(table, scheduler)
  return {
    table,
    queries,
    scheduler,
    open: (input) => queries.open(canonicalQuery(Task, input)),
    patch(id, fields) {
      const change = fields && table.get(id) ? table.patch(id, fields) : table.set(id, fields && row(id, fields))
      queries.update([change])
      queries.notify()
    },
  }
}

/** A repeatable sequence of numbers from 0 up to but not including 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

type Random = () => number

const int = (random: Random, n: number): number => Math.floor(random() * n)
const pick = <T>(random: Random, list: readonly T[]): T => list[int(random, list.length)]!
const some = <T>(random: Random, list: readonly T[]): T[] => list.filter(() => random() < 0.4)

/** Values for some fields. */
export function randomFields(random: Random): Record<string, unknown> {
  return {
    ...(random() < 0.5 && { title: pick(random, ['', 'a', 'ab', 'b', 'é']) }),
    ...(random() < 0.3 && { done: random() < 0.5 }),
    ...(random() < 0.3 && { priority: pick(random, [undefined, 1, 2, 3]) }),
    ...(random() < 0.3 && { status: pick(random, ['open', 'closed', 'later']) }),
    ...(random() < 0.3 && { due: pick(random, [undefined, new Date(1), new Date(2)]) }),
    ...(random() < 0.2 && { place: pick(random, [undefined, null, 'x', { x: 1, y: 2 }]) }),
    ...(random() < 0.3 && { tags: some(random, ['a', 'b', 'c']) }),
    ...(random() < 0.3 && { votes: int(random, 5) }),
    ...(random() < 0.2 && {
      scores: Object.fromEntries(some(random, ['a', 'b']).map((key) => [key, int(random, 2)])),
    }),
  }
}

/** A query of any kind. */
export function randomQuery(random: Random): QueryInput<typeof Task> {
  return {
    where: randomCondition(random, 2),
    orderBy: some(random, ['title', ['votes', 'desc'], 'priority', ['due', 'desc'], ['$id', 'desc'], 'done'] as const),
    limit: random() < 0.7 ? int(random, 8) : undefined,
    offset: random() < 0.3 ? int(random, 5) : 0,
    filter: random() < 0.1 ? (task) => task.votes % 2 === 0 : undefined,
  }
}

type Input = QueryInput<typeof Task>

function randomCondition(random: Random, depth: number): NonNullable<Input['where']> {
  if (depth > 0 && random() < 0.4) {
    const parts = Array.from({ length: int(random, 4) }, () => randomCondition(random, depth - 1))
    return pick(random, [{ and: parts }, { or: parts }, { not: randomCondition(random, depth - 1) }])
  }
  return pick<NonNullable<Input['where']>>(random, [
    {},
    { done: random() < 0.5 },
    { title: pick(random, [{ startsWith: 'a' }, { contains: 'b' }, { gte: 'ab' }, { ne: 'a' }]) },
    { priority: pick(random, [1, { in: [1, 2] }, { notIn: [1] }, { lt: 3 }, { exists: false }]) },
    { status: pick(random, ['open', { in: ['open', 'later'] }, { ne: 'open' }] as const) },
    { due: pick(random, [new Date(1), { gt: 1 }, { exists: true }]) },
    { place: pick(random, [{ eq: { x: 1, y: 2 } }, { eq: null }, { in: ['x', null] }]) },
    { tags: pick(random, [{ has: 'a' }, { contains: ['a', 'b'] }, ['a'], { eq: [] }]) },
    { scores: pick(random, [{ has: 'a' }, { contains: { a: 1 } }, { eq: {} }]) },
    { votes: pick(random, [int(random, 5), { gte: int(random, 5) }]) },
  ])
}
