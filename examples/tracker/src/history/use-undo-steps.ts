import { useRepositoryHistory, useStore, useUndo } from 'ibex-state/react'
import type { ActionId, History } from 'ibex-state'
import { useMemo } from 'react'
import { isSeed } from '../data/seed.js'
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
      undoName: history && nameIn(history, undoAction),
      redoName: history && nameIn(history, redoAction),
    }
  }, [store, history, undoAction, redoAction])
}

function nameIn(history: History, action: ActionId | undefined): string | undefined {
  if (action === undefined) return undefined
  const entry = history.entry(action)
  return isSeed(entry) ? undefined : nameOf(entry)
}
