import { useQuery } from 'ibex-state/react'
import type { MouseEvent, ReactNode } from 'react'
import { Keys } from '../commands/keys.js'
import { Label } from '../data/issue.js'
import { Icon, Logo } from '../look/icons.js'
import { LabelDot } from '../pick/options.js'
import { clearSelection } from '../selection/selection.js'
import { currentView, showView, useView } from '../view/use-view.js'
import { formatView, NO_FILTERS, type ViewState } from '../view/view-state.js'
import { openForm, overlay } from './overlay.js'
import { SAVED_VIEWS, savedViewOf } from './saved-views.js'

export function Sidebar(): ReactNode {
  const view = useView()
  const labels = useQuery(Label, { orderBy: 'name' })
  const saved = savedViewOf(view)
  return (
    <nav className="sidebar" aria-label="Views">
      <div className="brand">
        <Logo />
        <span>Tracker</span>
        <button
          type="button"
          className="quiet-button end"
          aria-label="Command menu"
          title="Command menu"
          onClick={() => overlay.set({ kind: 'menu' })}
        >
          <Icon name="search" />
        </button>
      </div>
      <button type="button" className="new-issue" onClick={() => openForm()}>
        <Icon name="plus" />
        New issue
        <Keys of="c" />
      </button>
      <ul>
        {SAVED_VIEWS.map(({ name, icon, filters }) => (
          <li key={name}>
            <ViewLink change={{ ...filters, text: '' }} isCurrent={saved?.name === name}>
              <Icon name={icon} />
              {name}
            </ViewLink>
          </li>
        ))}
      </ul>
      <h2>Labels</h2>
      <ul>
        {labels.map(({ $id, name, hue }) => (
          <li key={$id}>
            <ViewLink
              change={{ ...NO_FILTERS, tags: [$id], text: '' }}
              isCurrent={saved === undefined && view.tags.length === 1 && view.tags[0] === $id}
            >
              <LabelDot hue={hue} />
              {name}
            </ViewLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}

interface ViewLinkProps {
  readonly change: Partial<ViewState>
  readonly isCurrent: boolean
  readonly children: ReactNode
}

/** A real link, so that it can be opened in another tab too. */
function ViewLink({ change, isCurrent, children }: ViewLinkProps): ReactNode {
  useView()
  const address = formatView({ ...currentView(), ...change, issue: null }, location.search)
  const onClick = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    clearSelection()
    showView({ ...change, issue: null })
  }
  return (
    <a href={address || location.pathname} aria-current={isCurrent ? 'page' : undefined} onClick={onClick}>
      {children}
    </a>
  )
}
