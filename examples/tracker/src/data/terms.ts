/** What statuses and priorities are called, and in which order they are shown. */
import type { Priority, Status } from './issue.js'

export const STATUS_NAMES: Readonly<Record<Status, string>> = {
  backlog: 'Backlog',
  todo: 'Todo',
  doing: 'In progress',
  review: 'In review',
  done: 'Done',
  cancelled: 'Cancelled',
}

/** In a list: what is being worked on first, what is over last. */
export const LIST_ORDER: readonly Status[] = ['review', 'doing', 'todo', 'backlog', 'done', 'cancelled']

export const PRIORITY_NAMES: Readonly<Record<Priority, string>> = {
  0: 'Urgent',
  1: 'High',
  2: 'Medium',
  3: 'Low',
  4: 'No priority',
}

/** What an issue is called in speech: the end of its id, which chance made. */
export function codeOf(id: string): string {
  return id.slice(-5).toUpperCase()
}
