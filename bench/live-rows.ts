/** The usual way to have a live query in a library without: derive the rows anew, and compare. */
import type { LiveQuery } from './peer.js'
import type { Task } from './tasks.js'

/** The query of the benchmarks from scratch. */
export function deriveRows<T extends Pick<Task, 'done' | 'updatedAt'>>(tasks: Iterable<T>, limit: number): T[] {
  const open: T[] = []
  for (const task of tasks) if (!task.done) open.push(task)
  return open.sort((a, b) => b.updatedAt - a.updatedAt).slice(0, limit)
}

/** What is there; throws where nothing is. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('There is no such task.')
  return value
}

/** Whether the same rows stand in the same order. */
export function sameRows(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((row, i) => row === b[i])
}

/** A live query that `start` feeds; it answers what ends it. */
export function liveQuery(
  nameOf: (row: never) => string,
  start: (tell: (rows: readonly unknown[]) => void) => () => void,
): LiveQuery {
  let rows: readonly unknown[] = []
  let calls = -1
  const listeners = new Set<() => void>()
  const close = start((next) => {
    rows = next
    calls++
    for (const listener of listeners) listener()
  })
  return {
    rows: () => rows,
    ids: () => rows.map((row) => nameOf(row as never)),
    get calls() {
      return calls
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close,
  }
}
