import { useConflicts } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Task } from '../../scenes/tasks.js'
import { Editor } from './use-item.js'

export function Disagreement(): ReactNode {
  const [conflicts] = useConflicts(Task, 't-1')
  return (
    <>
      <Editor id="t-1" />
      {conflicts.map(({ field, value, losing, keep }) => (
        <div key={field} role="group" aria-label={`Two wrote the ${field} at once`}>
          <button onClick={() => keep()}>Keep “{String(value)}”</button>{' '}
          {losing.map(({ value, by, take }) => (
            <button key={by.action} onClick={() => take()}>
              Take “{String(value)}” of {by.by}
            </button>
          ))}
        </div>
      ))}
    </>
  )
}
