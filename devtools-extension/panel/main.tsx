/** The panel in the browser's developer tools. */
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createCell } from '../../src/inspect/live.js'
import type { SourcePosition } from '../../src/inspect/topics.js'
import { PANEL_HIDDEN, PANEL_SHOWN } from '../hops/devtools-page-panel.js'
import { Barred, ForeignFrame } from './frame/barred.js'
import { addSheet } from './look/add-sheet.js'
import { connectToTab, inspectedOrigin, inspectedTab, type Pages } from './pages.js'
import { Panel } from './panel.js'
import { createWindowHost } from './state/host.js'
import { useLive } from './state/use-live.js'
import { followTheme } from './theme.js'

const { devtools } = chrome as Partial<typeof chrome>
// Firefox has no view of sources that an extension could open.
const opens = devtools !== undefined && 'openResource' in devtools.panels
const hidden = createCell(false)
window.addEventListener(PANEL_HIDDEN, () => hidden.set(true))
window.addEventListener(PANEL_SHOWN, () => hidden.set(false))
const host = { ...createWindowHost(() => window, opens ? openInSources : undefined), hidden }
const theme = followTheme(devtools?.panels)

/** In the browser's own view of sources, which knows source maps, and what the user has chosen as editor. */
function openInSources({ file, line, column }: SourcePosition): Promise<void> {
  return new Promise((resolve, reject) => {
    // Chromium answers how it went, which its types do not say.
    const answered = (...[status]: { readonly isError?: boolean }[]): void => {
      if (status?.isError) reject(new Error('The browser does not know that file any more.'))
      else resolve()
    }
    chrome.devtools.panels.openResource(file, line - 1, column - 1, answered)
  })
}

function App({ pages }: { pages: Pages }): ReactNode {
  const access = useLive(pages.access)
  const foreign = useLive(pages.foreign)
  const request = (origin: string): void => void pages.request(origin)
  return (
    <Panel
      inspection={pages.inspection}
      host={host}
      theme={useLive(theme)}
      barred={access === false ? <Barred onAllow={() => inspectedOrigin(request)} /> : undefined}
    >
      {access && foreign.map((origin) => <ForeignFrame key={origin} origin={origin} onAllow={() => request(origin)} />)}
    </Panel>
  )
}

addSheet(document)
createRoot(document.getElementById('panel')!).render(
  <StrictMode>
    <App pages={connectToTab(inspectedTab())} />
  </StrictMode>,
)
