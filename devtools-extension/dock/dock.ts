/** The panel inside the page that it looks at, or in a window of its own. */
import { inspectOwnPage, type OpenInspection } from '../../src/inspect/inspection.js'
import { mountPanel } from '../panel/mount.js'
import { createWindowHost } from '../panel/state/host.js'
import { createDockFrame } from './dock-frame.js'
import { openSourceInEditor } from './open-source.js'

export interface Dock {
  /** `byKeys`: whoever opens it goes on with the keyboard, and is taken along. */
  toggle(byKeys: boolean): void
  close(): void
}

/** Closed at first. `told` is called whenever it is shown in the page, or no longer. */
export function createDock(told: (isOpen: boolean) => void): Dock {
  let inspection: OpenInspection | undefined
  let unmount: (() => void) | undefined
  let detached: Window | undefined
  /** What had the focus before the dock was given it. */
  let before: HTMLElement | undefined
  const frame = createDockFrame({ onDetach: detach, onClose: close })

  /** What has been looked at stays open while the panel changes its place. */
  function inspect(): OpenInspection {
    return (inspection ??= inspectOwnPage())
  }

  function open(byKeys: boolean): void {
    before = byKeys ? focusedIn(document) : undefined
    frame.show()
    const host = createWindowHost(() => window, openSourceInEditor)
    unmount = mountPanel(frame.root, { inspection: inspect(), host, tools: frame.tools, hasFocus: byKeys })
    told(true)
  }

  function detach(): void {
    // Its own: pages that opened each other share what windows are called.
    const popup = window.open('', '', 'popup,width=1200,height=640')
    // Whoever blocks windows keeps the panel in the page.
    if (!popup) return
    hide()
    detached = popup
    popup.document.title = `Ibex: ${document.title}`
    popup.document.body.style.cssText = 'margin:0;height:100vh'
    const host = createWindowHost(() => popup, openSourceInEditor)
    unmount = mountPanel(popup.document.body, { inspection: inspect(), host })
    popup.addEventListener('pagehide', close)
    told(false)
  }

  function hide(): void {
    unmount?.()
    unmount = undefined
    frame.hide()
  }

  function close(): void {
    const hadFocus = frame.root.activeElement !== null
    hide()
    detached?.close()
    detached = undefined
    inspection?.close()
    inspection = undefined
    told(false)
    // Only then is the corner's button there again.
    if (hadFocus && before?.isConnected) before.focus({ preventScroll: true })
    before = undefined
  }

  // A window without its page shows nothing any more.
  addEventListener('pagehide', () => detached?.close())

  return {
    toggle(byKeys) {
      if (detached) detached.focus()
      else if (unmount) close()
      else open(byKeys)
    },
    close,
  }
}

/** What has the focus, also within shadow roots. */
function focusedIn(root: Document | ShadowRoot): HTMLElement | undefined {
  const { activeElement } = root
  if (!activeElement || activeElement === document.body) return undefined
  return activeElement.shadowRoot?.activeElement ? focusedIn(activeElement.shadowRoot) : (activeElement as HTMLElement)
}
