/** With its log in OPFS, signed commits, and a server that checks, judges and stores them. */
import { createStore } from 'ibex-state'
import { Task } from '../peers/ibex-schema.js'
import type { SharedTitle } from './screen.js'

const ID = 'shared'

export function openTitle(first: boolean): SharedTitle {
  const store = createStore({ schemas: [Task], server: '/ibex' })
  const tasks = store.collection(Task)
  const there = async (): Promise<void> => {
    await store.ready()
    if (first) tasks.create({ title: '', updatedAt: 0 }, { id: ID })
    if (first) await store.synced()
    while (!tasks.get(ID)) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    ready: there(),
    set: (title) => void tasks.update(ID, { title }),
    listen: (listener) => void tasks.subscribe(ID, () => listener(tasks.get(ID)?.title ?? '')),
  }
}
