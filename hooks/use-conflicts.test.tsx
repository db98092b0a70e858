import { act, fireEvent, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, test } from 'vitest'
import { beQuiet, createTasks, renderIn, takeNotes, Task, useNote } from '../tests/hooks/app.js'
import { connect, createTestStore, offline, online, settle } from '../src/testing/test-store.js'
import { useConflicts } from './use-conflicts.js'

beQuiet()

function Conflicts(): ReactNode {
  const [conflicts, status] = useConflicts(Task, 'a')
  useNote('conflicts')
  return (
    <>
      <p>{`${conflicts.length} ${status}`}</p>
      {conflicts.map(({ field, value, losing, keep }) => (
        <p key={field}>
          {`${field}: ${String(value)}`}
          <button onClick={() => void keep()}>{`keep ${String(value)}`}</button>
          {losing.map((each) => (
            <button key={each.by.action} onClick={() => void each.take()}>{`take ${String(each.value)}`}</button>
          ))}
        </p>
      ))}
    </>
  )
}

test('shows the values that lost against others written at once; taking one ends it, here and elsewhere', async () => {
  const app = createTasks('a')
  const other = createTestStore({ schemas: [Task] })
  connect(app.inner, other)
  await act(() => settle())
  offline(other)
  app.tasks.update('a', { title: 'mine' })
  await settle()
  other.collection(Task).update('a', { title: 'theirs' })
  await settle()
  renderIn(app, <Conflicts />)
  expect(await screen.findByText('0 ready')).toBeTruthy()
  online(other)
  await act(() => settle())
  expect(screen.getByText('1 ready')).toBeTruthy()
  expect(screen.getByText('title: theirs')).toBeTruthy()
  takeNotes()
  act(() => void app.tasks.update('a', { done: true }))
  await act(() => settle())
  expect(takeNotes()).toEqual([])
  fireEvent.click(screen.getByText('take mine'))
  await act(() => settle())
  expect(screen.getByText('0 ready')).toBeTruthy()
  expect(other.collection(Task).require('a').title).toBe('mine')
})

test('keeping what is shown ends it too, and writes over nothing that came meanwhile', async () => {
  const app = createTasks('a')
  const other = createTestStore({ schemas: [Task] })
  connect(app.inner, other)
  const writeApart = async (mine: string, theirs: string): Promise<void> => {
    await act(() => settle())
    offline(other)
    await act(async () => void app.tasks.update('a', { title: mine }))
    await act(() => settle())
    other.collection(Task).update('a', { title: theirs })
    await act(() => settle())
    online(other)
    await act(() => settle())
  }
  renderIn(app, <Conflicts />)
  expect(await screen.findByText('0 ready')).toBeTruthy()
  await writeApart('mine', 'theirs')
  fireEvent.click(screen.getByText('keep theirs'))
  await act(() => settle())
  expect(screen.getByText('0 ready')).toBeTruthy()
  const history = await other.history()
  expect(history.conflicts(Task, 'a')).toEqual([])
  expect(history.timeline().get()[0]).toMatchObject({ label: 'Keep what is shown', items: [{ fields: ['title'] }] })

  await writeApart('mine again', 'theirs again')
  const [conflict] = history.conflicts(Task, 'a')
  other.collection(Task).update('a', { title: 'newer' })
  conflict!.keep()
  await act(() => settle())
  expect(app.tasks.require('a').title).toBe('newer')
  expect(screen.getByText('0 ready')).toBeTruthy()
  history.close()
})
