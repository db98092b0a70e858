/** The panel in the browser's developer tools. */
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { SourcePosition } from '../../src/inspect/topics.js'
import { Note } from './frame/note.js'
import { addSheet } from './look/add-sheet.js'
import { connectToTab, inspectedOrigin, inspectedTab, type Pages } from './pages.js'
import { Panel } from './panel.js'
import { createWindowHost } from './state/host.js'
import { useLive } from './state/use-live.js'
import { followTheme } from './theme.js'

const { devtools } = chrome as Partial<typeof chrome>
// Firefox has no view of sources that an extension could open.
const opens = devtools !== undefined && 'openResource' in devtools.panels
const host = createWindowHost(() => window, opens ? openInSources : undefined)
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
  return (
    <Panel
      inspection={pages.inspection}
      host={host}
      theme={useLive(theme)}
      barred={access === false ? <Grant onGrant={(origin) => void pages.request(origin)} /> : undefined}
    />
  )
}

/** Whoever has not let the extension look into a site yet can do it here. */
function Grant({ onGrant }: { onGrant: (origin: string) => void }): ReactNode {
  return (
    <Note title="Ibex may not look into this page.">
      It asks for each site once, and for no other.{' '}
      <button type="button" className="button is-main" onClick={() => inspectedOrigin(onGrant)}>
        Allow it on this site
      </button>
    </Note>
  )
}

addSheet(document)
createRoot(document.getElementById('panel')!).render(
  <StrictMode>
    <App pages={connectToTab(inspectedTab())} />
  </StrictMode>,
)
