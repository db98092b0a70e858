/** Ibex without a server. Its log is in memory: in a browser, too, the disk is another thread's work. */
import { createStore, type Store } from 'ibex-state'
import { createMemoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/port.js'
import type { Items, OpenOptions, Peer } from '../peer.js'
import { liveQuery } from '../live-rows.js'
import { Task } from './ibex-schema.js'

export const peer: Peer = { name: 'Ibex', packages: ['ibex-state'], open }

async function open({ disk = false }: OpenOptions): Promise<Items> {
  const storage = disk ? forgetfulStorage() : 'memory'
  const store = createStore({ schemas: [Task], server: false, storage })
  await store.ready()
  return itemsOf(store)
}

/** A store's tasks as the benchmarks use them. */
export function itemsOf(store: Store): Items {
  const tasks = store.collection(Task)
  return {
    create: ({ title, done, priority, tags, updatedAt }) =>
      tasks.create({ title, done, priority, tags, updatedAt }).$id,
    createMany: (all) =>
      tasks
        .createMany(
          all.map(({ title, done, priority, tags, updatedAt }) => ({ title, done, priority, tags, updatedAt })),
        )
        .map(({ $id }) => $id),
    title: (id) => tasks.get(id)!.title,
    update: (id, edit) => void tasks.update(id, edit),
    subscribe: (id, listener) => tasks.subscribe(id, () => listener(tasks.get(id)!.title)),
    query: (limit) =>
      liveQuery(
        ({ $id }: { readonly $id: string }) => $id,
        (tell) => {
          const view = tasks.query({ where: { done: false }, orderBy: [['updatedAt', 'desc']], limit })
          const stop = view.subscribe(() => tell(view.get()))
          tell(view.get())
          return stop
        },
      ),
    flush: () => store.flush(),
    close: () => store.close(),
  }
}

/** What is in a log takes no memory where the log is on a disk; here nobody reads it again. */
function forgetfulStorage(): Storage {
  const storage = createMemoryStorage()
  let position = 0
  return {
    ...storage,
    openLog: async (name, options) => ({
      ...(await storage.openLog(name, options)),
      append: async () => ++position,
      writeKeyframe: async () => {},
    }),
  }
}
