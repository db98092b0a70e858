/** Undo and redo as one means them: a text that was typed in one go is one step. */
import type { ActionId, History, Store, TimelineEntry, UndoStack } from 'ibex-state'
import { Issue } from '../data/issue.js'
import { flipVoteMark, VOTE } from '../data/changes.js'
import { isSeed } from '../data/seed.js'
import { refusePast } from '../film/film.js'
import { goTo } from '../selection/selection.js'
import { toast } from '../toast/toasts.js'
import { isOneGo, typedField } from './story.js'
import { FIELD_NAMES } from './sentence.js'

/** What an action is called. */
export function nameOf(entry: TimelineEntry): string {
  const { label, undoes, redoes } = entry
  const field = typedField(entry)
  const way = undoes ? 'Undo' : redoes ? 'Redo' : undefined
  // Letters have no label.
  if (field === undefined || label !== way) return label ?? 'A change'
  return `${way === undefined ? '' : `${way}: `}Edit the ${FIELD_NAMES[field]}`
}

/** Undoes the last step, and offers to redo it. */
export function undoOne(history: History, store: Store): void {
  if (refusePast()) return
  const stack = history.undoStack()
  const [first] = walk(history, stack.get().undoAction, stack, 'undo', (before, next) => isOneGo(before, next))
  if (!first) return toast('There is nothing to undo.', undefined, 'undo')
  after(first, store)
  toast(`Undone: ${nameOf(first)}`, { label: 'Redo', run: () => redoOne(history, store) }, 'undo')
}

/** Redoes what was undone last, and offers to undo it. */
export function redoOne(history: History, store: Store): void {
  if (refusePast()) return
  const stack = history.undoStack()
  const [first] = walk(history, stack.get().redoAction, stack, 'redo', (before, next) => isOneGo(next, before))
  if (!first) return toast('There is nothing to redo.', undefined, 'undo')
  after(first, store)
  toast(`Redone: ${nameOf(first)}`, { label: 'Undo', run: () => undoOne(history, store) }, 'undo')
}

/** Undoes or redoes as long as the next action belongs to the same step; answers what it did. */
function walk(
  history: History,
  first: ActionId | undefined,
  stack: UndoStack,
  way: 'undo' | 'redo',
  belongs: (before: TimelineEntry, next: TimelineEntry) => boolean,
): readonly TimelineEntry[] {
  const done: TimelineEntry[] = []
  for (let action = first; action !== undefined;) {
    const entry = history.entry(action)
    const last = done.at(-1)
    if (last ? !belongs(last, entry) : isSeed(entry)) break
    stack[way]()
    done.push(entry)
    const state = stack.get()
    action = way === 'undo' ? state.undoAction : state.redoAction
  }
  return done
}

function after(entry: TimelineEntry, store: Store): void {
  const issues = entry.items.filter(({ schema }) => schema === Issue.name)
  // That one voted is remembered elsewhere, on this device only.
  if (entry.label === VOTE) issues.forEach(({ id }) => flipVoteMark(store, id))
  if (issues.length === 1 && store.collection(Issue).get(issues[0]!.id)) goTo(issues[0]!.id)
}
