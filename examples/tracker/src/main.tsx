import { createStore } from 'ibex-state'
import { IbexDevtoolsInProduction } from 'ibex-state/devtools'
import { inspectable } from 'ibex-state/inspect'
import { StoreProvider } from 'ibex-state/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Issue, Label, Vote } from './data/issue.js'
import { App } from './shell/app.js'
import { Failure } from './shell/failure.js'
import { Opening } from './shell/opening.js'
import { hasServer, me, storeName } from './shell/session.js'

const store = createStore({
  name: storeName,
  schemas: [Issue, Label, Vote],
  server: hasServer && '/ibex',
  token: me,
  // For everybody to look into: an app leaves this out, and writes {import.meta.env.DEV && <IbexDevtools />} below.
  devtools: inspectable(),
})

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Failure>
      <StoreProvider store={store} fallback={<Opening />}>
        <App />
      </StoreProvider>
    </Failure>
    <IbexDevtoolsInProduction button={false} />
  </StrictMode>,
)
