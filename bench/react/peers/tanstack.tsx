import { BTreeIndex, createCollection, eq, localOnlyCollectionOptions } from '@tanstack/db'
import { useLiveQuery } from '@tanstack/react-db'
import { LIMIT, type Task } from '../../tasks.js'
import type { OpenScreen } from '../screen.js'

export const open: OpenScreen = (all) => {
  const tasks = createCollection(
    localOnlyCollectionOptions<Task, string>({
      id: 'tasks',
      getKey: ({ id }) => id,
      autoIndex: 'eager',
      defaultIndexType: BTreeIndex,
    }),
  )
  tasks.insert([...all])
  return {
    ids: all.map(({ id }) => id),
    useTask(id) {
      const { data } = useLiveQuery((q) => q.from({ task: tasks }).where(({ task }) => eq(task.id, id)), [id])
      return { id, title: data[0]?.title ?? '' }
    },
    useOpen: () =>
      useLiveQuery((q) =>
        q
          .from({ task: tasks })
          .where(({ task }) => eq(task.done, false))
          .orderBy(({ task }) => task.updatedAt, 'desc')
          .limit(LIMIT),
      ).data,
    update: (id, edit) => void tasks.update(id, (draft) => void Object.assign(draft, edit)),
  }
}
