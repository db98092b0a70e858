import { createQueries, createStore } from 'tinybase'
import { Provider, useCell, useResultSortedRowIds } from 'tinybase/ui-react'
import { LIMIT } from '../../tasks.js'
import type { OpenScreen } from '../screen.js'

export const open: OpenScreen = (all) => {
  const store = createStore()
  store.transaction(() => {
    for (const { id, tags, ...cells } of all) store.setRow('tasks', id, { ...cells, tags: JSON.stringify(tags) })
  })
  const queries = createQueries(store)
  queries.setQueryDefinition('open', 'tasks', ({ select, where }) => {
    for (const cell of ['title', 'done', 'updatedAt']) select(cell)
    where('done', false)
  })
  return {
    ids: all.map(({ id }) => id),
    Provider: ({ children }) => (
      <Provider store={store} queries={queries}>
        {children}
      </Provider>
    ),
    useTask: (id) => ({ id, title: useCell('tasks', id, 'title') as string }),
    useOpenIds: () => useResultSortedRowIds('open', 'updatedAt', true, 0, LIMIT),
    update: (id, edit) => void store.setPartialRow('tasks', id, edit),
  }
}
