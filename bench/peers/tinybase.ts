import { createQueries, createStore, type Store } from 'tinybase'
import { liveQuery } from '../live-rows.js'
import type { Items, Peer } from '../peer.js'
import type { Task } from '../tasks.js'

export const peer: Peer = { name: 'TinyBase', packages: ['tinybase'], note: 'tags as JSON in a cell', open }

function open(): Items {
  return itemsOf(createStore())
}

/** A TinyBase store's tasks as the benchmarks use them. */
export function itemsOf(store: Store): Items {
  const put = ({ id, tags, ...cells }: Task): string => {
    store.setRow('tasks', id, { ...cells, tags: JSON.stringify(tags) })
    return id
  }
  return {
    create: put,
    createMany: (all) => store.transaction(() => all.map(put)),
    title: (id) => store.getCell('tasks', id, 'title') as string,
    update: (id, edit) => void store.setPartialRow('tasks', id, edit),
    subscribe(id, listener) {
      const handle = store.addCellListener('tasks', id, 'title', (_store, _table, _row, _cell, title) =>
        listener(title as string),
      )
      return () => void store.delListener(handle)
    },
    query: (limit) =>
      liveQuery(
        ({ id }: { readonly id: string }) => id,
        (tell) => {
          const queries = createQueries(store)
          queries.setQueryDefinition('open', 'tasks', ({ select, where }) => {
            for (const cell of ['title', 'done', 'priority', 'tags', 'updatedAt']) select(cell)
            where('done', false)
          })
          const rows = (ids: readonly string[]): unknown[] =>
            ids.map((id) => ({ id, ...queries.getResultRow('open', id) }))
          queries.addResultSortedRowIdsListener('open', 'updatedAt', true, 0, limit, (...args) => tell(rows(args[6])))
          tell(rows(queries.getResultSortedRowIds('open', 'updatedAt', true, 0, limit)))
          return () => queries.destroy()
        },
      ),
    close() {},
  }
}
