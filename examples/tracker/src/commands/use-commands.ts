import { useStore } from 'ibex-state/react'
import { useMemo } from 'react'
import { useUndoSteps } from '../history/use-undo-steps.js'
import { type Command, createCommands } from './commands.js'

/** The commands of this window. */
export function useCommands(): readonly Command[] {
  const store = useStore()
  const steps = useUndoSteps()
  return useMemo(() => createCommands(store, steps), [store, steps])
}
