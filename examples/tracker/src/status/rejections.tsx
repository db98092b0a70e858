import type { Rejection } from 'ibex-state'
import { useStatus } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Icon } from '../look/icons.js'

/** What the server refused, until one decides what becomes of it. */
export function Rejections(): ReactNode {
  const rejected = useStatus((status) => status.rejected)
  const last = rejected.at(-1)
  if (!last) return null
  const each = (act: (rejection: Rejection) => void): void => rejected.forEach(act)
  const changes = rejected.reduce((sum, rejection) => sum + rejection.changes.length, 0)
  return (
    <div className="toast is-refusal" role="alert">
      <Icon name="warning" />
      <div className="grow">
        <strong>{changes === 1 ? 'A change was refused' : `${changes} changes were refused`}</strong>
        <p>{last.message}</p>
      </div>
      <button type="button" className="text-button" onClick={() => each((rejection) => rejection.discard())}>
        Discard
      </button>
      <button type="button" className="toast-action" onClick={() => each((rejection) => void rejection.retry())}>
        Retry
      </button>
    </div>
  )
}
