import * as Y from 'yjs'
import type { Items, Peer } from '../peer.js'
import type { Task } from '../tasks.js'

export const peer: Peer = { name: 'Yjs', packages: ['yjs'], note: 'a Y.Map for each task; its log: every update', open }

function open({ log }: { readonly log: boolean }): Items {
  const doc = new Y.Doc()
  const tasks = doc.getMap<Y.Map<unknown>>('tasks')
  const updates: Uint8Array[] = []
  if (log) doc.on('update', (update: Uint8Array) => updates.push(update))
  const create = ({ id, tags, ...fields }: Task): string => {
    const task = new Y.Map<unknown>(Object.entries(fields))
    task.set('tags', Y.Array.from([...tags]))
    tasks.set(id, task)
    return id
  }
  return {
    create: (task) => doc.transact(() => create(task)),
    createMany: (all) => doc.transact(() => all.map(create)),
    title: (id) => tasks.get(id)!.get('title') as string,
    update(id, edit) {
      const task = tasks.get(id)!
      doc.transact(() => {
        for (const [name, value] of Object.entries(edit)) task.set(name, value)
      })
    },
    subscribe(id, listener) {
      const task = tasks.get(id)!
      const tell = (): void => listener(task.get('title') as string)
      task.observe(tell)
      return () => task.unobserve(tell)
    },
    ...(log && { flush: () => Promise.resolve() }),
    close: () => doc.destroy(),
  }
}
