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
/** Milliseconds between two looks for frames of other sites: they come and go. */
const FRAMES_MS = 5000

export interface Pages {
  readonly inspection: OpenInspection
  /** Whether the extension may look into the tab; undefined before that is known. */
  readonly access: Live<boolean | undefined>
  /** Origins of frames of the page into which it may not. */
  readonly foreign: Live<readonly string[]>
  /**
   * Asks the user for access to an origin, in the very task of a click. Where a panel cannot ask, a tab opens in which the
   * user can give it.
   */
  request(origin: string): Promise<void>
}

export function connectToTab(tab: number): Pages {
  const inspection = createInspection()
  const access: Cell<boolean | undefined> = createCell<boolean | undefined>(undefined)
  const foreign: Cell<readonly string[]> = createCell<readonly string[]>([])
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
        findForeign(foreign)
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
  setInterval(() => findForeign(foreign), FRAMES_MS)
  return {
    inspection,
    access,
    foreign,
    async request(origin) {
      const { permissions } = chrome as Partial<typeof chrome>
      const pattern = patternOf(origin)
      if (!pattern) return
      if (!permissions?.request) tell({ type: 'grant', origin })
      else if (await permissions.request({ origins: [pattern] })) tell({ type: 'look' })
    },
  }
}

/** Run in the page: its own origin, and those of its frames. */
const ORIGINS = `[location.origin, ...Array.from(document.querySelectorAll('iframe'), ({ src }) => {
  try {
    return new URL(src, location.href).origin
  } catch {
    return 'null'
  }
})]`

/** Looks for frames of sites that the extension may not look into. Needs no access to any. */
function findForeign(foreign: Cell<readonly string[]>): void {
  const { devtools, permissions } = chrome as Partial<typeof chrome>
  devtools?.inspectedWindow.eval<string[]>(ORIGINS, (...[found]) => {
    if (!Array.isArray(found)) return
    const [own, ...others] = found
    const ask = async (): Promise<void> => {
      const barred: string[] = []
      for (const origin of new Set(others)) {
        const pattern = patternOf(origin)
        if (!pattern || pattern === patternOf(own ?? '')) continue
        if (!(await permissions?.contains?.({ origins: [pattern] }))) barred.push(origin)
      }
      if (barred.join() !== foreign.get().join()) foreign.set(barred)
    }
    void ask()
  })
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
