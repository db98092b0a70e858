/** Going back, of one issue: as new actions, which everybody sees and which can be undone. */
import type { History, Moment, Patch, Store } from 'ibex-state'
import { Issue } from '../data/issue.js'
import { refusePast } from '../film/film.js'
import { momentName } from '../issue/dates.js'
import { toast } from '../toast/toasts.js'
import { undoOne } from './undo.js'
import { FIELD_NAMES } from './sentence.js'

/** Makes an issue what it was after an action. */
export function restoreIssue(store: Store, history: History, id: string, moment: Moment): void {
  if (refusePast() || refuseLocked(store, id)) return
  const { time } = history.place(moment)
  history.revertTo(moment, { schema: Issue, items: [id], label: 'Restore the issue' })
  toast(`Restored as of ${momentName(time, Date.now())}`, { label: 'Undo', run: () => undoOne(history, store) })
}

/** Writes into a field what it held before. */
export function restoreField(store: Store, history: History, id: string, field: string, value: unknown): void {
  if (refusePast() || refuseLocked(store, id)) return
  store.transact(() => store.collection(Issue).update(id, { [field]: value } as Patch<typeof Issue>), {
    label: `Restore the ${FIELD_NAMES[field] ?? field}`,
  })
  toast(`Restored the ${FIELD_NAMES[field] ?? field}`, { label: 'Undo', run: () => undoOne(history, store) })
}

function refuseLocked(store: Store, id: string): boolean {
  const isLocked = store.collection(Issue).get(id)?.locked === true
  if (isLocked) toast('The issue is locked.')
  return isLocked
}
