import { useQuery } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Task } from '../../scenes/tasks.js'
import { Editor } from './use-item.js'

export function Tasks({ contains, limit }: { contains: string; limit: number }): ReactNode {
  const tasks = useQuery(Task, { where: { title: { contains } }, orderBy: 'title', limit })
  return (
    <>
      <ol>
        {tasks.map(({ $id, title, votes }) => (
          <li key={$id}>
            {title} ▲ {votes}
          </li>
        ))}
      </ol>
      <Editor id="t-1" />
    </>
  )
}
