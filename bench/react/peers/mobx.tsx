import { compareShallow, computed, runInAction } from 'mobx'
import { observer } from 'mobx-react-lite'
import { createTasks } from '../../peers/mobx.js'
import { deriveRows, present } from '../../live-rows.js'
import { LIMIT } from '../../tasks.js'
import type { OpenScreen } from '../screen.js'

export const open: OpenScreen = (all) => {
  const { tasks, create } = createTasks()
  runInAction(() => all.forEach(create))
  const rows = computed(() => deriveRows(tasks.values(), LIMIT), { equals: compareShallow })
  return {
    observe: observer,
    ids: all.map(({ id }) => id),
    useTask: (id) => ({ id, title: present(tasks.get(id)).title }),
    useOpen: () => rows.get(),
    update: (id, edit) => present(tasks.get(id)).edit(edit),
  }
}
