import { act, screen } from '@testing-library/react'
import { type ReactNode, useEffect } from 'react'
import { expect, test, vi } from 'vitest'
import { beQuiet, createTasks, historyOf, renderIn, Task } from '../tests/hooks/app.js'
import type { Moment, Store } from '../src/index.js'
import { DRIVER, type Driver } from '../src/inspect/driving.js'
import { settle } from '../src/testing/test-store.js'
import { TimeTravel } from './time-travel.js'
import { useItem } from './use-item.js'
import { useQuery } from './use-query.js'
import { useStore } from './use-store.js'

beQuiet()

let seen: Store | undefined

function Titles(): ReactNode {
  const tasks = useQuery(Task, { orderBy: 'title' })
  const store = useStore()
  useEffect(() => {
    seen = store
  }, [store])
  return <p>{tasks.map(({ title }) => title).join(' ')}</p>
}

const driverOf = (store: Store): Driver | undefined => (store as Store & { [DRIVER]?: Driver })[DRIVER]

/** What is loaded on demand comes when it comes. */
const shows = (text: string): Promise<void> =>
  vi.waitFor(async () => {
    await act(async () => {})
    expect(document.querySelector('p')?.textContent).toBe(text)
  })

async function createStory(): Promise<ReturnType<typeof createTasks> & { made: Moment; renamed: Moment }> {
  const app = createTasks('a', 'b')
  const history = await historyOf(app)
  const made = history.now()
  app.tasks.update('a', { title: 'z' })
  await settle()
  const renamed = history.now()
  app.tasks.delete('b')
  await settle()
  return { ...app, made, renamed }
}

test('devtools show a moment to the whole app, move it, and give the present back', async () => {
  const app = await createStory()
  const { store, made, renamed } = app
  renderIn(app, <Titles />)
  expect(screen.getByText('z')).toBeTruthy()
  const driver = driverOf(store)!
  driver.show('/data/main', made)
  await shows('a b')
  const driven = seen
  driver.show('/data/main', renamed)
  await shows('b z')
  // The same store: only what is different was told.
  expect(seen).toBe(driven)
  // Live data arrives underneath.
  await act(async () => {
    app.tasks.create({ title: 'new' }, { id: 'new' })
    await settle()
  })
  await shows('b z')
  driver.show('/data/main', null)
  await shows('new z')
  expect(seen).toBe(store)
})

test('where an app travels by itself, its now is what devtools show, and its past is its own', async () => {
  const app = await createStory()
  const travelling = (at: Moment | null): ReactNode => (
    <TimeTravel at={at}>
      <Titles />
    </TimeTravel>
  )
  const { rerender } = renderIn(app, travelling(null))
  driverOf(app.store)!.show('/data/main', app.made)
  await shows('a b')
  rerender(travelling(app.renamed))
  await shows('b z')
  rerender(travelling(null))
  await shows('a b')
  driverOf(app.store)!.show('/data/main', null)
  await shows('z')
})

test('what is shown then is read-only, and says so', async () => {
  const app = await createStory()
  let rename: ((title: string) => void) | undefined
  function One(): ReactNode {
    const [task, setTask] = useItem(Task, 'a')
    useEffect(() => {
      rename = (title) => setTask({ title })
    }, [setTask])
    return <p>{task?.title}</p>
  }
  renderIn(app, <One />)
  driverOf(app.store)!.show('/data/main', app.made)
  await shows('a')
  expect(() => rename!('x')).toThrow(expect.objectContaining({ code: 'past-is-read-only' }) as Error)
  driverOf(app.store)!.show('/data/main', null)
  await shows('z')
  act(() => rename!('x'))
  await shows('x')
})

test('the newest word counts, and a moment that never was changes nothing', async () => {
  const app = await createStory()
  renderIn(app, <Titles />)
  const driver = driverOf(app.store)!
  driver.show('/data/main', app.renamed)
  driver.show('/data/main', app.made)
  await shows('a b')
  driver.show('/data/main', 'never')
  driver.show('/data/main', app.renamed)
  await shows('b z')
  driver.show('/data/main', app.made)
  driver.show('/data/main', null)
  await shows('z')
})

test('an app that is gone is not driven any more', async () => {
  const app = await createStory()
  const { unmount } = renderIn(app, <Titles />)
  expect(driverOf(app.store)).toBeDefined()
  unmount()
  expect(driverOf(app.store)).toBeUndefined()
})
