/** From a view to the question that is put to the store. */
import type { OrderBy, QueryInput, Where } from 'ibex-state'
import { useDeferredValue, useMemo } from 'react'
import { useIds } from 'ibex-state/react'
import { Issue, type Status } from '../data/issue.js'
import { codeOf } from '../data/terms.js'
import { NOBODY, type Sort, type ViewState } from './view-state.js'

type IssueSchema = typeof Issue

const ORDERS: Readonly<Record<Sort, OrderBy<IssueSchema>>> = {
  priority: ['priority', ['opened', 'desc']],
  updated: [['$updatedAt', 'desc']],
  opened: [['opened', 'desc']],
  votes: [['votes', 'desc'], 'priority'],
  title: 'title',
  assignee: ['assignee', 'priority'],
}

type TextFilter = (issue: Issue) => boolean

/** Everything a view asks for, of one status; null where the view leaves that status out. */
export function queryOf(
  view: ViewState,
  status: Status,
  filter: TextFilter | undefined,
): QueryInput<IssueSchema> | null {
  const { statuses, priorities, assignees, tags } = view
  if (statuses.length > 0 && !statuses.includes(status)) return null
  const and: Where<IssueSchema>[] = [{ status }]
  if (priorities.length > 0) and.push({ priority: { in: priorities } })
  if (tags.length > 0) and.push({ or: tags.map((has) => ({ tags: { has } })) })
  if (assignees.length > 0) {
    and.push({
      or: assignees.map((assignee) => (assignee === NOBODY ? { assignee: { exists: false } } : { assignee })),
    })
  }
  return { where: { and }, orderBy: ORDERS[view.sort], filter }
}

/** Whatever the case: queries themselves tell `Sync` from `sync`, so this is a filter. */
function textFilter(text: string): TextFilter | undefined {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return undefined
  return ({ $id, title }) => title.toLowerCase().includes(wanted) || codeOf($id).toLowerCase() === wanted
}

/** The ids of the issues that a view shows, by status. */
export function useIssueIds(view: ViewState): Readonly<Record<Status, readonly string[]>> {
  // While one types, the field comes first and the list follows.
  const shown = useDeferredValue(view)
  const { text } = shown
  const filter = useMemo(() => textFilter(text), [text])
  return {
    backlog: useIds(Issue, queryOf(shown, 'backlog', filter)),
    todo: useIds(Issue, queryOf(shown, 'todo', filter)),
    doing: useIds(Issue, queryOf(shown, 'doing', filter)),
    review: useIds(Issue, queryOf(shown, 'review', filter)),
    done: useIds(Issue, queryOf(shown, 'done', filter)),
    cancelled: useIds(Issue, queryOf(shown, 'cancelled', filter)),
  }
}
