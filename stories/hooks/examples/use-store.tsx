import { useQuery, useStore } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Task } from '../../scenes/tasks.js'

export function FinishAll(): ReactNode {
  const store = useStore()
  const open = useQuery(Task, { where: { state: { ne: 'done' } } })
  const finishAll = (): void => {
    const tasks = store.collection(Task)
    // One action: one entry in the history, one undo.
    store.transact(() => open.forEach(({ $id }) => tasks.update($id, { state: 'done' })), { label: 'Finish all' })
  }
  return (
    <>
      <p>
        {open.length} to do in {store.name}
      </p>
      <button onClick={finishAll}>Finish all</button>
    </>
  )
}
