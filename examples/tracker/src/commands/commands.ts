/** Everything that can be done from the keyboard. The command menu, the keys and the help are made from this one list. */
import type { Store } from 'ibex-state'
import { toggleDevtools } from 'ibex-state/devtools'
import type { UndoSteps } from '../history/use-undo-steps.js'
import { deleteIssues, shiftStatus, toggleLock, toggleVote } from '../data/changes.js'
import { Issue } from '../data/issue.js'
import { addSamples } from '../data/add-samples.js'
import type { IconName } from '../look/icons.js'
import { switchTheme } from '../look/theme.js'
import {
  clearSelection,
  cursorId,
  editTitle,
  moveCursor,
  selectAll,
  targetIds,
  toggleSelected,
} from '../selection/selection.js'
import { backToLive, closeFilm, film, isPast, openFilm } from '../film/film.js'
import { openForm, overlay, pick, type PickField } from '../shell/overlay.js'
import { openSecondWindow } from '../shell/session.js'
import { currentView, openIssue, showView } from '../view/use-view.js'
import { NO_FILTERS, isFiltered } from '../view/view-state.js'

export type Group = 'Issue' | 'Selection' | 'View' | 'History' | 'Window' | 'Sample data'

export interface Command {
  readonly id: string
  readonly title: string
  readonly group: Group
  readonly icon: IconName
  /** Keys that run it, the one to show first: `mod` is ctrl, or cmd on a Mac. */
  readonly keys?: readonly string[]
  /** Only keys, nothing to choose from the menu. */
  readonly onlyKeys?: boolean
  readonly isPossible?: () => boolean
  readonly run: () => void
}

const hasTarget = (): boolean => targetIds().length > 0

/** Moves the cursor; an open issue follows it. */
function move(down: number, right = 0, extend = false): void {
  const id = moveCursor(down, right, extend)
  if (id !== null && currentView().issue !== null) openIssue(id)
}

function picking(field: PickField, title: string, key: string, icon: IconName): Command {
  return {
    id: `pick-${field}`,
    title,
    group: 'Issue',
    icon,
    keys: [key],
    isPossible: hasTarget,
    run: () => pick(field, targetIds()),
  }
}

function stepBack(): void {
  if (isPast()) return backToLive()
  if (film.get().isOpen) return closeFilm()
  if (targetIds().length > 1 || (hasTarget() && targetIds()[0] !== cursorId())) clearSelection()
  else if (currentView().issue !== null) openIssue(null)
  else if (hasTarget()) clearSelection()
}

export function createCommands(store: Store, steps: UndoSteps): readonly Command[] {
  const issue: Command[] = [
    {
      id: 'create',
      title: 'New issue…',
      group: 'Issue',
      icon: 'plus',
      keys: ['c'],
      run: () => openForm(statusAtCursor(store)),
    },
    {
      id: 'open',
      title: 'Open issue',
      group: 'Issue',
      icon: 'inbox',
      keys: ['Enter', 'o'],
      isPossible: () => cursorId() !== null,
      run: () => openIssue(cursorId()),
    },
    {
      id: 'edit',
      title: 'Edit title',
      group: 'Issue',
      icon: 'pencil',
      keys: ['e', 'F2'],
      isPossible: hasTarget,
      run: () => editTitle(cursorId() ?? targetIds()[0]!),
    },
    picking('status', 'Change status…', 's', 'bolt'),
    picking('priority', 'Change priority…', 'p', 'sort'),
    picking('assignee', 'Assign to…', 'a', 'person'),
    picking('tags', 'Change labels…', 'l', 'tag'),
    {
      id: 'vote',
      title: 'Vote, or take the vote back',
      group: 'Issue',
      icon: 'up',
      keys: ['v'],
      isPossible: hasTarget,
      run: () => targetIds().forEach((id) => toggleVote(store, id)),
    },
    {
      id: 'forward',
      title: 'Move to the next status',
      group: 'Issue',
      icon: 'chevron',
      keys: ['alt+ArrowRight', ']'],
      isPossible: hasTarget,
      run: () => shiftStatus(store, targetIds(), 1),
    },
    {
      id: 'back',
      title: 'Move to the status before',
      group: 'Issue',
      icon: 'chevron',
      keys: ['alt+ArrowLeft', '['],
      isPossible: hasTarget,
      run: () => shiftStatus(store, targetIds(), -1),
    },
    {
      id: 'lock',
      title: 'Lock or unlock',
      group: 'Issue',
      icon: 'lock',
      keys: ['shift+L'],
      isPossible: hasTarget,
      run: () => toggleLock(store, targetIds()),
    },
    {
      id: 'delete',
      title: 'Delete',
      group: 'Issue',
      icon: 'trash',
      keys: ['#', 'Delete'],
      isPossible: hasTarget,
      run: () => deleteIssues(store, targetIds()),
    },
  ]
  return [
    ...issue,
    ...selectionCommands(),
    ...viewCommands(),
    ...historyCommands(steps),
    ...windowCommands(store),
    ...sampleCommands(store),
  ]
}

const statusAtCursor = (store: Store): Issue['status'] | undefined => {
  const id = cursorId()
  return id === null ? undefined : store.collection(Issue).get(id)?.status
}

function selectionCommands(): Command[] {
  const keyed = (id: string, title: string, keys: string[], run: () => void): Command => ({
    id,
    title,
    group: 'Selection',
    icon: 'list',
    keys,
    onlyKeys: true,
    run,
  })
  return [
    keyed('down', 'Next issue', ['j', 'ArrowDown'], () => move(1)),
    keyed('up', 'Previous issue', ['k', 'ArrowUp'], () => move(-1)),
    keyed('right', 'Next column', ['ArrowRight'], () => move(0, 1)),
    keyed('left', 'Previous column', ['ArrowLeft', 'h'], () => move(0, -1)),
    keyed('first', 'First issue', ['Home'], () => move(-Infinity)),
    keyed('last', 'Last issue', ['End'], () => move(Infinity)),
    keyed('page-down', 'A page down', ['PageDown'], () => move(20)),
    keyed('page-up', 'A page up', ['PageUp'], () => move(-20)),
    keyed('select', 'Select', ['x'], () => {
      const id = cursorId() ?? moveCursor(0)
      if (id !== null) toggleSelected(id)
    }),
    keyed('extend-down', 'Select downwards', ['shift+ArrowDown', 'shift+J'], () => move(1, 0, true)),
    keyed('extend-up', 'Select upwards', ['shift+ArrowUp', 'shift+K'], () => move(-1, 0, true)),
    { ...keyed('all', 'Select all', ['mod+a'], selectAll), onlyKeys: false },
    keyed('escape', 'Clear selection, close issue', ['Escape'], stepBack),
  ]
}

function viewCommands(): Command[] {
  return [
    {
      id: 'search',
      title: 'Search titles',
      group: 'View',
      icon: 'search',
      keys: ['/'],
      run: () => document.querySelector<HTMLInputElement>('#search')?.focus(),
    },
    {
      id: 'filter',
      title: 'Filter…',
      group: 'View',
      icon: 'filter',
      keys: ['f'],
      run: () => overlay.set({ kind: 'filter', anchor: boxOf('#filter') }),
    },
    {
      id: 'sort',
      title: 'Sort by…',
      group: 'View',
      icon: 'sort',
      keys: ['r'],
      run: () => overlay.set({ kind: 'sort', anchor: boxOf('#sort') }),
    },
    {
      id: 'clear-filters',
      title: 'Clear filters',
      group: 'View',
      icon: 'close',
      keys: ['shift+F'],
      isPossible: () => isFiltered(currentView()),
      run: () => showView({ ...NO_FILTERS, text: '' }),
    },
    {
      id: 'board',
      title: 'Board or list',
      group: 'View',
      icon: 'board',
      keys: ['b'],
      run: () => showView({ layout: currentView().layout === 'list' ? 'board' : 'list' }),
    },
  ]
}

function boxOf(selector: string): DOMRect | null {
  const box = document.querySelector(selector)?.getBoundingClientRect()
  return box !== undefined && box.width > 0 ? box : null
}

function historyCommands({ undo, redo, undoName, redoName }: UndoSteps): Command[] {
  return [
    {
      id: 'undo',
      title: undoName === undefined ? 'Undo' : `Undo: ${undoName}`,
      group: 'History',
      icon: 'back',
      keys: ['mod+z'],
      run: undo,
    },
    {
      id: 'redo',
      title: redoName === undefined ? 'Redo' : `Redo: ${redoName}`,
      group: 'History',
      icon: 'forward',
      keys: ['mod+shift+Z', 'mod+y'],
      run: redo,
    },
    {
      id: 'film',
      title: 'Time travel',
      group: 'History',
      icon: 'clock',
      keys: ['shift+H'],
      run: () => (film.get().isOpen ? closeFilm() : openFilm()),
    },
  ]
}

function windowCommands(store: Store): Command[] {
  return [
    {
      id: 'menu',
      title: 'Command menu',
      group: 'Window',
      icon: 'search',
      keys: ['mod+k'],
      onlyKeys: true,
      run: () => overlay.set(overlay.get()?.kind === 'menu' ? null : { kind: 'menu' }),
    },
    {
      id: 'devtools',
      title: 'Open the Ibex devtools',
      group: 'Window',
      icon: 'graph',
      keys: ['alt+shift+I'],
      run: toggleDevtools,
    },
    { id: 'theme', title: 'Light or dark', group: 'Window', icon: 'sun', keys: ['t'], run: switchTheme },
    {
      id: 'offline',
      title: 'Go offline, or online again',
      group: 'Window',
      icon: 'bolt',
      isPossible: () => store.status().connection !== 'local',
      run: () => switchOffline(store),
    },
    {
      id: 'second',
      title: 'Second window as somebody else',
      group: 'Window',
      icon: 'window',
      keys: ['shift+N'],
      run: openSecondWindow,
    },
    {
      id: 'help',
      title: 'Keyboard help',
      group: 'Window',
      icon: 'help',
      keys: ['?'],
      run: () => overlay.set({ kind: 'help' }),
    },
  ]
}

/** Cuts the connection, or lets it come back. */
export function switchOffline(store: Store): void {
  store.setOffline(store.status().connection !== 'offline')
}

function sampleCommands(store: Store): Command[] {
  return [10, 1000, 10_000].map((count) => ({
    id: `sample-${count}`,
    title: `Add ${count.toLocaleString('en')} sample issues`,
    group: 'Sample data',
    icon: 'spark',
    run: () => addSamples(store, count),
  }))
}
