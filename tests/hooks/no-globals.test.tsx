/** The touchstone where nothing is there that only browsers have, save the page itself, and everything is passed in. */
import { act, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { createNobleCrypto } from '../../src/crypto/noble.js'
import { seededRandom, VirtualTime } from '../../src/testing/virtual-time.js'
import { createMemoryPair } from '../../src/transport/memory.js'

const GLOBALS = [
  'BroadcastChannel',
  'EventSource',
  'MessageChannel',
  'SharedWorker',
  'WebSocket',
  'Worker',
  'XMLHttpRequest',
  'caches',
  'cancelAnimationFrame',
  'crypto',
  'fetch',
  'indexedDB',
  'localStorage',
  'navigator',
  'requestAnimationFrame',
  'requestIdleCallback',
  'sessionStorage',
]

afterEach(() => vi.unstubAllGlobals())

test('imports and runs without web globals, on the ports that it is given', async () => {
  for (const name of GLOBALS) vi.stubGlobal(name, undefined)
  vi.resetModules()
  const { createStore, defineSchema, field } = await import('../../src/index.js')
  const { StoreProvider, useCollection, useItem, useQuery } = await import('../../hooks/index.js')

  const Task = defineSchema('task', {
    title: field.string(),
    done: field.boolean().default(false),
  })
  const time = new VirtualTime()
  const random = seededRandom(1)
  const addresses: string[] = []
  const store = createStore({
    schemas: [Task],
    server: 'memory:',
    storage: 'memory',
    ports: {
      clock: time,
      scheduler: time,
      random,
      crypto: createNobleCrypto(random),
      connect(address) {
        addresses.push(address)
        // Nobody listens at the other end.
        return createMemoryPair({ scheduler: time, random })[0]
      },
    },
  })

  function Tasks(): React.ReactNode {
    const open = useQuery(Task, { where: { done: false }, orderBy: 'title' })
    const tasks = useCollection(Task)
    return (
      <>
        {open.map((task) => (
          <TaskRow key={task.$id} id={task.$id} />
        ))}
        <button onClick={() => tasks.create({ title: 'New task' })}>Add</button>
      </>
    )
  }

  function TaskRow({ id }: { id: string }): React.ReactNode {
    const [task, setTask] = useItem(Task, id)
    if (!task) return null
    return <input value={task.title} onChange={(event) => setTask({ title: event.target.value })} />
  }

  render(
    <StoreProvider store={store} fallback={<p>Opening…</p>}>
      <Tasks />
    </StoreProvider>,
  )
  expect(screen.getByText('Opening…')).toBeTruthy()
  // Modules that are loaded on demand take real time; a server that is silent takes three seconds of the store's.
  while (screen.queryByText('Add') === null) {
    await act(async () => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      await time.pass(100)
    })
  }
  fireEvent.click(screen.getByText('Add'))
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'Write the report' } })
  expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('Write the report')
  expect(addresses).toEqual(['memory:'])
  await act(async () => {
    await time.pass(1000)
    await store.close()
  })
}, 20_000)
