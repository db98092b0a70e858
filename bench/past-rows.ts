/** The query of the benchmarks over all rows, for libraries that have none of the past. */
import type { Seen } from './past-peer.js'
import { LIMIT, type Task } from './tasks.js'

export function seenIn(rows: readonly (readonly [string, Omit<Task, 'id'>])[], visible: readonly string[]): Seen {
  const byId = new Map(rows)
  const open = rows.filter(([, { done }]) => !done)
  open.sort(([, a], [, b]) => b.updatedAt - a.updatedAt)
  return {
    window: open.slice(0, LIMIT).map(([id]) => id),
    titles: visible.map((id) => byId.get(id)?.title),
  }
}
