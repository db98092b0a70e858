import { createStore } from 'ibex-state'
import { StoreProvider, useIds, useItem, useQuery } from 'ibex-state/react'
import { Task } from '../../peers/ibex-schema.js'
import { LIMIT } from '../../tasks.js'
import type { OpenScreen } from '../screen.js'

export const open: OpenScreen = async (tasks) => {
  const store = createStore({ schemas: [Task], server: false, storage: 'memory' })
  await store.ready()
  const collection = store.collection(Task)
  const made = collection.createMany(tasks.map(({ id: _, ...data }) => data))
  await store.flush()
  return {
    ids: made.map(({ $id }) => $id),
    Provider: ({ children }) => <StoreProvider store={store}>{children}</StoreProvider>,
    useTask: (id) => ({ id, title: useItem(Task, id)[0]!.title }),
    useOpen: () => useQuery(Task, { where: { done: false }, orderBy: [['updatedAt', 'desc']], limit: LIMIT }),
    useOpenIds: () => useIds(Task, { where: { done: false }, orderBy: [['updatedAt', 'desc']], limit: LIMIT }),
    update: (id, edit) => void collection.update(id, edit),
  }
}
