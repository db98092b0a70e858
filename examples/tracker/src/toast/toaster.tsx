import { type ReactNode, useEffect, useState } from 'react'
import { Icon } from '../look/icons.js'
import { useCell } from '../shell/cell.js'
import { Rejections } from '../status/rejections.js'
import { dismiss, type Toast, toasts } from './toasts.js'

/** How long a toast stays, in milliseconds: longer with something to click. */
const SHORT = 4000
const LONG = 8000

export function Toaster(): ReactNode {
  const shown = useCell(toasts)
  return (
    <div className="toaster" role="region" aria-label="News">
      <div aria-live="polite" className="toasts">
        {shown.map((one) => (
          <ToastCard key={one.key} toast={one} />
        ))}
      </div>
      <Rejections />
    </div>
  )
}

function ToastCard({ toast: { key, text, action } }: { toast: Toast }): ReactNode {
  const [isHeld, setHeld] = useState(false)
  useEffect(() => {
    if (isHeld) return
    const timer = setTimeout(() => dismiss(key), action ? LONG : SHORT)
    return () => clearTimeout(timer)
  }, [isHeld, key, action])
  return (
    <div className="toast" onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)}>
      <span className="grow">{text}</span>
      {action && (
        <button
          type="button"
          className="toast-action"
          onClick={() => {
            dismiss(key)
            action.run()
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className="quiet-button" aria-label="Dismiss" onClick={() => dismiss(key)}>
        <Icon name="close" />
      </button>
    </div>
  )
}
