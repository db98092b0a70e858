/**
 * In each frame that the extension may look into, beside the page: carries pieces of messages between the page hook and the service worker,
 * unread.
 * It does nothing before the page hook has seen a store, and keeps the worker from being woken for any other page.
 */
import {
  type FrameBytes,
  type FrameHasStores,
  type PanelLooks,
  type Panels,
  portNameOf,
} from '../hops/content-script-service-worker.js'
import { endAsText, listen, pieceAsText, readText, say } from '../hops/page-hook-content-script.js'

const HERE = Symbol.for('ibex-state.content-script')

function begin(): void {
  const lines = new Set<string>()
  let hasStores = false

  /** Whether the extension that this script is of is still the one that runs. */
  function isAlive(): boolean {
    return chrome.runtime?.id !== undefined
  }

  /** Asks whether anybody looks. The worker may just have been killed, and the panel be on its way back. */
  function ask(): void {
    if (!isAlive() || !hasStores) return
    const message: FrameHasStores = { type: 'frame-has-stores' }
    chrome.runtime.sendMessage<FrameHasStores, Panels | undefined>(message).then(
      (answer) => answer?.panels.forEach(connect),
      // Nobody is there; whoever comes will say so.
      () => {},
    )
  }

  /** Joins the page hook to a panel. */
  function connect(panel: string): void {
    if (!hasStores || lines.has(panel)) return
    lines.add(panel)
    const port = chrome.runtime.connect({ name: portNameOf(panel) })
    const { port1: hook, port2: own } = new MessageChannel()

    function end(reason: string): void {
      if (!lines.delete(panel)) return
      own.postMessage(endAsText(reason))
      own.close()
      if (isAlive()) port.disconnect()
    }

    own.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const piece = readText(data)
      if (typeof piece === 'string') end('')
      else port.postMessage({ type: 'bytes', ...piece } satisfies FrameBytes)
    })
    own.start()
    port.onMessage.addListener((piece: FrameBytes) => own.postMessage(pieceAsText(piece)))
    port.onDisconnect.addListener(() => {
      end('The line to the panel broke.')
      ask()
    })
    say('content-script', { type: 'connect' }, hook)
  }

  listen('page-hook', () => {
    hasStores = true
    ask()
  })
  chrome.runtime.onMessage.addListener((message: PanelLooks) => {
    if (message.type === 'panel-looks') connect(message.panel)
  })
  // A page that comes back from the browser's cache has lost its ports.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) ask()
  })
  say('content-script', { type: 'any-stores' })
}

const world = globalThis as { [HERE]?: true }
if (!world[HERE]) {
  world[HERE] = true
  begin()
}
