import { useSyncExternalStore } from 'react'
import { formatView, parseView, type ViewState } from './view-state.js'

const MOVED = 'view-moved'

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener)
  addEventListener(MOVED, listener)
  return () => {
    removeEventListener('popstate', listener)
    removeEventListener(MOVED, listener)
  }
}

let parsed: { readonly search: string; readonly view: ViewState } | undefined

/** What the address says now. */
export function currentView(): ViewState {
  const { search } = location
  if (parsed?.search !== search) parsed = { search, view: parseView(search) }
  return parsed.view
}

/** What is shown: the view in the address. */
export function useView(): ViewState {
  return useSyncExternalStore(subscribe, currentView)
}

/** Shows something else; with `replace` the way back leaves the present view out. */
export function showView(change: Partial<ViewState>, { replace = false } = {}): void {
  const address = location.pathname + formatView({ ...currentView(), ...change }, location.search)
  if (address === location.pathname + location.search) return
  history[replace ? 'replaceState' : 'pushState'](null, '', address)
  dispatchEvent(new Event(MOVED))
}

/** Opens an issue beside the list, or closes it. Going through one after the other leaves one step in the history. */
export function openIssue(id: string | null): void {
  const { issue } = currentView()
  showView({ issue: id }, { replace: issue !== null && id !== null })
}
