import { atom, createStore, type PrimitiveAtom, Provider, useAtomValue } from 'jotai'
import { selectAtom } from 'jotai/utils'
import { deriveRows, present, sameRows } from '../../live-rows.js'
import { LIMIT, type Task } from '../../tasks.js'
import type { OpenScreen } from '../screen.js'

export const open: OpenScreen = (all) => {
  const store = createStore()
  const atoms = new Map<string, PrimitiveAtom<Task>>(all.map((task) => [task.id, atom(task)]))
  const list = atom([...atoms.values()])
  const rows = selectAtom(
    atom((get) => deriveRows(get(list).map(get), LIMIT)),
    (found) => found,
    sameRows,
  )
  return {
    ids: all.map(({ id }) => id),
    Provider: ({ children }) => <Provider store={store}>{children}</Provider>,
    useTask: (id) => useAtomValue(present(atoms.get(id))),
    useOpen: () => useAtomValue(rows),
    update: (id, edit) => store.set(present(atoms.get(id)), (task) => ({ ...task, ...edit })),
  }
}
