/** What the keys do. */
import { copyAsTest } from '../state/copy-as-test.js'
import type { PanelState } from '../state/panel-state.js'
import type { RepositorySession } from '../state/repository-session.js'
import { goToBegin, setEdge, step } from '../state/steps.js'

interface NamedKeys {
  /** As `event.key` says it, with `Shift+` before it where that matters. */
  readonly keys: readonly string[]
  readonly title: string
  readonly group: 'Time' | 'Range' | 'Views' | 'More'
}

export type KeyCommand = NamedKeys &
  (
    | { readonly anywhere?: undefined; readonly run: (panel: PanelState, session: RepositorySession) => void }
    /** Also where there is no repository to look at. */
    | { readonly anywhere: true; readonly run: (panel: PanelState) => void }
  )

const goTo =
  (view: Parameters<PanelState['view']['set']>[0]): ((panel: PanelState) => void) =>
  (panel) =>
    panel.view.set(view)

export const KEYS: readonly KeyCommand[] = [
  { keys: [' '], group: 'Time', title: 'Play or pause', run: (_, session) => session.player.toggle() },
  { keys: ['ArrowLeft'], group: 'Time', title: 'One action back', run: (_, session) => step(session, -1) },
  { keys: ['ArrowRight'], group: 'Time', title: 'One action on', run: (_, session) => step(session, 1) },
  { keys: ['Shift+ArrowLeft'], group: 'Time', title: 'Ten actions back', run: (_, session) => step(session, -10) },
  { keys: ['Shift+ArrowRight'], group: 'Time', title: 'Ten actions on', run: (_, session) => step(session, 10) },
  { keys: ['Home'], group: 'Time', title: 'To the beginning', run: (_, session) => goToBegin(session) },
  { keys: ['End'], group: 'Time', title: 'Back to live', run: (_, session) => session.goLive() },
  { keys: ['['], group: 'Range', title: 'Range begins here', run: (_, session) => setEdge(session, 'from') },
  { keys: [']'], group: 'Range', title: 'Range ends here', run: (_, session) => setEdge(session, 'to') },
  { keys: ['x'], group: 'Range', title: 'No range', run: (_, session) => session.range.set(null) },
  {
    keys: ['y'],
    group: 'Range',
    title: 'Copy the range, or else the action, as a test',
    run: (panel, session) => void copyAsTest(panel, session),
  },
  { keys: ['t'], group: 'Views', title: 'Timeline', run: goTo('timeline') },
  { keys: ['g'], group: 'Views', title: 'Graph', run: goTo('graph') },
  { keys: ['i'], group: 'Views', title: 'Items', run: goTo('items') },
  { keys: ['c'], group: 'Views', title: 'Conflicts', run: goTo('conflicts') },
  { keys: ['q'], group: 'Views', title: 'Queries', run: goTo('queries') },
  { keys: ['s'], group: 'Views', title: 'Sync', run: goTo('sync') },
  { keys: ['r'], group: 'Views', title: 'Rejected', run: goTo('rejected') },
  { keys: ['o'], group: 'Views', title: 'Storage', run: goTo('storage') },
  { keys: ['b'], group: 'Views', title: 'Bisect', run: goTo('bisect') },
  { keys: ['d'], group: 'More', title: 'Drive the app, or no longer', run: (_, session) => session.drive.toggle() },
  {
    keys: ['Escape'],
    group: 'More',
    title: 'Close, clear, dismiss',
    anywhere: true,
    run: (panel) => panel.notice.set(null),
  },
  { keys: ['?'], group: 'More', title: 'All keys', anywhere: true, run: (panel) => panel.help.set(true) },
]

/** Keys that parts of the panel answer themselves, for the list of all. */
export const OTHER_KEYS: readonly NamedKeys[] = [
  { keys: ['/'], group: 'More', title: 'Filter' },
  { keys: ['ArrowUp', 'ArrowDown'], group: 'More', title: 'Up and down in a list' },
  { keys: ['PageUp', 'PageDown'], group: 'More', title: 'A page up and down in a list' },
  { keys: ['Enter'], group: 'More', title: 'Open and fold a heading' },
  { keys: ['+', '-', '0'], group: 'Range', title: 'Zoom, where time has the focus' },
  { keys: [',', '.'], group: 'Range', title: 'Move what is zoomed' },
  { keys: ['Tab'], group: 'More', title: 'To whatever can be used; arrows move a border' },
]

/** What a key press is called in {@link KeyCommand.keys}. */
export function nameOfKey(event: Pick<KeyboardEvent, 'key' | 'shiftKey'>): string {
  // A sign that needs shift on this keyboard is that sign.
  return event.shiftKey && event.key.length > 1
    ? `Shift+${event.key}`
    : event.key.toLowerCase() === event.key
      ? event.key
      : event.key.length > 1
        ? event.key
        : event.key.toLowerCase()
}

const SIGNS: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
}

/** The parts of a key's name as they are printed on keyboards. */
export function keyParts(name: string): readonly string[] {
  return name.split(/\+(?=.)/).map((part) => (part === 'Shift' ? '⇧' : (SIGNS[part] ?? part)))
}
