/** What is shown, as the address says it: a link shows the same issues to everybody. */
import { PRIORITIES, STATUSES, type Priority, type Status } from '../data/issue.js'

export const LAYOUTS = ['list', 'board'] as const
export const SORTS = ['priority', 'updated', 'opened', 'votes', 'title', 'assignee'] as const
export type Layout = (typeof LAYOUTS)[number]
export type Sort = (typeof SORTS)[number]

/** Stands for *nobody* among assignees. */
export const NOBODY = 'nobody'

export interface Filters {
  readonly statuses: readonly Status[]
  readonly priorities: readonly Priority[]
  readonly assignees: readonly string[]
  readonly tags: readonly string[]
}

export interface ViewState extends Filters {
  readonly layout: Layout
  readonly sort: Sort
  readonly text: string
  /** The issue that is open beside the list. */
  readonly issue: string | null
}

export const NO_FILTERS: Filters = { statuses: [], priorities: [], assignees: [], tags: [] }

/** What the address says; whatever is wrong in it is left out. */
export function parseView(search: string): ViewState {
  const params = new URLSearchParams(search)
  const list = (name: string): string[] => (params.get(name) ?? '').split(',').filter(Boolean)
  const layout = params.get('view')
  const sort = params.get('sort')
  return {
    layout: LAYOUTS.find((known) => known === layout) ?? 'list',
    sort: SORTS.find((known) => known === sort) ?? 'priority',
    statuses: STATUSES.filter((status) => list('status').includes(status)),
    priorities: PRIORITIES.filter((priority) => list('priority').includes(String(priority))),
    assignees: list('assignee'),
    tags: list('tag'),
    text: params.get('q') ?? '',
    issue: params.get('issue'),
  }
}

/** The address for a view, which keeps what is not about views in `search`. */
export function formatView(view: ViewState, search: string): string {
  const params = new URLSearchParams(search)
  const put = (name: string, value: string, otherwise = ''): void => {
    if (value === otherwise) params.delete(name)
    else params.set(name, value)
  }
  put('view', view.layout, 'list')
  put('sort', view.sort, 'priority')
  put('status', view.statuses.join(','))
  put('priority', view.priorities.join(','))
  put('assignee', view.assignees.join(','))
  put('tag', view.tags.join(','))
  put('q', view.text)
  put('issue', view.issue ?? '')
  // Commas may stand in an address as they are, and read better so.
  const text = params.toString().replaceAll('%2C', ',')
  return text && `?${text}`
}

/** Adds `value` to a list, or takes it out. */
export function toggled<T>(list: readonly T[], value: T): T[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value]
}

export function isFiltered(view: ViewState): boolean {
  return (
    view.text !== '' || [view.statuses, view.priorities, view.assignees, view.tags].some(({ length }) => length > 0)
  )
}
