import { configureStore, createEntityAdapter, createSelector, createSlice, type PayloadAction } from '@reduxjs/toolkit'
import { deriveRows, liveQuery, sameRows } from '../live-rows.js'
import type { Items, Peer } from '../peer.js'
import type { Edit, Task } from '../tasks.js'

export const peer: Peer = { name: 'Redux Toolkit', packages: ['@reduxjs/toolkit'], open }

function open(): Items {
  const adapter = createEntityAdapter<Task>()
  const slice = createSlice({
    name: 'tasks',
    initialState: adapter.getInitialState(),
    reducers: {
      added: adapter.addOne,
      addedMany: adapter.addMany,
      updated(state, { payload: { id, edit } }: PayloadAction<{ readonly id: string; readonly edit: Edit }>) {
        Object.assign(state.entities[id] ?? {}, edit)
      },
    },
  })
  const { added, addedMany, updated } = slice.actions
  const store = configureStore({ reducer: slice.reducer })
  return {
    create(task) {
      store.dispatch(added(task))
      return task.id
    },
    createMany(all) {
      store.dispatch(addedMany([...all]))
      return all.map(({ id }) => id)
    },
    title: (id) => store.getState().entities[id]!.title,
    update: (id, edit) => void store.dispatch(updated({ id, edit })),
    subscribe(id, listener) {
      let before = store.getState().entities[id]!.title
      return store.subscribe(() => {
        const { title } = store.getState().entities[id]!
        if (title !== before) listener((before = title))
      })
    },
    query: (limit) =>
      liveQuery(
        ({ id }: Task) => id,
        (tell) => {
          const select = createSelector([(state: ReturnType<typeof store.getState>) => state.entities], (entities) =>
            deriveRows(Object.values(entities), limit),
          )
          let rows = select(store.getState())
          tell(rows)
          return store.subscribe(() => {
            const next = select(store.getState())
            if (!sameRows(rows, next)) tell((rows = next))
          })
        },
      ),
    close() {},
  }
}
