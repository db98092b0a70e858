import { act, fireEvent, screen } from '@testing-library/react'
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
import type { Moment } from '../src/index.js'
import { settle } from '../src/testing/test-store.js'
import { useItem } from './use-item.js'

beQuiet()

function Title({ id, at, suspense }: { id: string; at: Moment | null; suspense?: boolean }): ReactNode {
  const [title, , status] = useItem(Task, id, { at, suspense, select: (task) => task.title })
  useNote(`title ${id}`)
  return <p>{`${title} ${status}`}</p>
}

test('shows an item at a moment, beside the one that is live', async () => {
  const app = createTasks('a')
  const history = await historyOf(app)
  const before = history.now()
  app.tasks.update('a', { title: 'b' })
  await settle()
  const { rerender } = renderIn(app, <Title id="a" at={before} />)
  expect(await screen.findByText('a ready')).toBeTruthy()
  takeNotes()
  act(() => void app.tasks.update('a', { title: 'c' }))
  await act(() => settle())
  expect(takeNotes()).toEqual([])
  rerender(<Title id="a" at={null} />)
  expect(screen.getByText('c ready')).toBeTruthy()
  rerender(<Title id="a" at={history.before(history.timeline().get()[0]!.id)} />)
  expect(screen.getByText('b ready')).toBeTruthy()
  await act(async () => {})
  expect(app.listeners()).toBe(1)
})

test('says why there is none: not yet made, or deleted', async () => {
  const app = createTasks('a')
  const history = await historyOf(app)
  app.tasks.create({ title: 'born' }, { id: 'x' })
  await settle()
  app.tasks.delete('x')
  await settle()
  const { rerender } = renderIn(app, <Title id="x" at={history.begin} />)
  expect(await screen.findByText('undefined missing')).toBeTruthy()
  rerender(<Title id="x" at={history.now()} />)
  expect(screen.getByText('undefined deleted')).toBeTruthy()
  rerender(<Title id="x" at={history.before(history.timeline().get()[0]!.id)} />)
  expect(screen.getByText('born ready')).toBeTruthy()
})

test('with suspense: false it is loading until the history is open', async () => {
  const app = createTasks('a')
  const at = (await historyOf(app)).now()
  app.holdHistory()
  renderIn(app, <Title id="a" at={at} suspense={false} />)
  expect(screen.getByText('undefined loading')).toBeTruthy()
  await act(() => app.openHistory())
  expect(await screen.findByText('a ready')).toBeTruthy()
})

test('set throws past-is-read-only', async () => {
  const app = createTasks('a')
  const at = (await historyOf(app)).now()
  const codes: unknown[] = []
  function Wrong(): ReactNode {
    const [, set] = useItem(Task, 'a', { at })
    const onClick = (): void => {
      try {
        set({ title: 'x' })
      } catch (error) {
        codes.push((error as { code?: string }).code)
      }
    }
    return <button onClick={onClick}>wrong</button>
  }
  renderIn(app, <Wrong />)
  fireEvent.click(await screen.findByText('wrong'))
  expect(codes).toEqual(['past-is-read-only'])
  expect(app.tasks.require('a').title).toBe('a')
})

test('a moment that is not here goes to the error boundary', async () => {
  const app = createTasks('a')
  await historyOf(app)
  renderIn(
    app,
    <Boundary>
      <Title id="a" at={'f'.repeat(64) as Moment} />
    </Boundary>,
  )
  expect(await screen.findByText('unknown-moment')).toBeTruthy()
  takeErrors()
})

test('without an id no history is opened', () => {
  const app = createTasks('a')
  function None(): ReactNode {
    return <p>{useItem(Task, null, { at: 'start' as Moment })[2]}</p>
  }
  renderIn(app, <None />)
  expect(screen.getByText('missing')).toBeTruthy()
  expect(app.history.asked).toBe(0)
})
