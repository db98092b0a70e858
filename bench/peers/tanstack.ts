import { BTreeIndex, createCollection, createLiveQueryCollection, eq, localOnlyCollectionOptions } from '@tanstack/db'
import { liveQuery } from '../live-rows.js'
import type { Items, Peer } from '../peer.js'
import type { Task } from '../tasks.js'

export const peer: Peer = {
  name: 'TanStack DB',
  packages: ['@tanstack/db'],
  note: 'a collection that is only local',
  open,
}

let opened = 0

function open(): Items {
  const tasks = createCollection(
    localOnlyCollectionOptions<Task, string>({
      id: `tasks${opened++}`,
      getKey: ({ id }) => id,
      autoIndex: 'eager',
      defaultIndexType: BTreeIndex,
    }),
  )
  return {
    create(task) {
      tasks.insert({ ...task })
      return task.id
    },
    createMany(all) {
      tasks.insert(all.map((task) => ({ ...task })))
      return all.map(({ id }) => id)
    },
    title: (id) => tasks.get(id)!.title,
    update: (id, edit) => void tasks.update(id, (draft) => void Object.assign(draft, edit)),
    subscribe(id, listener) {
      const subscription = tasks.subscribeChanges(
        (changes) => {
          // The first change of what it has not told yet is an insertion to it.
          for (const { value } of changes) listener(value.title)
        },
        { where: (task) => eq(task.id, id) },
      )
      return () => subscription.unsubscribe()
    },
    async query(limit) {
      const live = createLiveQueryCollection({
        query: (q) =>
          q
            .from({ task: tasks })
            .where(({ task }) => eq(task.done, false))
            .orderBy(({ task }) => task.updatedAt, 'desc')
            .limit(limit),
      })
      await live.preload()
      return liveQuery(
        ({ id }: Task) => id,
        (tell) => {
          const subscription = live.subscribeChanges(() => tell(live.toArray))
          tell(live.toArray)
          return () => subscription.unsubscribe()
        },
      )
    },
    told: () => new Promise((resolve) => setImmediate(resolve)),
    close: () => tasks.cleanup(),
  }
}
