import { create } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { deriveRows } from '../../live-rows.js'
import { LIMIT, type Task } from '../../tasks.js'
import type { OpenScreen } from '../screen.js'

interface State {
  readonly tasks: Readonly<Record<string, Task>>
}

export const open: OpenScreen = (all) => {
  const useTasks = create<State>(() => ({ tasks: Object.fromEntries(all.map((task) => [task.id, task])) }))
  return {
    ids: all.map(({ id }) => id),
    useTask: (id) => ({ id, title: useTasks(({ tasks }) => tasks[id]?.title ?? '') }),
    useOpen: () => useTasks(useShallow(({ tasks }: State) => deriveRows(Object.values(tasks), LIMIT))),
    update: (id, edit) =>
      useTasks.setState(({ tasks }) => ({ tasks: { ...tasks, [id]: Object.assign({}, tasks[id], edit) } })),
  }
}
