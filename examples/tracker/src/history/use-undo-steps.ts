import { useRepositoryHistory, useStore, useUndo } from 'ibex-state/react'
import { useMemo } from 'react'
import { toast } from '../toast/toasts.js'
import { nameOf, redoOne, undoOne } from './undo.js'

export interface UndoSteps {
  readonly undo: () => void
  readonly redo: () => void
  /** What would be undone; undefined where there is nothing. */
  readonly undoName: string | undefined
  readonly redoName: string | undefined
}

/** What this window can undo and redo. */
export function useUndoSteps(): UndoSteps {
  const store = useStore()
  const history = useRepositoryHistory({ suspense: false })
  const { undoAction, redoAction } = useUndo({ suspense: false })
  return useMemo(() => {
    const act = (one: typeof undoOne) => () => (history ? one(history, store) : toast('The history is being read.'))
    return {
      undo: act(undoOne),
      redo: act(redoOne),
      undoName: history && undoAction && nameOf(history.entry(undoAction)),
      redoName: history && redoAction && nameOf(history.entry(redoAction)),
    }
  }, [store, history, undoAction, redoAction])
}
