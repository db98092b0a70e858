import { action, computed, makeObservable, observable, observe, reaction, runInAction } from 'mobx'
import { deriveRows, liveQuery, present } from '../live-rows.js'
import type { Items, Peer } from '../peer.js'
import type { Edit, Task } from '../tasks.js'

class ObservableTask {
  readonly id: string
  title: string
  done: boolean
  priority: number
  tags: readonly string[]
  updatedAt: number

  constructor({ id, title, done, priority, tags, updatedAt }: Task) {
    this.id = id
    this.title = title
    this.done = done
    this.priority = priority
    this.tags = tags
    this.updatedAt = updatedAt
    makeObservable(this, {
      title: observable,
      done: observable,
      priority: observable,
      tags: observable,
      updatedAt: observable,
      edit: action,
    })
  }

  edit(edit: Edit): void {
    Object.assign(this, edit)
  }
}

export const peer: Peer = { name: 'MobX', packages: ['mobx'], open }

/** Tasks as MobX has them. */
export function createTasks(): {
  readonly tasks: ReturnType<typeof observable.map<string, ObservableTask>>
  create(task: Task): string
} {
  const tasks = observable.map<string, ObservableTask>({}, { deep: false })
  return {
    tasks,
    create(task) {
      tasks.set(task.id, new ObservableTask(task))
      return task.id
    },
  }
}

function open(): Items {
  const { tasks, create } = createTasks()
  return {
    create: action(create),
    createMany: (all) => runInAction(() => all.map(create)),
    title: (id) => tasks.get(id)!.title,
    update: (id, edit) => tasks.get(id)!.edit(edit),
    subscribe: (id, listener) => observe(present(tasks.get(id)), 'title', ({ newValue }) => listener(newValue)),
    query: (limit) =>
      liveQuery(
        ({ id }: Task) => id,
        (tell) => {
          // Whoever shows the rows looks at their fields too.
          const rows = computed(() => deriveRows(tasks.values(), limit))
          return reaction(() => rows.get().map(({ id, title }) => ({ id, title })), tell, { fireImmediately: true })
        },
      ),
    close() {},
  }
}
