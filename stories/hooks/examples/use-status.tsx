import { useStatus } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Editor } from './use-item.js'

export function StatusLine(): ReactNode {
  // Renders only when one of these is another.
  const { connection, pending } = useStatus(({ connection, pending }) => ({ connection, pending }))
  return (
    <>
      <p>{pending === 0 ? `All is saved (${connection})` : `Waiting to be saved: ${pending} (${connection})`}</p>
      <Editor id="t-1" />
    </>
  )
}
