import type { ReactNode } from 'react'
import { usePanel } from '../state/panel-context.js'

/** The beginning of an id; a click copies all of it. */
export function Id({ id, label }: { id: string; label?: string }): ReactNode {
  const panel = usePanel()
  return (
    <button
      type="button"
      className="id mono"
      title={`${id} (click to copy)`}
      aria-label={`Copy ${label ?? 'id'} ${id.slice(0, 8)}`}
      onClick={(event) => {
        event.stopPropagation()
        void panel.act(() => panel.host.copyText(id), 'Copied.')
      }}
    >
      {shortId(id)}
    </button>
  )
}

export function shortId(id: string): string {
  return id.length > 12 ? `${id.slice(0, 8)}…` : id
}
