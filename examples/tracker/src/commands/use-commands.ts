import { useStore } from 'ibex-state/react'
import { useMemo } from 'react'
import { type Command, createCommands } from './commands.js'

/** The commands of this window. */
export function useCommands(): readonly Command[] {
  const store = useStore()
  return useMemo(() => createCommands(store), [store])
}
