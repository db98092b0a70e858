import type { ReactNode } from 'react'
import { usePanelShape } from './shape.js'
import { Split } from './split.js'

/** A view, and beside or below it what it says about what was chosen. */
export function WithDetail({ detail, children }: { detail: ReactNode; children: ReactNode }): ReactNode {
  const isWide = usePanelShape() === 'wide'
  return (
    <Split
      key={String(isWide)}
      direction={isWide ? 'row' : 'column'}
      label="Details"
      part={isWide ? 0.38 : 0.45}
      least={isWide ? 240 : 120}
    >
      {children}
      <div className="pane">{detail}</div>
    </Split>
  )
}
