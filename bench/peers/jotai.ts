import { atom, createStore, type PrimitiveAtom } from 'jotai/vanilla'
import { deriveRows, liveQuery, present, sameRows } from '../live-rows.js'
import type { Items, Peer } from '../peer.js'
import type { Task } from '../tasks.js'

export const peer: Peer = {
  name: 'Jotai',
  packages: ['jotai'],
  note: 'an atom for each task, and one for the list of them',
  open,
}

function open(): Items {
  const store = createStore()
  const atoms = new Map<string, PrimitiveAtom<Task>>()
  const list = atom<readonly PrimitiveAtom<Task>[]>([])
  return {
    create(task) {
      const made = atom<Task>({ ...task })
      atoms.set(task.id, made)
      store.set(list, (before) => [...before, made])
      return task.id
    },
    createMany(all) {
      const made = all.map((task) => {
        const one = atom<Task>({ ...task })
        atoms.set(task.id, one)
        return one
      })
      store.set(list, (before) => [...before, ...made])
      return all.map(({ id }) => id)
    },
    title: (id) => store.get(present(atoms.get(id))).title,
    update: (id, edit) => store.set(present(atoms.get(id)), (task) => ({ ...task, ...edit })),
    subscribe(id, listener) {
      const one = atoms.get(id)!
      return store.sub(one, () => listener(store.get(one).title))
    },
    query: (limit) =>
      liveQuery(
        ({ id }: Task) => id,
        (tell) => {
          const derived = atom((get) => deriveRows(get(list).map(get), limit))
          let rows: readonly Task[] = []
          const look = (): void => {
            const next = store.get(derived)
            if (!sameRows(rows, next)) tell((rows = next))
          }
          const stop = store.sub(derived, look)
          look()
          return stop
        },
      ),
    close() {},
  }
}
