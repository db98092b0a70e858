import { createStore } from 'zustand/vanilla'
import { subscribeWithSelector } from 'zustand/middleware'
import { deriveRows, liveQuery, sameRows } from '../live-rows.js'
import type { Items, Peer } from '../peer.js'
import type { Task } from '../tasks.js'

interface State {
  readonly tasks: Readonly<Record<string, Task>>
}

export const peer: Peer = { name: 'Zustand', packages: ['zustand'], open }

function open(): Items {
  const store = createStore<State>()(subscribeWithSelector((): State => ({ tasks: {} })))
  return {
    create(task) {
      store.setState(({ tasks }) => ({ tasks: { ...tasks, [task.id]: { ...task } } }))
      return task.id
    },
    createMany(all) {
      store.setState(({ tasks }) => {
        const next: Record<string, Task> = { ...tasks }
        for (const task of all) next[task.id] = { ...task }
        return { tasks: next }
      })
      return all.map(({ id }) => id)
    },
    title: (id) => store.getState().tasks[id]!.title,
    update: (id, edit) => store.setState(({ tasks }) => ({ tasks: { ...tasks, [id]: { ...tasks[id]!, ...edit } } })),
    subscribe: (id, listener) => store.subscribe(({ tasks }) => tasks[id]!.title, listener),
    query: (limit) =>
      liveQuery(
        ({ id }: Task) => id,
        (tell) => {
          const select = ({ tasks }: State): Task[] => deriveRows(Object.values(tasks), limit)
          return store.subscribe(select, tell, { equalityFn: sameRows, fireImmediately: true })
        },
      ),
    close() {},
  }
}
