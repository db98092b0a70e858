import { proxy, snapshot, subscribe } from 'valtio/vanilla'
import { deriveRows, liveQuery, sameRows } from '../live-rows.js'
import type { Items, Peer } from '../peer.js'
import type { Task } from '../tasks.js'

export const peer: Peer = { name: 'Valtio', packages: ['valtio'], open }

type Writable = { -readonly [K in keyof Task]: Task[K] }

function open(): Items {
  const state = proxy<{ readonly tasks: Record<string, Writable> }>({ tasks: {} })
  const { tasks } = state
  const copy = (task: Task): Writable => ({ ...task, tags: [...task.tags] })
  return {
    create(task) {
      tasks[task.id] = copy(task)
      return task.id
    },
    createMany(all) {
      for (const task of all) tasks[task.id] = copy(task)
      return all.map(({ id }) => id)
    },
    title: (id) => tasks[id]!.title,
    update: (id, edit) => void Object.assign(tasks[id] ?? {}, edit),
    subscribe(id, listener) {
      const task = tasks[id]!
      return subscribe(task, () => listener(task.title), true)
    },
    query: (limit) =>
      liveQuery(
        ({ id }: Task) => id,
        (tell) => {
          let rows: readonly Task[] = []
          const look = (): void => {
            const next = deriveRows(Object.values(snapshot(tasks)), limit)
            if (!sameRows(rows, next)) tell((rows = next))
          }
          look()
          return subscribe(tasks, look, true)
        },
      ),
    close() {},
  }
}
