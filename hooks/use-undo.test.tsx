import { act, fireEvent, renderHook, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, test } from 'vitest'
import {
  beQuiet,
  Boundary,
  createTasks,
  historyOf,
  renderIn,
  takeErrors,
  takeNotes,
  Task,
  useNote,
} from '../tests/hooks/app.js'
import { connect, createTestStore, settle } from '../src/testing/test-store.js'
import { useItem } from './use-item.js'
import { StoreProvider } from './store-provider.js'
import { useUndo } from './use-undo.js'

beQuiet()

function Buttons({ suspense }: { suspense?: boolean }): ReactNode {
  const { undo, redo, canUndo, canRedo, undoLabel, redoLabel, status } = useUndo({ suspense })
  useNote('buttons')
  return (
    <>
      <button onClick={undo} disabled={!canUndo}>{`undo ${undoLabel}`}</button>
      <button onClick={redo} disabled={!canRedo}>{`redo ${redoLabel}`}</button>
      <p>{status}</p>
    </>
  )
}

function Title(): ReactNode {
  return <i>{useItem(Task, 'a')[0]?.title}</i>
}

const shown = (): string[] =>
  [...document.querySelectorAll('button')].map(({ textContent, disabled }) => (disabled ? '-' : textContent))

test('undoes and redoes what this session did, and says what', async () => {
  const app = createTasks('a')
  await act(() => settle())
  renderIn(
    app,
    <>
      <Title />
      <Buttons />
    </>,
  )
  await screen.findByText('ready')
  act(() => void app.store.transact(() => app.tasks.update('a', { title: 'b' }), { label: 'rename' }))
  await act(() => settle())
  expect(shown()).toEqual(['undo rename', '-'])
  fireEvent.click(screen.getByText('undo rename'))
  expect(screen.getByText('a')).toBeTruthy()
  await act(() => settle())
  expect(shown()).toEqual(['undo undefined', 'redo rename'])
  fireEvent.click(screen.getByText('redo rename'))
  expect(screen.getByText('b')).toBeTruthy()
  await act(() => settle())
  expect(shown()).toEqual(['undo rename', '-'])
})

test('what others did is no reason to render, and stays', async () => {
  const app = createTasks('a', 'b')
  const other = createTestStore({ schemas: [Task] })
  connect(app.inner, other)
  await act(() => settle())
  renderIn(
    app,
    <>
      <Title />
      <Buttons />
    </>,
  )
  await screen.findByText('ready')
  act(() => void app.store.transact(() => app.tasks.update('a', { title: 'b' }), { label: 'rename' }))
  await act(() => settle())
  takeNotes()
  other.collection(Task).update('a', { done: true })
  await act(() => settle())
  expect(takeNotes()).toEqual([])
  fireEvent.click(screen.getByText('undo rename'))
  expect(app.tasks.require('a')).toMatchObject({ title: 'a', done: true })
})

test('the functions keep identity, also while the history is loading, when they say so', async () => {
  const app = createTasks('a')
  await act(() => settle())
  app.holdHistory()
  const { result } = renderHook(() => useUndo({ suspense: false }), {
    wrapper: ({ children }) => <StoreProvider store={app.store}>{children}</StoreProvider>,
  })
  const { undo, redo } = result.current
  expect(result.current).toMatchObject({ status: 'loading', canUndo: false, canRedo: false })
  expect(undo).toThrow(expect.objectContaining({ code: 'not-ready' }))
  await act(() => app.openHistory())
  await historyOf(app)
  expect(result.current).toMatchObject({ status: 'ready', canUndo: true, undo, redo })
  act(() => void undo())
  await act(() => settle())
  expect(app.tasks.get('a')).toBeUndefined()
  expect(result.current).toMatchObject({ canRedo: true, undo, redo })
})

test('a scope that there is not goes to the error boundary', async () => {
  const app = createTasks('a')
  await historyOf(app)
  function Wrong(): ReactNode {
    return useUndo({ scope: 'everybody' as never }).status
  }
  renderIn(
    app,
    <Boundary>
      <Wrong />
    </Boundary>,
  )
  expect(await screen.findByText('bad-option')).toBeTruthy()
  takeErrors()
})

test('where there is nothing to undo, undo does nothing', async () => {
  const app = createTasks()
  await act(() => settle())
  renderIn(app, <Buttons />)
  await screen.findByText('ready')
  expect(shown()).toEqual(['-', '-'])
  const { result } = renderHook(() => useUndo(), {
    wrapper: ({ children }) => <StoreProvider store={app.store}>{children}</StoreProvider>,
  })
  await act(() => settle())
  act(() => void result.current.undo())
  await act(() => settle())
  expect(shown()).toEqual(['-', '-'])
})
