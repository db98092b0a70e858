import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import * as React from 'react'
import { type ReactElement, type ReactNode, useState } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { beQuiet, Boundary, createTasks, renderIn, takeErrors, Task } from '../tests/hooks/app.js'
import { IbexError } from '../src/errors.js'
import { field } from '../src/schema/field.js'
import { defineSchema } from '../src/schema/schema.js'
import type { Store } from '../src/store/face.js'
import { RepositoryProvider } from './repository-provider.js'
import { StoreProvider } from './store-provider.js'
import { useCollection } from './use-collection.js'
import { useItem } from './use-item.js'
import { useIds, useQuery } from './use-query.js'
import { useStatus } from './use-status.js'
import { useStore } from './use-store.js'

beQuiet()

function Title({ id }: { id: string }): ReactNode {
  const [task] = useItem(Task, id)
  return <p>{task?.title}</p>
}

describe('opening', () => {
  function Count(): ReactNode {
    return <p>{`${useQuery(Task, {}).length} tasks`}</p>
  }

  test('shows the fallback until the repository is open, which is asked for once', async () => {
    const app = createTasks('a', 'b')
    app.hold()
    renderIn(
      app,
      <>
        <Count />
        <Title id="a" />
        <Title id="b" />
      </>,
    )
    expect(screen.getByText('Opening…')).toBeTruthy()
    expect(app.openings()).toBe(1)
    expect(app.listeners()).toBe(0)
    await act(() => app.open())
    expect(screen.queryByText('Opening…')).toBeNull()
    expect(screen.getByText('2 tasks')).toBeTruthy()
    expect(app.openings()).toBe(1)
    expect(app.listeners()).toBe(3)
  })

  test('a collection is only handed out when it may be written to', async () => {
    const app = createTasks()
    app.hold()
    function Add(): ReactNode {
      const tasks = useCollection(Task)
      return <button onClick={() => tasks.create({ title: 'new' }, { id: 'new' })}>Add</button>
    }
    renderIn(app, <Add />)
    expect(screen.queryByText('Add')).toBeNull()
    await act(() => app.open())
    fireEvent.click(screen.getByText('Add'))
    expect(app.tasks.require('new').title).toBe('new')
  })

  test('renders that are abandoned while suspended leave nothing behind', async () => {
    const app = createTasks('a')
    app.hold()
    const { rerender, unmount } = renderIn(app, <Title id="a" />)
    rerender(<p>elsewhere</p>)
    expect(screen.getByText('elsewhere')).toBeTruthy()
    await act(() => app.open())
    expect(app.listeners()).toBe(0)
    unmount()
    app.hold()
    const again = renderIn(app, <Title id="a" />)
    again.unmount()
    await act(() => app.open())
    expect(app.listeners()).toBe(0)
  })

  test('each repository is waited for by those who read it, and by nobody else', async () => {
    const app = createTasks('a')
    app.hold('/data/inbox')
    renderIn(
      app,
      <>
        <Title id="a" />
        <StoreProvider store={app.store} fallback={<p>Inbox…</p>}>
          <RepositoryProvider path="/data/inbox">
            <Count />
          </RepositoryProvider>
        </StoreProvider>
      </>,
    )
    expect(screen.getByText('a')).toBeTruthy()
    expect(screen.getByText('Inbox…')).toBeTruthy()
    expect(app.openings('/data/inbox')).toBe(1)
    await act(() => app.open('/data/inbox'))
    expect(screen.getByText('0 tasks')).toBeTruthy()
  })

  test('when it fails the nearest error boundary gets the error, and may try again', async () => {
    const app = createTasks('a')
    app.hold()
    render(
      <Boundary>
        <StoreProvider store={app.store} fallback={<p>Opening…</p>}>
          <Title id="a" />
          <Count />
        </StoreProvider>
      </Boundary>,
    )
    expect(screen.getByText('Opening…')).toBeTruthy()
    await act(() => app.fail(new IbexError('storage', 'No disk.')))
    expect(screen.getByText('storage')).toBeTruthy()
    expect(app.openings()).toBe(1)
    expect(app.listeners()).toBe(0)
    takeErrors()

    await act(() => new Promise((resolve) => setTimeout(resolve)))
    fireEvent.click(screen.getByText('storage'))
    expect(screen.getByText('Opening…')).toBeTruthy()
    expect(app.openings()).toBe(2)
    await act(() => app.open())
    expect(screen.getByText('a')).toBeTruthy()
    expect(takeErrors()).toEqual([])
  })

  test('the fallback may ask for the store and its status', async () => {
    const app = createTasks('a')
    app.hold()
    function Waiting(): ReactNode {
      return <p>{`${useStore().name} ${useStatus(({ connection }) => connection)}`}</p>
    }
    render(
      <StoreProvider store={app.store} fallback={<Waiting />}>
        <Title id="a" />
      </StoreProvider>,
    )
    expect(screen.getByText('test local')).toBeTruthy()
    await act(() => app.open())
    expect(screen.getByText('a')).toBeTruthy()
    expect(app.listeners()).toBe(1)
  })
})

describe('StoreProvider', () => {
  test('another store is another app', () => {
    const [one, two] = [createTasks('a'), createTasks()]
    two.tasks.create({ title: 'two' }, { id: 'a' })
    const shown = (store: Store): ReactElement => (
      <StoreProvider store={store}>
        <Title id="a" />
      </StoreProvider>
    )
    const { rerender } = render(shown(one.store))
    expect(screen.getByText('a')).toBeTruthy()
    rerender(shown(two.store))
    expect(screen.getByText('two')).toBeTruthy()
    expect([one.listeners(), two.listeners()]).toEqual([0, 1])
    act(() => void two.tasks.update('a', { title: 'three' }))
    expect(screen.getByText('three')).toBeTruthy()
    expect(one.closed()).toBe(0)
  })

  test('create makes one store for each mount, and closes it a task after unmount', async () => {
    const made: ReturnType<typeof createTasks>[] = []
    const create = (): Store => {
      const app = createTasks('a')
      made.push(app)
      return app.store
    }
    const shown = (): ReactElement => (
      <StoreProvider create={() => create()} fallback={<p>Opening…</p>}>
        <Title id="a" />
      </StoreProvider>
    )
    const { rerender, unmount } = render(shown())
    expect(screen.getByText('a')).toBeTruthy()
    rerender(shown())
    expect(made.length).toBe(1)
    await act(() => new Promise((resolve) => setTimeout(resolve, 5)))
    expect(made[0]!.closed()).toBe(0)
    act(() => void made[0]!.tasks.update('a', { title: 'b' }))
    expect(screen.getByText('b')).toBeTruthy()

    unmount()
    expect(made[0]!.closed()).toBe(0)
    expect(made[0]!.listeners()).toBe(0)
    await waitFor(() => expect(made[0]!.closed()).toBe(1))

    const again = render(shown())
    expect(screen.getByText('a')).toBeTruthy()
    expect(made.length).toBe(2)
    again.unmount()
    await waitFor(() => expect(made[1]!.closed()).toBe(1))
    expect(made.map((app) => app.closed())).toEqual([1, 1])
  })

  test.runIf('Activity' in React)(
    'create: a provider that is hidden closes its store, and makes another when it is shown',
    async () => {
      const { Activity } = React as unknown as { Activity: React.ComponentType<{ mode: string; children: ReactNode }> }
      const made: ReturnType<typeof createTasks>[] = []
      const shown = (mode: 'visible' | 'hidden'): ReactElement => (
        <Activity mode={mode}>
          <StoreProvider
            create={() => {
              made.push(createTasks('a'))
              return made.at(-1)!.store
            }}
          >
            <Title id="a" />
          </StoreProvider>
        </Activity>
      )
      const { rerender } = render(shown('visible'))
      act(() => void made[0]!.tasks.update('a', { title: 'first' }))
      expect(screen.getByText('first')).toBeTruthy()
      rerender(shown('hidden'))
      await waitFor(() => expect(made[0]!.closed()).toBe(1))
      expect(made[0]!.listeners()).toBe(0)
      rerender(shown('visible'))
      expect(screen.getByText('a')).toBeTruthy()
      expect(made.map((app) => app.closed())).toEqual([1, 0])
    },
  )

  test('an error of create goes to the error boundary', () => {
    render(
      <Boundary>
        <StoreProvider
          create={() => {
            throw new IbexError('bad-option', 'No.')
          }}
        >
          <p>child</p>
        </StoreProvider>
      </Boundary>,
    )
    expect(screen.getByText('bad-option')).toBeTruthy()
    takeErrors()
  })

  test('without store and create it says what it needs', () => {
    render(
      <Boundary>
        {/* @ts-expect-error neither */}
        <StoreProvider>
          <p>child</p>
        </StoreProvider>
      </Boundary>,
    )
    expect(screen.getByText('bad-option')).toBeTruthy()
    takeErrors()
  })
})

describe('RepositoryProvider', () => {
  test('chooses the repository for all hooks below it; in chooses otherwise', async () => {
    const app = createTasks('a')
    await app.store.ready('/data/inbox')
    const inbox = app.store.collection(Task, { in: '/data/inbox' })
    inbox.create({ title: 'mail' }, { id: 'm' })
    function Both(): ReactNode {
      const [mail] = useItem(Task, 'm')
      const [task] = useItem(Task, 'a', { in: '/data/main' })
      const there = useCollection(Task)
      const here = useCollection(Task, { in: '/data/main' })
      return <p>{[mail?.title, task?.title, useIds(Task, {}).join(), there.path, here.path].join(' ')}</p>
    }
    renderIn(
      app,
      <RepositoryProvider path="/data/inbox">
        <Both />
      </RepositoryProvider>,
    )
    expect(screen.getByText('mail a m /data/inbox /data/main')).toBeTruthy()
  })

  test('another path shows the other repository, without a moment of the old data', async () => {
    const app = createTasks('a')
    await app.store.ready('/data/inbox')
    app.store.collection(Task, { in: '/data/inbox' }).create({ title: 'mail' }, { id: 'a' })
    function Switch(): ReactNode {
      const [path, setPath] = useState('/data/main')
      return (
        <RepositoryProvider path={path}>
          <button onClick={() => setPath('/data/inbox')}>switch</button>
          <Title id="a" />
        </RepositoryProvider>
      )
    }
    renderIn(app, <Switch />)
    expect(screen.getByText('a')).toBeTruthy()
    fireEvent.click(screen.getByText('switch'))
    expect(screen.getByText('mail')).toBeTruthy()
    expect(app.listeners()).toBe(1)
  })

  test('a path that is none goes to the error boundary', () => {
    renderIn(
      createTasks(),
      <Boundary>
        <RepositoryProvider path="inbox">
          <Title id="a" />
        </RepositoryProvider>
      </Boundary>,
    )
    expect(screen.getByText('malformed-path')).toBeTruthy()
    takeErrors()
  })
})

test('useStore and useCollection are stable and render nothing anew', () => {
  const app = createTasks('a')
  const seen = new Set<unknown>()
  function Handles({ tick }: { tick: number }): ReactNode {
    useSeen(useStore(), seen)
    useSeen(useCollection(Task), seen)
    return <p>{tick}</p>
  }
  const { rerender } = renderIn(app, <Handles tick={0} />)
  rerender(<Handles tick={1} />)
  expect(seen).toEqual(new Set([app.store, app.store.collection(Task)]))
  expect(app.listeners()).toBe(0)
})

function useSeen(value: unknown, into: Set<unknown>): void {
  into.add(value)
}

describe('mistakes', () => {
  const Other = defineSchema('other', { name: field.string() })
  const uses: readonly [name: string, use: (schema: typeof Task) => unknown][] = [
    ['useItem', (schema) => useItem(schema, 'a')],
    ['useItem of null', (schema) => useItem(schema, null)],
    ['useQuery', (schema) => useQuery(schema, {})],
    ['useQuery of null', (schema) => useQuery(schema, null)],
    ['useIds', (schema) => useIds(schema, {})],
    ['useCollection', (schema) => useCollection(schema)],
  ]
  function Use({ use, schema = Task }: { use: (schema: typeof Task) => unknown; schema?: typeof Task }): ReactNode {
    use(schema)
    return null
  }
  /** The code that the boundary was given. */
  function codeOf(children: ReactNode): string | null {
    const { container, unmount } = render(<Boundary>{children}</Boundary>)
    const { textContent } = container
    unmount()
    takeErrors()
    return textContent
  }

  test.each([...uses, ['useStatus', () => useStatus()], ['useStore', () => useStore()]] as typeof uses)(
    '%s without a provider',
    (_name, use) => expect(codeOf(<Use use={use} />)).toBe('no-provider'),
  )

  test('RepositoryProvider without a provider', () => {
    expect(codeOf(<RepositoryProvider path="/data/main" />)).toBe('no-provider')
  })

  test.each(uses)('%s with a schema that the store does not have', (_name, use) => {
    const { store } = createTasks()
    const stray = (
      <StoreProvider store={store}>
        <Use use={use} schema={Other as never} />
      </StoreProvider>
    )
    expect(codeOf(stray)).toBe('unknown-schema')
  })

  test('an id that is none', () => {
    const { store } = createTasks()
    const wrong = (
      <StoreProvider store={store}>
        <Title id="no id" />
      </StoreProvider>
    )
    expect(codeOf(wrong)).toBe('malformed-id')
  })

  test('two copies of the package', async () => {
    vi.resetModules()
    const copy = await import('./use-store.js')
    expect(copy.useStore).not.toBe(useStore)
    const { store } = createTasks()
    const mixed = (
      <StoreProvider store={store}>
        <Use use={() => copy.useStore()} />
      </StoreProvider>
    )
    expect(codeOf(mixed)).toBe('two-copies')
    // The copy that has the provider is not confused by the other.
    expect(codeOf(<Use use={() => useStore()} />)).toBe('no-provider')
  })
})
