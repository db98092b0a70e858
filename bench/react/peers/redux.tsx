import { configureStore, createEntityAdapter, createSelector, createSlice, type PayloadAction } from '@reduxjs/toolkit'
import { Provider, shallowEqual, useSelector } from 'react-redux'
import { deriveRows } from '../../live-rows.js'
import { type Edit, LIMIT, type Task } from '../../tasks.js'
import type { OpenScreen } from '../screen.js'

export const open: OpenScreen = (all) => {
  const adapter = createEntityAdapter<Task>()
  const slice = createSlice({
    name: 'tasks',
    initialState: adapter.getInitialState(undefined, [...all]),
    reducers: {
      updated(state, { payload: { id, edit } }: PayloadAction<{ readonly id: string; readonly edit: Edit }>) {
        Object.assign(state.entities[id] ?? {}, edit)
      },
    },
  })
  const store = configureStore({ reducer: slice.reducer })
  type State = ReturnType<typeof store.getState>
  const select = createSelector([({ entities }: State) => entities], (entities) =>
    deriveRows(Object.values(entities), LIMIT),
  )
  return {
    ids: all.map(({ id }) => id),
    Provider: ({ children }) => <Provider store={store}>{children}</Provider>,
    useTask: (id) => ({ id, title: useSelector(({ entities }: State) => entities[id]?.title ?? '') }),
    useOpen: () => useSelector(select, shallowEqual),
    update: (id, edit) => void store.dispatch(slice.actions.updated({ id, edit })),
  }
}
