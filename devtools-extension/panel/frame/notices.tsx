import { type ReactNode, useEffect } from 'react'
import { Icon } from '../look/icons.js'
import { usePanel } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'

/** Milliseconds. */
const SHOWN = 4000

/** The last word about what was done; what failed stays until it is dismissed. */
export function Notices(): ReactNode {
  const { notice } = usePanel()
  const current = useLive(notice)
  useEffect(() => {
    if (current?.kind !== 'done') return undefined
    const timer = setTimeout(() => notice.set(null), SHOWN)
    return () => clearTimeout(timer)
  }, [current, notice])
  return (
    <div className="notices" role={current?.kind === 'failed' ? 'alert' : 'status'}>
      {current && (
        <p className="notice" data-kind={current.kind}>
          <Icon name={current.kind === 'done' ? 'check' : 'warning'} />
          <span>{current.text}</span>
          <button type="button" className="tool" aria-label="Dismiss" onClick={() => notice.set(null)}>
            <Icon name="close" />
          </button>
        </p>
      )}
    </div>
  )
}
