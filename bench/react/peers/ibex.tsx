import { type Collection, createStore } from 'ibex-state'
import { StoreProvider, useIds, useItem, useQuery } from 'ibex-state/react'
import { Task as Schema } from '../../peers/ibex-schema.js'
import { LIMIT, type Task } from '../../tasks.js'
import type { OpenScreen, Screen } from '../screen.js'

export const open: OpenScreen = (tasks) => openBy('collection', tasks)

/** Rows that are given the collection, or that look for it by its schema. */
export async function openBy(by: 'collection' | 'schema', tasks: readonly Task[]): Promise<Screen> {
  const store = createStore({ schemas: [Schema], server: false, storage: 'memory' })
  await store.ready()
  const collection = store.collection(Schema)
  const made = collection.createMany(tasks.map(({ id: _, ...data }) => data))
  await store.flush()
  const of = by === 'collection' ? collection : Schema
  return {
    ids: made.map(({ $id }) => $id),
    Provider: ({ children }) => <StoreProvider store={store}>{children}</StoreProvider>,
    useTask: (id) => ({ id, title: useItem(of as Collection<typeof Schema>, id)[0]!.title }),
    useOpen: () => useQuery(Schema, { where: { done: false }, orderBy: [['updatedAt', 'desc']], limit: LIMIT }),
    useOpenIds: () => useIds(Schema, { where: { done: false }, orderBy: [['updatedAt', 'desc']], limit: LIMIT }),
    update: (id, edit) => void collection.update(id, edit),
  }
}
