import type { Collection } from 'ibex-state'
import { useCollection, useIds, useItem } from 'ibex-state/react'
import { memo, type ReactNode } from 'react'
import { Task } from '../../scenes/tasks.js'
import { Editor } from './use-item.js'

export function LongList(): ReactNode {
  const tasks = useCollection(Task)
  // Renders when a row comes, goes or moves; not when one is voted for.
  const ids = useIds(Task, { orderBy: 'title' })
  return (
    <>
      <ul>
        {ids.map((id) => (
          <Row key={id} tasks={tasks} id={id} />
        ))}
      </ul>
      <button onClick={() => tasks.create({ title: 'New task' })}>Add</button>
      <Editor id="t-1" />
    </>
  )
}

const Row = memo(function Row({ tasks, id }: { tasks: Collection<typeof Task>; id: string }) {
  const [task, setTask] = useItem(tasks, id)
  if (!task) return null
  return (
    <li>
      {task.title} <button onClick={() => setTask((draft) => draft.votes.increment())}>▲ {task.votes}</button>{' '}
      <button onClick={() => tasks.delete(id)}>Delete {task.title}</button>
    </li>
  )
})
