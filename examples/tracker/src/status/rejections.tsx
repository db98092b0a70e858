import type { Rejection } from 'ibex-state'
import { useStatus, useStore } from 'ibex-state/react'
import { type ReactNode, useEffect, useState } from 'react'
import { Icon } from '../look/icons.js'

/** What the server refused, until one decides what becomes of it. */
export function Rejections(): ReactNode {
  const rejected = useRejections()
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

/** What was refused and not dealt with; rendered as soon as the store reports one, with what it then says of them all. */
function useRejections(): readonly Rejection[] {
  const store = useStore()
  const [, setReported] = useState<Rejection>()
  useEffect(() => store.onRejected(setReported), [store])
  return useStatus((status) => status.rejected)
}
