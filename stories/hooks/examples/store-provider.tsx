import { createStore, type Store } from 'ibex-state'
import { StoreProvider, useStore } from 'ibex-state/react'
import { type ReactNode, useState } from 'react'
import { Choice } from '../../scenes/choice.js'
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

/** The same components over one store or another. */
export function OneOfTwo({ children }: { children: ReactNode }): ReactNode {
  const ours = useStore()
  return (
    <StoreProvider create={createScratchStore} fallback={<p>Opening …</p>}>
      <Chosen ours={ours}>{children}</Chosen>
    </StoreProvider>
  )
}

function Chosen({ ours, children }: { ours: Store; children: ReactNode }): ReactNode {
  const own = useStore()
  const [whose, setWhose] = useState('Ours')
  return (
    <>
      <Choice of={['Ours', 'My own']} chosen={whose} onChoose={setWhose} />
      <StoreProvider store={whose === 'Ours' ? ours : own} fallback={<p>Opening …</p>}>
        {children}
      </StoreProvider>
    </>
  )
}

const createScratchStore = () => createStore({ name: 'scratch', schemas: [Task], server: false, storage: 'memory' })
