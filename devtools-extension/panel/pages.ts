/**
 * The panel's end of the hops: an inspection of all frames of a tab, that gets over the death of the service worker, and knows
 * whether the extension may look into the tab.
 */
import { createInspection, type OpenInspection } from '../../src/inspect/inspection.js'
import { type Cell, createCell, type Live } from '../../src/inspect/live.js'
import { createTextLine, type TextLine } from '../../src/inspect/text-line.js'
import {
  BEAT_MS,
  panelPortName,
  type PanelToServiceWorker,
  type ServiceWorkerToPanel,
} from '../hops/service-worker-panel.js'
import { patternOf } from '../site.js'

/** Milliseconds before the port is made again, so that a worker that dies at once is not started without end. */
const AGAIN_MS = 100

export interface Pages {
  readonly inspection: OpenInspection
  /** Whether the extension may look into the tab; undefined before that is known. */
  readonly access: Live<boolean | undefined>
  /**
   * Asks the user for access to an origin, in the very task of a click. Where a panel cannot ask, a tab opens in which the
   * user can give it.
   */
  request(origin: string): Promise<void>
}

export function connectToTab(tab: number): Pages {
  const inspection = createInspection()
  const access: Cell<boolean | undefined> = createCell<boolean | undefined>(undefined)
  const panel = crypto.randomUUID()
  const lines = new Map<string, TextLine>()
  let port: chrome.runtime.Port

  function tell(message: PanelToServiceWorker): void {
    try {
      port.postMessage(message)
    } catch {
      // The worker is gone; what was to be said is said anew over the next port.
    }
  }

  function take(message: ServiceWorkerToPanel): void {
    switch (message.type) {
      case 'line': {
        const { line, frame } = message
        const made = createTextLine({
          send: (piece) => tell({ type: 'bytes', line, ...piece }),
          close: () => {
            lines.delete(line)
            tell({ type: 'end', line })
          },
        })
        lines.set(line, made)
        inspection.attach(made.transport, frame)
        return
      }
      case 'bytes':
        lines.get(message.line)?.receive(message)
        return
      case 'end':
        lines.get(message.line)?.end('The line to the page broke.')
        lines.delete(message.line)
        return
      case 'access':
        access.set(message.granted)
    }
  }

  function connect(): void {
    port = chrome.runtime.connect({ name: panelPortName(tab, panel) })
    port.onMessage.addListener(take)
    port.onDisconnect.addListener(() => {
      const broken = [...lines.values()]
      lines.clear()
      for (const line of broken) line.end('The extension’s worker was ended.')
      setTimeout(connect, AGAIN_MS)
    })
  }

  connect()
  // Another site may be one that the extension may not look into.
  const { devtools } = chrome as Partial<typeof chrome>
  devtools?.network?.onNavigated.addListener(() => tell({ type: 'look' }))
  setInterval(() => tell({ type: 'beat' }), BEAT_MS)
  return {
    inspection,
    access,
    async request(origin) {
      const { permissions } = chrome as Partial<typeof chrome>
      const pattern = patternOf(origin)
      if (!pattern) return
      if (!permissions?.request) tell({ type: 'grant', origin })
      else if (await permissions.request({ origins: [pattern] })) tell({ type: 'look' })
    },
  }
}

/** Calls `fn` with the origin of the inspected page. Needs no access to it. */
export function inspectedOrigin(fn: (origin: string) => void): void {
  chrome.devtools.inspectedWindow.eval<string>('location.origin', (...[origin]) => {
    if (typeof origin === 'string') fn(origin)
  })
}

/** The tab that the panel is for: the inspected one, or one that the address names, where the panel is opened as a page. */
export function inspectedTab(): number {
  const named = new URLSearchParams(location.search).get('tab')
  return named === null ? chrome.devtools.inspectedWindow.tabId : Number(named)
}
