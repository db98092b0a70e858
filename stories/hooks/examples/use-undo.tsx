import { useItem, useUndo } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Task } from '../../scenes/tasks.js'

export function Undoable({ scope }: { scope: 'session' | 'user' }): ReactNode {
  const [task, setTask] = useItem(Task, 't-1')
  const { undo, redo, canUndo, canRedo } = useUndo({ scope })
  return (
    <>
      <p>
        {task?.title}: {task?.state} ▲ {task?.votes}
      </p>
      <div>
        <button onClick={() => setTask({ state: 'done' })}>Finish</button>{' '}
        <button onClick={() => setTask((draft) => draft.votes.increment())}>Vote</button>
      </div>
      <div>
        <button disabled={!canUndo} onClick={undo}>
          Undo
        </button>{' '}
        <button disabled={!canRedo} onClick={redo}>
          Redo
        </button>
      </div>
    </>
  )
}
