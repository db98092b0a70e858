/** Repeats an operation until its cost is known. */
import { cpuTime } from './cpu.js'
import type { Effort } from './question.js'

/** So much processor time, in milliseconds, a batch should take: much more than reading the clock, little enough to be checked often. */
const BATCH = 10
/** Wall-clock milliseconds after which measuring ends with what there is. */
const PATIENCE = 40_000

export interface Work {
  /** Prepares a batch; neither timed nor counted. */
  before?(): void | Promise<void>
  /** The operation. */
  op(): void | Promise<void>
  /** What belongs to a batch of operations, and is timed with it. */
  finish?(): Promise<void>
  /** Settles and checks; not timed. Given how many operations there were since `before`. */
  after?(operations: number): void | Promise<void>
  /** The most operations in a batch. Default 1,000. */
  readonly most?: number
}

/** Microseconds of processor time that one operation costs on average, garbage collection and all. */
export async function costOf(effort: Effort, work: Work): Promise<number> {
  const patience = performance.now() + PATIENCE
  const most = work.most ?? 1000
  let count = 1
  let spent = 0
  while (spent < effort.warm && performance.now() < patience) {
    const took = await batch(work, count)
    spent += took
    if (took < BATCH / 2) count = Math.min(most, count * 2)
    else if (took > BATCH * 2) count = Math.max(1, count >> 1)
  }
  spent = 0
  let operations = 0
  while ((spent < effort.measure && performance.now() < patience) || operations === 0) {
    spent += await batch(work, count)
    operations += count
  }
  return (spent * 1000) / operations
}

async function batch({ before, op, finish, after }: Work, count: number): Promise<number> {
  await before?.()
  const start = cpuTime()
  for (let i = 0; i < count; i++) {
    const result = op()
    if (result) await result
  }
  await finish?.()
  const took = cpuTime() - start
  await after?.(count)
  return took
}

/** The middle one; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
