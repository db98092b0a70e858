import { memo, type ReactNode } from 'react'
import type { Status } from '../data/issue.js'
import { STATUS_NAMES } from '../data/terms.js'
import { Icon, StatusIcon } from '../look/icons.js'
import { openForm } from '../shell/overlay.js'
import { toggleFolded } from './folded.js'

interface GroupHeadingProps {
  readonly status: Status
  readonly count: number
  readonly isFolded: boolean
  /** Null: it sticks to the top. */
  readonly top: number | null
  readonly row: number
}

export const GroupHeading = memo(function GroupHeading(props: GroupHeadingProps): ReactNode {
  const { status, count, isFolded, top, row } = props
  return (
    <div
      className="group"
      role="row"
      aria-rowindex={row}
      style={top === null ? { position: 'sticky', top: 0 } : { transform: `translateY(${top}px)` }}
    >
      <span role="gridcell" className="group-cell">
        <button type="button" className="fold" aria-expanded={!isFolded} onClick={() => toggleFolded(status)}>
          <Icon name="chevron" />
          <StatusIcon status={status} />
          {STATUS_NAMES[status]}
          <span className="count">{count.toLocaleString('en')}</span>
        </button>
        <button
          type="button"
          className="quiet-button"
          aria-label={`New issue in ${STATUS_NAMES[status]}`}
          tabIndex={-1}
          onClick={() => openForm(status)}
        >
          <Icon name="plus" />
        </button>
      </span>
    </div>
  )
})
