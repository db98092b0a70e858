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
