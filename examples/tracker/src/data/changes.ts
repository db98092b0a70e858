/** What can be done to issues. */
import type { Edit, ItemStatus, Store } from 'ibex-state'
import { refusePast } from '../film/film.js'
import { dropIds } from '../selection/selection.js'
import { toast } from '../toast/toasts.js'
import { Issue, OWN, type Priority, type Status, STATUSES, Vote } from './issue.js'
import { STATUS_NAMES } from './terms.js'

const count = (many: number): string => (many === 1 ? 'the issue' : `${many.toLocaleString('en')} issues`)

/** One action may not grow without bounds, so very many issues are changed in several. */
const BATCH = 1000

/** Does something to each issue, as one action for up to a thousand. */
function each(store: Store, ids: readonly string[], label: string, act: (id: string) => void): void {
  for (let from = 0; from < ids.length; from += BATCH) {
    store.transact(() => ids.slice(from, from + BATCH).forEach(act), { label })
  }
}

/** Changes those of the issues that are still there and not locked, and says what it left. */
function change(store: Store, ids: readonly string[], edit: Edit<typeof Issue>, label: string): void {
  if (refusePast()) return
  const issues = store.collection(Issue)
  let locked = 0
  each(store, ids, label, (id) => {
    const issue = issues.get(id)
    if (issue?.locked) locked++
    else if (issue) issues.update(id, edit)
  })
  if (locked > 0) toast(locked === 1 ? 'The issue is locked.' : `${locked} of the issues are locked.`)
}

export function setStatus(store: Store, ids: readonly string[], status: Status): void {
  change(store, ids, { status }, `Move ${count(ids.length)} to ${STATUS_NAMES[status]}`)
}

/** Moves issues to the status beside theirs. */
export function shiftStatus(store: Store, ids: readonly string[], by: 1 | -1): void {
  change(
    store,
    ids,
    (draft) => {
      draft.status = STATUSES[STATUSES.indexOf(draft.status) + by] ?? draft.status
    },
    `Move ${count(ids.length)}`,
  )
}

export function setPriority(store: Store, ids: readonly string[], priority: Priority): void {
  change(store, ids, { priority }, `Set the priority of ${count(ids.length)}`)
}

export function setAssignee(store: Store, ids: readonly string[], assignee: string | undefined): void {
  change(store, ids, { assignee }, `Assign ${count(ids.length)}`)
}

/** Puts a label on all of the issues, or takes it off all. */
export function setTag(store: Store, ids: readonly string[], tag: string, on: boolean): void {
  change(
    store,
    ids,
    (draft) => {
      if (on) draft.tags.add(tag)
      else draft.tags.delete(tag)
    },
    `${on ? 'Label' : 'Unlabel'} ${count(ids.length)}`,
  )
}

/** Locks the issues, or unlocks them when all are locked. */
export function toggleLock(store: Store, ids: readonly string[]): void {
  if (refusePast()) return
  const issues = store.collection(Issue)
  const there = ids.filter((id) => issues.get(id))
  const locked = !there.every((id) => issues.require(id).locked)
  each(store, there, locked ? 'Lock' : 'Unlock', (id) => issues.update(id, { locked }))
}

/** Deletes issues, and offers to bring them back. */
export function deleteIssues(store: Store, ids: readonly string[]): void {
  if (refusePast()) return
  const issues = store.collection(Issue)
  const there = ids.filter((id) => issues.get(id)?.locked === false)
  if (there.length < ids.length) toast('Locked issues stay.')
  if (there.length === 0) return
  dropIds(there)
  each(store, there, `Delete ${count(there.length)}`, (id) => issues.delete(id))
  toast(there.length === 1 ? 'Issue deleted' : `${there.length.toLocaleString('en')} issues deleted`, {
    label: 'Undo',
    run: () => refusePast() || each(store, there, 'Undo deleting', (id) => issues.restore(id)),
  })
}

/** What votes are labelled with, so that undoing one is known to be. */
export const VOTE = 'Vote'

/** Remembers on this device only that one voted, or forgets it; answers how it was before. */
export function flipVoteMark(store: Store, id: string): ItemStatus {
  const votes = store.collection(Vote, { in: OWN })
  const standing = votes.statusOf(id)
  if (standing === 'ready') votes.delete(id)
  else if (standing === 'deleted') votes.restore(id)
  else if (standing === 'missing') votes.create({}, { id })
  return standing
}

/** Votes for an issue, or takes the vote back. */
export function toggleVote(store: Store, id: string): void {
  if (refusePast()) return
  const issues = store.collection(Issue)
  const issue = issues.get(id)
  if (!issue) return
  if (issue.locked) return toast('The issue is locked.')
  const standing = flipVoteMark(store, id)
  if (standing === 'loading') return
  change(
    store,
    [id],
    (draft) => {
      if (standing === 'ready') draft.votes.decrement()
      else draft.votes.increment()
    },
    VOTE,
  )
}
