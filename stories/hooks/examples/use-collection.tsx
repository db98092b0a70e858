import { useCollection, useQuery } from 'ibex-state/react'
import { type ReactNode, useState } from 'react'
import { Choice } from '../../scenes/choice.js'
import { Task } from '../../scenes/tasks.js'

/** Of the repository that is named, else of the one around. */
export function Tasks({ path }: { path?: string }): ReactNode {
  const tasks = useCollection(Task, { in: path })
  return (
    <>
      <ul>
        {useQuery(Task, { orderBy: '$createdAt' }, { in: path }).map(({ $id, title }) => (
          <li key={$id}>
            {title} <button onClick={() => tasks.delete($id)}>Delete {title}</button>
          </li>
        ))}
      </ul>
      <button onClick={() => tasks.create({ title: 'New task' })}>Add</button>
    </>
  )
}

export function Lists(): ReactNode {
  const [path, setPath] = useState('/data/main')
  return (
    <>
      <Choice of={['/data/main', '/data/garden']} chosen={path} onChoose={setPath} />
      <Tasks path={path} />
    </>
  )
}
