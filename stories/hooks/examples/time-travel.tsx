import type { Moment } from 'ibex-state'
import { TimeTravel, useQuery, useTimeline } from 'ibex-state/react'
import { type ReactNode, useState } from 'react'
import { Task } from '../../scenes/tasks.js'
import { Editor } from './use-item.js'

export function Past(): ReactNode {
  const [entries] = useTimeline({ limit: 5 })
  const [at, setAt] = useState<Moment | null>(null)
  return (
    <>
      <Editor id="t-1" />
      <div>
        <button aria-pressed={at === null} onClick={() => setAt(null)}>
          Now
        </button>{' '}
        {entries.map(({ key, moment }, i) => (
          <button key={key} aria-pressed={at === moment} disabled={!moment} onClick={() => setAt(moment ?? null)}>
            {i === 0 ? 'After the last change' : `${i} before`}
          </button>
        ))}
      </div>
      <TimeTravel at={at}>
        <Titles />
      </TimeTravel>
    </>
  )
}

/** Knows nothing of the past. */
function Titles(): ReactNode {
  return (
    <ul aria-label="Titles">
      {useQuery(Task, { orderBy: '$id' }).map(({ $id, title }) => (
        <li key={$id}>{title}</li>
      ))}
    </ul>
  )
}
