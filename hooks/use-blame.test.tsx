import { act, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, test } from 'vitest'
import { beQuiet, createTasks, historyOf, renderIn, takeNotes, Task, useNote } from '../tests/hooks/app.js'
import type { Moment } from '../src/index.js'
import { connect, createTestStore, settle } from '../src/testing/test-store.js'
import { useBlame } from './use-blame.js'
import { useConflicts } from './use-conflicts.js'

beQuiet()

test('useBlame says who wrote a field, by which action, and renders only when that is another', async () => {
  const app = createTasks('a')
  const other = createTestStore({ schemas: [Task] })
  connect(app.inner, other)
  await act(() => settle())
  const me = app.tasks.require('a').$createdBy
  function Who(): ReactNode {
    const [blame, status] = useBlame(Task, 'a', 'title')
    useNote('who')
    return <p>{`${blame?.by === me ? 'me' : 'other'} ${blame?.label} ${status}`}</p>
  }
  renderIn(app, <Who />)
  expect(await screen.findByText('me undefined ready')).toBeTruthy()
  other.transact(() => other.collection(Task).update('a', { title: 'b' }), { label: 'rename' })
  await act(() => settle())
  expect(screen.getByText('other rename ready')).toBeTruthy()
  takeNotes()
  act(() => void app.tasks.update('a', { done: true }))
  await act(() => settle())
  expect(takeNotes()).toEqual([])
})

test('without a field it says it of the whole item; at a moment, of what it was then', async () => {
  const app = createTasks('a')
  const history = await historyOf(app)
  const before = history.now()
  app.store.transact(() => app.tasks.update('a', { done: true }), { label: 'tick' })
  await settle()
  app.tasks.delete('a')
  await settle()
  function All({ at }: { at: Moment | null }): ReactNode {
    const [blame] = useBlame(Task, 'a', { at })
    return <p>{`${blame?.done?.label} ${blame?.$exists?.action === history.timeline().get()[0]!.id}`}</p>
  }
  const { rerender } = renderIn(app, <All at={before} />)
  expect(await screen.findByText('undefined false')).toBeTruthy()
  rerender(<All at={null} />)
  expect(screen.getByText('tick true')).toBeTruthy()
})

test('without an id there is nothing to say, and no history is opened', () => {
  const app = createTasks('a')
  function None(): ReactNode {
    const [blame, status] = useBlame(Task, null, 'title')
    const [conflicts] = useConflicts(Task, null)
    return <p>{`${blame?.by} ${conflicts.length} ${status}`}</p>
  }
  renderIn(app, <None />)
  expect(screen.getByText('undefined 0 ready')).toBeTruthy()
  expect(app.history.asked).toBe(0)
})
