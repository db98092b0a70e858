/**
 * Between the service worker and a panel: one port, over which the lines to all frames of the inspected tab go. The panel
 * makes it, and makes it again when the worker was killed.
 */
import type { Piece } from '../../src/inspect/text-line.js'

/** What the worker says. */
export type ServiceWorkerToPanel =
  /** A frame is there, over a line that is named. `frame` names its place in the tab. */
  | { readonly type: 'line'; readonly line: string; readonly frame: string }
  | ({ readonly type: 'bytes'; readonly line: string } & Piece)
  /** The line has ended. */
  | { readonly type: 'end'; readonly line: string }
  /** Whether the extension may look into the tab at all. */
  | { readonly type: 'access'; readonly granted: boolean }

/** What the panel says. */
export type PanelToServiceWorker =
  | ({ readonly type: 'bytes'; readonly line: string } & Piece)
  | { readonly type: 'end'; readonly line: string }
  /** Look into the tab again: the extension has been given access. */
  | { readonly type: 'look' }
  /** Open a page on which the user can give access to an origin: panels of Firefox cannot ask by themselves. */
  | { readonly type: 'grant'; readonly origin: string }
  /** Keeps the worker alive while a panel is open. */
  | { readonly type: 'beat' }

export type ServiceWorkerPanel = ServiceWorkerToPanel | PanelToServiceWorker

/** How often a panel says {@link PanelToServiceWorker} `beat`: a worker that hears nothing for 30 s is ended. Milliseconds. */
export const BEAT_MS = 20_000

const PREFIX = 'panel '

/** What a panel calls its port. `panel` names it for as long as it lives. */
export function panelPortName(tab: number, panel: string): string {
  return `${PREFIX}${tab} ${panel}`
}

/** The tab and name of a panel by its port; undefined for ports of others. */
export function panelOfPortName(name: string): { tab: number; panel: string } | undefined {
  const [tab, panel] = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split(' ') : []
  return panel ? { tab: Number(tab), panel } : undefined
}
