import { useStatus, useStore } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Keys } from '../commands/keys.js'
import { addSamples } from '../data/add-samples.js'
import { useIsPast } from '../film/film.js'
import { Logo } from '../look/icons.js'
import { showView, useView } from '../view/use-view.js'
import { isFiltered, NO_FILTERS } from '../view/view-state.js'

/** Instead of a list without issues: why, and what to do. */
export function Empty(): ReactNode {
  const store = useStore()
  const view = useView()
  const isComplete = useStatus((status) => status.complete)
  const isPast = useIsPast()
  if (isPast) {
    return (
      <div className="empty">
        <Logo />
        <p>{isFiltered(view) ? 'No issue was like that then.' : 'There was nothing here yet.'}</p>
      </div>
    )
  }
  if (isFiltered(view)) {
    return (
      <div className="empty">
        <p>No issue is like that.</p>
        <button type="button" className="text-button" onClick={() => showView({ ...NO_FILTERS, text: '' })}>
          Clear filters
        </button>
      </div>
    )
  }
  return (
    <div className="empty">
      <Logo />
      <p>
        {isComplete ? 'Nothing here yet.' : 'Nothing on this device yet. What others made comes with the connection.'}
      </p>
      <p className="empty-hint">
        <Keys of="c" /> makes the first issue.
      </p>
      <button type="button" className="text-button" onClick={() => addSamples(store, 1000)}>
        Add 1,000 samples
      </button>
    </div>
  )
}
