import { useBlame } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Task } from '../../scenes/tasks.js'
import { Editor } from './use-item.js'

export function WhoWrote(): ReactNode {
  const [blame] = useBlame(Task, 't-1', 'title')
  return (
    <>
      <Editor id="t-1" />
      {blame && (
        <p>
          Title by {blame.by}, {new Date(blame.at).toLocaleTimeString('en')}, {blame.verified}
        </p>
      )}
    </>
  )
}
