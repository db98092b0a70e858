import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { usePanel, useSession } from '../state/panel-context.js'
import { VIEWS, type ViewName } from '../state/panel-state.js'
import { useLive } from '../state/use-live.js'
import { countOf } from '../time/format-time.js'
import { usePanelShape } from './shape.js'

export const VIEW_TITLES: Readonly<Record<ViewName, string>> = {
  timeline: 'Timeline',
  graph: 'Graph',
  items: 'Items',
  conflicts: 'Conflicts',
  queries: 'Queries',
  sync: 'Sync',
  rejected: 'Rejected',
  storage: 'Storage',
  bisect: 'Bisect',
}

export const tabId = (name: ViewName): string => `ibex-tab-${name}`

export function Tabs(): ReactNode {
  const { view } = usePanel()
  const current = useLive(view)
  const list = useRef<HTMLDivElement>(null)
  const shape = usePanelShape()

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
    const at = VIEWS.indexOf(current)
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? VIEWS.length - 1 : by === undefined ? -1 : at + by
    if (to < 0 && by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const name = VIEWS[(to + VIEWS.length) % VIEWS.length]!
    view.set(name)
    list.current?.querySelector<HTMLElement>(`[data-view=${name}]`)?.focus()
  }

  return (
    <div
      ref={list}
      className="tabs"
      role="tablist"
      aria-label="Views"
      aria-orientation={shape === 'wide' ? 'vertical' : 'horizontal'}
      onKeyDown={onKeyDown}
    >
      {VIEWS.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={tabId(name)}
          data-view={name}
          className="tab"
          aria-selected={name === current}
          tabIndex={name === current ? 0 : -1}
          onClick={() => view.set(name)}
        >
          {VIEW_TITLES[name]}
          {name === 'rejected' && <RejectedCount />}
        </button>
      ))}
    </div>
  )
}

function RejectedCount(): ReactNode {
  const { rejected } = useLive(useSession().store.troubles)
  return rejected.length > 0 && <span className="badge is-bad">{countOf(rejected.length)}</span>
}
