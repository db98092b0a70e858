import { useItem } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Task } from '../../scenes/tasks.js'

export function Editor({ id }: { id: string }): ReactNode {
  const [task, setTask, status] = useItem(Task, id)
  if (!task) return <p>{status}</p>
  return (
    <>
      <label>
        Title <input value={task.title} onChange={({ target }) => setTask({ title: target.value })} />
      </label>
      <button onClick={() => setTask((draft) => draft.votes.increment())}>▲ {task.votes}</button>
    </>
  )
}
