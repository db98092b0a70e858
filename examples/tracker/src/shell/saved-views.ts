/** The views at the left: filters that have a name. */
import type { IconName } from '../look/icons.js'
import { type Filters, NO_FILTERS, type ViewState } from '../view/view-state.js'
import { me } from './session.js'

export interface SavedView {
  readonly name: string
  readonly icon: IconName
  readonly filters: Filters
}

export const SAVED_VIEWS: readonly SavedView[] = [
  { name: 'All issues', icon: 'layers', filters: NO_FILTERS },
  { name: 'Active', icon: 'bolt', filters: { ...NO_FILTERS, statuses: ['todo', 'doing', 'review'] } },
  { name: 'Backlog', icon: 'inbox', filters: { ...NO_FILTERS, statuses: ['backlog'] } },
  { name: 'My issues', icon: 'person', filters: { ...NO_FILTERS, assignees: [me] } },
  { name: 'Closed', icon: 'check', filters: { ...NO_FILTERS, statuses: ['done', 'cancelled'] } },
]

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean => a.join() === b.join()

/** The saved view that shows what `view` shows. */
export function savedViewOf(view: ViewState): SavedView | undefined {
  return SAVED_VIEWS.find(
    ({ filters }) =>
      isSame(filters.statuses, view.statuses) &&
      isSame(filters.priorities, view.priorities) &&
      isSame(filters.assignees, view.assignees) &&
      isSame(filters.tags, view.tags),
  )
}
