/** Components over an open recording: they show one moment after the other, as they show the present. */
import { act, fireEvent, screen } from '@testing-library/react'
import { type ReactNode } from 'react'
import { expect, test } from 'vitest'
import { StoreProvider } from '../../hooks/store-provider.js'
import { useCollection } from '../../hooks/use-collection.js'
import { useItem } from '../../hooks/use-item.js'
import { useIds, useQuery } from '../../hooks/use-query.js'
import { useStatus } from '../../hooks/use-status.js'
import { render } from '@testing-library/react'
import { openReplay } from '../../src/testing/open-replay.js'
import { createTestStore, settle } from '../../src/testing/test-store.js'
import { beQuiet, Task, takeNotes, useNote } from './app.js'

beQuiet()

function List(): ReactNode {
  const open = useQuery(Task, { where: { done: false }, orderBy: 'title' })
  useNote(`list: ${open.map(({ title }) => title).join()}`)
  return <p>{open.map(({ title }) => title).join()}</p>
}

let failure: unknown
function Row({ id }: { id: string }): ReactNode {
  const [title, setTask, status] = useItem(Task, id, { select: (task) => task.title })
  const { create } = useCollection(Task)
  useNote(`row: ${title ?? status}`)
  const attempt = (write: () => unknown) => (): void => {
    try {
      write()
    } catch (error) {
      failure = error
    }
  }
  return (
    <>
      <button onClick={attempt(() => setTask({ title: 'x' }))}>set</button>
      <button onClick={attempt(() => create({ title: 'x' }))}>create</button>
    </>
  )
}

function Count(): ReactNode {
  const ids = useIds(Task)
  const { ready } = useStatus()
  return <output>{ready ? ids.length : 'no'}</output>
}

test('hooks show the moment that the recording shows, and what writes is refused', async () => {
  const store = createTestStore({ schemas: [Task] })
  const tasks = store.collection(Task)
  tasks.create({ title: 'Milk' }, { id: 'milk' })
  tasks.create({ title: 'Bread' }, { id: 'bread' })
  tasks.update('milk', { title: 'Oat milk' })
  tasks.update('bread', { done: true })
  await settle()
  const replay = await openReplay(await store.record(), { schemas: [Task] })
  const moments = replay.history.timeline().slice(0, 4)
  replay.seek(replay.from)
  render(
    <StoreProvider store={replay.store} fallback={<p>Opening</p>}>
      <List />
      <Row id="milk" />
      <Count />
    </StoreProvider>,
  )
  await act(() => settle())
  expect(screen.getByRole('status').textContent).toBe('0')
  expect(takeNotes()).toContain('row: missing')
  act(() => replay.seek(moments[1]!.moment!))
  expect(screen.getByRole('status').textContent).toBe('2')
  expect(new Set(takeNotes())).toEqual(new Set(['list: Bread,Milk', 'row: Milk']))
  act(() => replay.seek(moments[2]!.moment!))
  expect(new Set(takeNotes())).toEqual(new Set(['list: Bread,Oat milk', 'row: Oat milk']))
  // What did not change is not rendered.
  act(() => replay.seek(moments[3]!.moment!))
  expect(takeNotes()).toEqual(['list: Oat milk'])
  for (const name of ['set', 'create']) {
    failure = undefined
    fireEvent.click(screen.getByRole('button', { name }))
    expect(failure).toMatchObject({ code: 'past-is-read-only' })
  }
  replay.close()
  await store.close()
})
