import { act, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, test } from 'vitest'
import { beQuiet, createTasks, renderIn, takeNotes, useNote } from '../tests/hooks/app.js'
import { settle } from '../src/testing/test-store.js'
import { RepositoryProvider } from './repository-provider.js'
import { useStatus } from './use-status.js'

beQuiet()

test('says how the repository stands', async () => {
  const app = createTasks()
  function Line(): ReactNode {
    const { ready, connection, pending, storageMode } = useStatus()
    return <p>{`${ready} ${connection} ${pending} ${storageMode}`}</p>
  }
  renderIn(app, <Line />)
  expect(screen.getByText('true local 0 memory')).toBeTruthy()
  act(() => void app.tasks.create({ title: 'a' }))
  await act(() => settle())
  expect(screen.getByText('true local 0 memory')).toBeTruthy()
})

test('with a selector renders only when the result is another', async () => {
  const app = createTasks()
  function Mode(): ReactNode {
    const modes = useStatus(({ storageMode, connection }) => [storageMode, connection])
    useNote('mode')
    return <p>{modes.join(' ')}</p>
  }
  function Pending(): ReactNode {
    const pending = useStatus((status) => status.pending)
    useNote('pending')
    return <p>{pending}</p>
  }
  renderIn(
    app,
    <>
      <Mode />
      <Pending />
    </>,
  )
  takeNotes()
  // Within a window of 333 ms the second change waits.
  act(() => void app.tasks.create({ title: 'a' }))
  act(() => void app.tasks.create({ title: 'b' }))
  expect(screen.getByText('memory local')).toBeTruthy()
  await act(() => settle())
  expect(screen.getByText('0')).toBeTruthy()
  const notes = takeNotes()
  expect(notes).not.toContain('mode')
  expect(notes.length).toBeGreaterThan(1)
})

test('never suspends, and leaves no listener', () => {
  const app = createTasks()
  app.hold()
  function Connection(): ReactNode {
    return <p>{useStatus((status) => status.connection)}</p>
  }
  const { unmount } = renderIn(
    app,
    <>
      <Connection />
      <RepositoryProvider path="/data/inbox">
        <Connection />
      </RepositoryProvider>
    </>,
  )
  expect(screen.getAllByText('local').length).toBe(2)
  expect(app.listeners()).toBe(2)
  unmount()
  expect(app.listeners()).toBe(0)
})
