/** Two people at work side by side, each with a store of their own, and between them a server that each can lose. */
import type { Store } from 'ibex-state'
import { StoreProvider, useStatus } from 'ibex-state/react'
import { type ReactNode, useEffect, useState } from 'react'
import './two-clients.css'
import { Task } from './tasks.js'
import { World } from './world.js'

export interface TwoClientsProps {
  /** What each of the two sees. */
  readonly children: ReactNode
}

const PEOPLE = ['Ada', 'Lin'] as const
const TITLES = ['Fix login', 'Water the plants', 'Write the release notes'] as const

export function TwoClients({ children }: TwoClientsProps): ReactNode {
  const stores = useWorld()
  if (!stores) return <p>Opening …</p>
  return (
    <div className="clients">
      {PEOPLE.map((name, i) => (
        <StoreProvider key={name} store={stores[i]!} fallback={<p>Opening …</p>}>
          <Client name={name} store={stores[i]!}>
            {children}
          </Client>
        </StoreProvider>
      ))}
    </div>
  )
}

interface ClientProps {
  readonly name: string
  readonly store: Store
  readonly children: ReactNode
}

function Client({ name, store, children }: ClientProps): ReactNode {
  const [offline, setOffline] = useState(false)
  const { connection, pending } = useStatus(({ connection, pending }) => ({ connection, pending }))
  return (
    <section className="client" aria-label={name}>
      <header>
        <h2>{name}</h2>
        <span role="status">
          {connection}
          {pending > 0 && `, ${pending} pending`}
        </span>
        <label>
          <input
            type="checkbox"
            role="switch"
            checked={offline}
            onChange={({ target }) => {
              setOffline(target.checked)
              store.setOffline(target.checked)
            }}
          />
          Offline
        </label>
      </header>
      <div className="client-body">{children}</div>
    </section>
  )
}

/** The stores of the two, once each has what the first has made. */
function useWorld(): readonly Store[] | undefined {
  const [stores, setStores] = useState<readonly Store[]>()
  useEffect(() => {
    const world = new World()
    let left = false
    const open = async (): Promise<void> => {
      await world.open()
      const ada = await world.person('ada')
      for (const [i, title] of TITLES.entries()) ada.collection(Task).create({ title }, { id: `t-${i + 1}` })
      await world.pass(1000)
      const lin = await world.person('lin')
      while (!lin.collection(Task).get('t-3')) await world.pass(100)
      world.run()
      if (left) await world.close()
      else setStores([ada, lin])
    }
    const opening = open()
    return () => {
      left = true
      void opening.then(() => world.close())
    }
  }, [])
  return stores
}
