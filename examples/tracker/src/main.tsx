import { createStore } from 'ibex-state'
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
})

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Failure>
      <StoreProvider store={store} fallback={<Opening />}>
        <App />
      </StoreProvider>
    </Failure>
  </StrictMode>,
)
