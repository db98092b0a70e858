import { proxy, useSnapshot } from 'valtio'
import { deriveRows, present } from '../../live-rows.js'
import { LIMIT, type Task } from '../../tasks.js'
import type { OpenScreen } from '../screen.js'

type Writable = { -readonly [K in keyof Task]: Task[K] }

export const open: OpenScreen = (all) => {
  const tasks = proxy<Record<string, Writable>>(Object.fromEntries(all.map((task) => [task.id, { ...task }])))
  return {
    ids: all.map(({ id }) => id),
    useTask(id) {
      const { title } = useSnapshot(present(tasks[id]))
      return { id, title }
    },
    useOpen: () => deriveRows(Object.values(useSnapshot(tasks)), LIMIT),
    update: (id, edit) => void Object.assign(present(tasks[id]), edit),
  }
}
