/** A bare `Map` with listeners, and a sorted array for the query: what no library can do without. */
import type { Items, Peer } from '../peer.js'
import { liveQuery } from '../live-rows.js'
import type { Task } from '../tasks.js'

export const peer: Peer = { name: 'Map with listeners', packages: [], open }

function open(): Items {
  const tasks = new Map<string, Task>()
  const listeners = new Map<string, Set<(title: string) => void>>()
  const queries = new Set<(before: Task | undefined, after: Task) => void>()

  function put(task: Task): void {
    const before = tasks.get(task.id)
    tasks.set(task.id, Object.freeze(task))
    const own = listeners.get(task.id)
    if (own) for (const listener of own) listener(task.title)
    for (const query of queries) query(before, task)
  }

  // Written out, because engines give copies by `...` room for more.
  const create = ({ id, title, done, priority, tags, updatedAt }: Task): string => {
    put({ id, title, done, priority, tags, updatedAt })
    return id
  }

  return {
    create,
    createMany: (all) => all.map(create),
    title: (id) => tasks.get(id)!.title,
    update: (id, edit) => put({ ...tasks.get(id)!, ...edit }),
    subscribe(id, listener) {
      let own = listeners.get(id)
      if (!own) listeners.set(id, (own = new Set()))
      own.add(listener)
      return () => own.delete(listener)
    },
    query: (limit) =>
      liveQuery(
        ({ id }: Task) => id,
        (tell) => {
          const sorted = [...tasks.values()].filter(({ done }) => !done).sort((a, b) => b.updatedAt - a.updatedAt)
          const place = ({ updatedAt }: Task): number => {
            let low = 0
            let high = sorted.length
            while (low < high) {
              const middle = (low + high) >>> 1
              if (sorted[middle]!.updatedAt > updatedAt) low = middle + 1
              else high = middle
            }
            return low
          }
          const change = (before: Task | undefined, after: Task): void => {
            let first = Infinity
            if (before && !before.done) sorted.splice((first = place(before)), 1)
            if (!after.done) {
              const at = place(after)
              sorted.splice(at, 0, after)
              first = Math.min(first, at)
            }
            if (first < limit) tell(Object.freeze(sorted.slice(0, limit)))
          }
          queries.add(change)
          tell(Object.freeze(sorted.slice(0, limit)))
          return () => queries.delete(change)
        },
      ),
    close() {},
  }
}
