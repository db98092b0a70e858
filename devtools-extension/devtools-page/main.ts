/** Runs with every window of the developer tools: adds the panel to it, and tells it whether one looks at it. */
import { PANEL_HIDDEN, PANEL_SHOWN } from '../hops/devtools-page-panel.js'

chrome.devtools.panels.create('Ibex', 'icon-32.png', 'panel.html', (panel) => {
  let window: EventTarget | undefined
  panel.onShown.addListener((shown) => {
    window = shown as unknown as EventTarget
    window.dispatchEvent(new Event(PANEL_SHOWN))
  })
  panel.onHidden.addListener(() => window?.dispatchEvent(new Event(PANEL_HIDDEN)))
})
