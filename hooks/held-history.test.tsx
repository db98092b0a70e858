/** The life of a history behind the hooks: when it is opened, waited for, and let go. */
import { act, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, onTestFinished, test, vi } from 'vitest'
import { beQuiet, Boundary, createTasks, historyOf, renderIn, takeErrors, Task } from '../tests/hooks/app.js'
import { IbexError } from '../src/errors.js'
import { settle } from '../src/testing/test-store.js'
import type { HistoryStatus } from './held-history.js'
import { useItem } from './use-item.js'
import { useRepositoryHistory } from './use-repository-history.js'
import { useHistory, useTimeline } from './use-timeline.js'
import { useUndo } from './use-undo.js'

beQuiet()

function Count({ id }: { id: string }): ReactNode {
  return <p>{`${id}: ${useHistory(Task, id)[0].length}`}</p>
}

function Patient(): ReactNode {
  const [entries, status]: [readonly unknown[], HistoryStatus] = useTimeline({}, { suspense: false })
  return <p>{status === 'ready' ? String(entries.length) : status}</p>
}

/** From here on time passes only by hand. */
function stopTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
}

test('hooks suspend until the history is open, which is asked for once; it is opened with the repository', async () => {
  const app = createTasks('a', 'b')
  await act(() => settle())
  app.holdHistory()
  renderIn(
    app,
    <>
      <Count id="a" />
      <Count id="b" />
    </>,
  )
  expect(screen.getByText('Opening…')).toBeTruthy()
  expect(app.listeners()).toBe(0)
  expect(app.history.asked).toBe(1)
  await act(() => app.openHistory())
  expect(await screen.findByText('a: 1')).toBeTruthy()
  expect(screen.getByText('b: 1')).toBeTruthy()
  expect(app.history).toMatchObject({ asked: 1, open: 1 })
  await vi.waitFor(() => expect(app.listeners()).toBe(2))
})

test('with suspense: false they say that it is loading', async () => {
  const app = createTasks('a')
  await act(() => settle())
  app.holdHistory()
  renderIn(app, <Patient />)
  expect(screen.getByText('loading')).toBeTruthy()
  await act(() => app.openHistory())
  expect(await screen.findByText('1')).toBeTruthy()
  act(() => void app.tasks.update('a', { done: true }))
  await act(() => settle())
  expect(screen.getByText('2')).toBeTruthy()
  expect(app.history).toMatchObject({ asked: 1, open: 1 })
})

test('when it cannot be opened the error boundary gets the error, and may try again', async () => {
  const app = createTasks('a')
  await historyOf(app)
  app.holdHistory()
  renderIn(
    app,
    <Boundary>
      <Count id="a" />
    </Boundary>,
  )
  await act(() => app.failHistory(new IbexError('history-missing', 'Another tab has it.')))
  expect(screen.getByText('history-missing')).toBeTruthy()
  takeErrors()
  await act(() => new Promise((resolve) => setTimeout(resolve)))
  act(() => screen.getByText('history-missing').click())
  expect(await screen.findByText('a: 1')).toBeTruthy()
})

test('who waits without suspending is told, and the history is tried again with another connection', async () => {
  const app = createTasks('a')
  await historyOf(app)
  const asked = app.history.asked
  app.holdHistory()
  renderIn(app, <Patient />)
  await act(() => app.failHistory(new IbexError('history-missing', 'Another tab has it.')))
  expect(screen.getByText('unavailable')).toBeTruthy()
  act(() => void app.tasks.update('a', { done: true }))
  await act(() => settle())
  expect(app.history.asked).toBe(asked + 1)
  act(() => app.setConnection('online'))
  expect(await screen.findByText('2')).toBeTruthy()
  expect(app.history.asked).toBe(asked + 2)
  await vi.waitFor(() => expect(app.listeners()).toBe(1))
})

test('it is let go some seconds after the last one that used it has gone', async () => {
  const app = createTasks('a')
  const { rerender, unmount } = renderIn(app, <Count id="a" />)
  await act(() => settle())
  await screen.findByText('a: 1')
  stopTime()
  rerender(<p>elsewhere</p>)
  expect(app.listeners()).toBe(0)
  vi.advanceTimersByTime(4000)
  // Who comes back in time finds it as it was.
  rerender(<Count id="a" />)
  expect(screen.getByText('a: 1')).toBeTruthy()
  vi.advanceTimersByTime(60_000)
  expect(app.history).toEqual({ asked: 1, open: 1, pasts: 0, films: 0 })
  unmount()
  vi.advanceTimersByTime(4000)
  expect(app.history.open).toBe(1)
  vi.advanceTimersByTime(2000)
  expect(app.history.open).toBe(0)
  expect(app.listeners()).toBe(0)
})

test('who comes later opens it anew', async () => {
  const app = createTasks('a')
  const { rerender } = renderIn(app, <Count id="a" />)
  await act(() => settle())
  await screen.findByText('a: 1')
  stopTime()
  rerender(<p>elsewhere</p>)
  vi.advanceTimersByTime(6000)
  expect(app.history.open).toBe(0)
  vi.useRealTimers()
  rerender(<Count id="a" />)
  expect(await screen.findByText('a: 1')).toBeTruthy()
  expect(app.history).toMatchObject({ asked: 2, open: 1 })
})

test('renders that are abandoned while suspended leave nothing behind', async () => {
  const app = createTasks('a')
  const other = await historyOf(app)
  other.close()
  const { asked } = app.history
  app.holdHistory()
  const { rerender } = renderIn(app, <Count id="a" />)
  rerender(<p>elsewhere</p>)
  stopTime()
  await act(() => app.openHistory())
  await act(() => vi.waitFor(() => expect(app.history.open).toBe(1)))
  expect(app.history.asked).toBe(asked + 1)
  vi.advanceTimersByTime(6000)
  expect(app.history.open).toBe(0)
  expect(app.listeners()).toBe(0)
})

test('useRepositoryHistory hands out the history itself, the same as long as somebody uses it', async () => {
  const app = createTasks('a')
  await act(() => settle())
  const seen = new Set<unknown>()
  function Ask({ tick }: { tick: number }): ReactNode {
    const history = useRepositoryHistory()
    useSeen(history, seen)
    return <p>{`${tick} ${history.path}`}</p>
  }
  const { rerender } = renderIn(app, <Ask tick={0} />)
  expect(await screen.findByText('0 /data/main')).toBeTruthy()
  act(() => void app.tasks.update('a', { done: true }))
  await act(() => settle())
  rerender(<Ask tick={1} />)
  expect(seen.size).toBe(1)
  expect(app.history.open).toBe(1)
})

function useSeen(value: unknown, into: Set<unknown>): void {
  into.add(value)
}

test('an app that shows no history opens none', async () => {
  const app = createTasks('a')
  function Title(): ReactNode {
    return <p>{useItem(Task, 'a')[0]?.title}</p>
  }
  renderIn(app, <Title />)
  await act(() => settle())
  expect(app.history.asked).toBe(0)
})

test('all kinds of hooks share one history', async () => {
  const app = createTasks('a')
  const history = await historyOf(app)
  const asked = app.history.asked
  function All(): ReactNode {
    const [then] = useItem(Task, 'a', { at: history.now() })
    const [entries] = useTimeline()
    const { canUndo } = useUndo()
    return <p>{`${then?.title} ${entries.length} ${canUndo}`}</p>
  }
  renderIn(app, <All />)
  expect(await screen.findByText('a 1 true')).toBeTruthy()
  expect(app.history.asked).toBe(asked + 1)
})

test('a store that begins anew has another history, which is opened in the place of the one before', async () => {
  const app = createTasks('a')
  await act(() => settle())
  function Patients(): ReactNode {
    const history = useRepositoryHistory({ suspense: false })
    const { canUndo, status } = useUndo({ suspense: false })
    return <i>{`${history?.closed} ${canUndo} ${status}`}</i>
  }
  renderIn(
    app,
    <>
      <Count id="a" />
      <Patients />
    </>,
  )
  await screen.findByText('a: 1')
  expect(await screen.findByText('false true ready')).toBeTruthy()
  await act(async () => {
    const done = app.store.reset()
    await settle()
    await done
  })
  expect(await screen.findByText('a: 0')).toBeTruthy()
  expect(await screen.findByText('false false ready')).toBeTruthy()
  act(() => void app.tasks.create({ title: 'new' }, { id: 'a' }))
  expect(screen.getByText('a: 1')).toBeTruthy()
  expect(screen.getByText('false true ready')).toBeTruthy()
  expect(app.history.open).toBe(1)
  await vi.waitFor(() => expect(app.listeners()).toBe(3))
})
