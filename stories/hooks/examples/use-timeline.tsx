import { useTimeline } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Task } from '../../scenes/tasks.js'
import { Editor } from './use-item.js'

export function News({ limit }: { limit: number }): ReactNode {
  // A filter is data, as a query is: equal ones share the work.
  const [entries] = useTimeline({ schema: Task, limit })
  return (
    <>
      <Editor id="t-1" />
      <ol aria-label="News">
        {entries.map(({ key, by, items, standing }) => (
          <li key={key}>
            {by}: {items.flatMap(({ did, fields }) => [did, ...fields]).join(' ')} ({standing})
          </li>
        ))}
      </ol>
    </>
  )
}
