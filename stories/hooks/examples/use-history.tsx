import { useHistory, useRepositoryHistory } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Task } from '../../scenes/tasks.js'
import { Editor } from './use-item.js'

export function Story({ limit }: { limit: number }): ReactNode {
  const id = 't-1'
  const [entries] = useHistory(Task, id, { limit })
  const history = useRepositoryHistory()
  return (
    <>
      <Editor id={id} />
      <ol aria-label="What happened">
        {entries.map(({ key, by, at, moment }) => (
          <li key={key}>
            {by} at {new Date(at).toLocaleTimeString('en')}{' '}
            {moment && <button onClick={() => history.revertTo(moment, { items: [id] })}>Restore this</button>}
          </li>
        ))}
      </ol>
    </>
  )
}
