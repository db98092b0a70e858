import { act, screen } from '@testing-library/react'
import { type ReactElement, type ReactNode, StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, test, vi } from 'vitest'
import { beQuiet, createTasks, Task } from '../tests/hooks/app.js'
import { hookMode } from '../tests/hooks/mode.js'
import type { Store } from '../src/store/face.js'
import { settle } from '../src/testing/test-store.js'
import { StoreProvider } from './store-provider.js'
import { TimeTravel } from './time-travel.js'
import { useItem } from './use-item.js'
import { useQuery } from './use-query.js'
import { useStatus } from './use-status.js'
import { useHistory } from './use-timeline.js'
import { useUndo } from './use-undo.js'

beQuiet()

function Title(): ReactNode {
  const [task, setTask] = useItem(Task, 'a')
  return (
    <button onClick={() => setTask({ title: 'clicked' })}>{`${task?.title} of ${useQuery(Task, {}).length}`}</button>
  )
}

function page(provider: ReactElement): ReactElement {
  const app = <main>{provider}</main>
  return hookMode === 'strict' ? <StrictMode>{app}</StrictMode> : app
}

let unmount = (): void => {}
afterEach(() => {
  act(() => unmount())
  document.body.innerHTML = ''
})

/** Puts what a server rendered on the page, and hydrates it; what went wrong and was mended counts too. */
async function hydrate(
  server: ReactElement,
  client: ReactElement,
): Promise<{ container: Element; recovered: unknown[] }> {
  const container = document.createElement('div')
  container.innerHTML = renderToString(server)
  document.body.append(container)
  const recovered: unknown[] = []
  await act(async () => {
    const root = hydrateRoot(container, client, { onRecoverableError: (error) => recovered.push(error) })
    unmount = () => root.unmount()
  })
  return { container, recovered }
}

test('a server renders the fallback, though its store is ready', () => {
  const { store, listeners } = createTasks('a')
  const html = renderToString(
    <StoreProvider store={store} fallback={<p>Opening…</p>}>
      <Title />
    </StoreProvider>,
  )
  expect(html).toBe('<p>Opening…</p>')
  expect(listeners()).toBe(0)
})

test('hydrates the fallback without a warning, then shows the app', async () => {
  const [server, client] = [createTasks('a'), createTasks('a', 'b')]
  const shown = (store: Store): ReactElement =>
    page(
      <StoreProvider store={store} fallback={<p>Opening…</p>}>
        <Title />
      </StoreProvider>,
    )
  const { container, recovered } = await hydrate(shown(server.store), shown(client.store))
  expect(recovered).toEqual([])
  expect(container.innerHTML).toBe('<main><button>a of 2</button></main>')
  act(() => screen.getByRole('button').click())
  expect(screen.getByText('clicked of 2')).toBeTruthy()
  act(() => unmount())
  expect([server.listeners(), client.listeners()]).toEqual([0, 0])
})

test('hydrates while the repository is still opening', async () => {
  const app = createTasks('a')
  app.hold()
  const shown = page(
    <StoreProvider store={app.store} fallback={<p>Opening…</p>}>
      <Title />
    </StoreProvider>,
  )
  const { container, recovered } = await hydrate(shown, shown)
  expect(container.innerHTML).toContain('Opening…')
  await act(() => app.open())
  expect(recovered).toEqual([])
  expect(container.textContent).toBe('a of 1')
})

test('create runs on the client only', async () => {
  let made = 0
  const shown = page(
    <StoreProvider
      create={() => {
        made++
        return createTasks('a').store
      }}
      fallback={<p>Opening…</p>}
    >
      <Title />
    </StoreProvider>,
  )
  renderToString(shown)
  expect(made).toBe(0)
  const { container, recovered } = await hydrate(shown, shown)
  expect(made).toBe(1)
  expect(recovered).toEqual([])
  expect(container.textContent).toBe('a of 1')
})

test('a fallback that shows the status renders on the server', async () => {
  function Waiting(): ReactNode {
    return <p>{useStatus(({ connection }) => connection)}</p>
  }
  const app = createTasks('a')
  const shown = page(
    <StoreProvider store={app.store} fallback={<Waiting />}>
      <Title />
    </StoreProvider>,
  )
  const { container, recovered } = await hydrate(shown, shown)
  expect(recovered).toEqual([])
  expect(container.textContent).toBe('a of 1')
  expect(app.listeners()).toBe(2)
})

test('history is neither opened nor shown on the server, and appears after hydration without a warning', async () => {
  function Story(): ReactNode {
    const [entries] = useHistory(Task, 'a')
    const { canUndo } = useUndo({ suspense: false })
    return (
      <TimeTravel at={entries[0]?.moment ?? null}>
        <Title />
        {`${entries.length} ${canUndo}`}
      </TimeTravel>
    )
  }
  const app = createTasks('a')
  await act(() => settle())
  const shown = page(
    <StoreProvider store={app.store} fallback={<p>Opening…</p>}>
      <Story />
    </StoreProvider>,
  )
  renderToString(shown)
  expect(app.history.asked).toBe(0)
  const { container, recovered } = await hydrate(shown, shown)
  await vi.waitFor(() => expect(container.textContent).toBe('a of 11 true'), { timeout: 10_000 })
  expect(recovered).toEqual([])
})
