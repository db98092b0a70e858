/**
 * Joins the panels of a tab to its frames. It has no state but the ports that are open: the browser ends it as it likes, and
 * then both ends connect again. It also sees to it that the extension's scripts run where the user has given it access, and
 * nowhere else.
 */
import type { FrameBytes, FrameHasStores, PanelLooks, Panels } from '../hops/content-script-service-worker.js'
import { panelOfPort } from '../hops/content-script-service-worker.js'
import type { PanelToServiceWorker, ServiceWorkerToPanel } from '../hops/service-worker-panel.js'
import { panelOfPortName } from '../hops/service-worker-panel.js'
import { lookInto, registerScripts } from './scripts.js'

interface PanelEnd {
  readonly tab: number
  readonly port: chrome.runtime.Port
  /** Lines to frames, by their names. */
  readonly lines: Map<string, chrome.runtime.Port>
  /** Finds the frames of the tab, as far as the extension may look into it. */
  look(): Promise<void>
}

const panels = new Map<string, PanelEnd>()
let lines = 0

function openPanel(port: chrome.runtime.Port, tab: number, name: string): void {
  const end: PanelEnd = { tab, port, lines: new Map(), look }
  const tell = (message: ServiceWorkerToPanel): void => port.postMessage(message)
  panels.set(name, end)

  async function look(): Promise<void> {
    const granted = await lookInto(tab)
    if (panels.get(name) !== end) return
    tell({ type: 'access', granted })
    if (!granted) return
    const message: PanelLooks = { type: 'panel-looks', panel: name }
    // Where no frame listens, nobody has stores.
    await chrome.tabs.sendMessage(tab, message).catch(() => {})
  }

  port.onMessage.addListener((message: PanelToServiceWorker) => {
    switch (message.type) {
      case 'bytes': {
        const { text, last } = message
        end.lines.get(message.line)?.postMessage({ type: 'bytes', text, last } satisfies FrameBytes)
        return
      }
      case 'end':
        end.lines.get(message.line)?.disconnect()
        end.lines.delete(message.line)
        return
      case 'look':
        void end.look()
        return
      case 'grant': {
        const page = new URL(chrome.runtime.getURL('grant.html'))
        page.searchParams.set('origin', message.origin)
        void chrome.tabs.create({ url: page.href })
        return
      }
      case 'beat':
    }
  })
  port.onDisconnect.addListener(() => {
    if (panels.get(name) === end) panels.delete(name)
    for (const frame of end.lines.values()) frame.disconnect()
  })
  void end.look()
}

function openFrame(port: chrome.runtime.Port, panel: string): void {
  const end = panels.get(panel)
  const { sender } = port
  if (!end || end.tab !== sender?.tab?.id) {
    port.disconnect()
    return
  }
  const line = String(++lines)
  const tell = (message: ServiceWorkerToPanel): void => end.port.postMessage(message)
  end.lines.set(line, port)
  tell({ type: 'line', line, frame: String(sender.frameId ?? 0) })
  port.onMessage.addListener(({ text, last }: FrameBytes) => {
    if (end.lines.has(line)) tell({ type: 'bytes', line, text, last })
  })
  port.onDisconnect.addListener(() => {
    if (end.lines.delete(line) && panels.get(panel) === end) tell({ type: 'end', line })
  })
}

chrome.runtime.onConnect.addListener((port) => {
  const frame = panelOfPort(port.name)
  const panel = panelOfPortName(port.name)
  if (frame !== undefined) openFrame(port, frame)
  else if (panel) openPanel(port, panel.tab, panel.panel)
})

chrome.runtime.onMessage.addListener((message: FrameHasStores, sender, answer: (panels: Panels) => void) => {
  if (message.type !== 'frame-has-stores') return
  const tab = sender.tab?.id
  answer({ panels: Array.from(panels).flatMap(([name, end]) => (end.tab === tab ? [name] : [])) })
})

/** The user has given or taken access. */
async function accessChanged(): Promise<void> {
  await registerScripts()
  for (const end of panels.values()) void end.look()
}

chrome.permissions.onAdded.addListener(() => void accessChanged())
chrome.permissions.onRemoved.addListener(() => void accessChanged())
chrome.runtime.onInstalled.addListener(() => void registerScripts())
chrome.runtime.onStartup.addListener(() => void registerScripts())
