import { useCollection, useQuery } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Task } from '../../scenes/tasks.js'

export function Tasks(): ReactNode {
  const tasks = useCollection(Task)
  return (
    <>
      <ul>
        {useQuery(Task, { orderBy: '$createdAt' }).map(({ $id, title }) => (
          <li key={$id}>
            {title} <button onClick={() => tasks.delete($id)}>Delete {title}</button>
          </li>
        ))}
      </ul>
      <button onClick={() => tasks.create({ title: 'New task' })}>Add</button>
    </>
  )
}
