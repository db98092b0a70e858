import { createStore } from 'ibex-state'
import { StoreProvider } from 'ibex-state/react'
import { type ReactNode, useState } from 'react'
import { Task } from '../../scenes/tasks.js'
import { Tasks } from './use-collection.js'

/** A store that lives as long as what shows it; an app has one for all, and gives it by `store`. */
export function Scratchpad(): ReactNode {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button onClick={() => setOpen(!open)}>{open ? 'Close' : 'Open'} my own list</button>
      {open && (
        <StoreProvider create={createScratchStore} fallback={<p>Opening …</p>}>
          <Tasks />
        </StoreProvider>
      )}
    </>
  )
}

const createScratchStore = () => createStore({ name: 'scratch', schemas: [Task], server: false, storage: 'memory' })
