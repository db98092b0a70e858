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
  // Of a text that was typed each letter is a change; to whom it happens it is one.
  const places = rejected.flatMap(({ changes }) => changes.map(({ id, field }) => `${id} ${field}`))
  const { size } = new Set(places)
  return (
    <div className="toast is-refusal" role="alert">
      <Icon name="warning" />
      <div className="grow">
        <strong>{size > 1 ? `${size} changes were refused` : 'A change was refused'}</strong>
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
