import type { Collection } from 'ibex-state'
import { useCollection, useIds, useItem } from 'ibex-state/react'
import { memo, type ReactNode } from 'react'
import { Task } from '../../scenes/tasks.js'

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
      <button onClick={() => tasks.create({ title: 'Answer the letters' })}>Add</button>
    </>
  )
}

const Row = memo(function Row({ tasks, id }: { tasks: Collection<typeof Task>; id: string }) {
  const [task, setTask] = useItem(tasks, id)
  return (
    <li>
      {task?.title} <button onClick={() => setTask((draft) => draft.votes.increment())}>▲ {task?.votes}</button>{' '}
      <button onClick={() => setTask({ title: `Z ${task?.title}` })}>To the end</button>
    </li>
  )
})
