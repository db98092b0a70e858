/** What is said where there is nothing to show: what is the case, and what to do. */
import type { ReactNode } from 'react'

export interface NoteProps {
  readonly title: string
  readonly children?: ReactNode
  /** Something is under way. */
  readonly busy?: boolean
  readonly kind?: 'bad' | undefined
}

export function Note({ title, children, busy = false, kind }: NoteProps): ReactNode {
  return (
    <div className="note" role={kind === 'bad' ? 'alert' : 'status'} data-kind={kind}>
      {busy && <span className="busy" />}
      <p className="note-title">{title}</p>
      {children && <div className="note-text">{children}</div>}
    </div>
  )
}
