import { act, fireEvent, screen } from '@testing-library/react'
import {
  memo,
  type ReactNode,
  startTransition,
  Suspense,
  useDeferredValue,
  useEffect,
  useState,
  useTransition,
} from 'react'
import { expect, test } from 'vitest'
import { beQuiet, createTasks, renderIn, takeNotes, Task, useNote } from '../tests/hooks/app.js'
import { hookMode } from '../tests/hooks/mode.js'
import { useItem } from './use-item.js'
import { useIds, useQuery } from './use-query.js'

beQuiet()

/** Takes a while, so that React yields between two of them. */
function Slow({ children }: { children: ReactNode }): ReactNode {
  useBusy(6)
  return children
}

let slowRenders = 0

function useBusy(ms: number): void {
  slowRenders++
  const end = performance.now() + ms
  while (performance.now() < end);
}

const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

test('a query that changes in a transition is answered when it commits, and the old answer stays until then', async () => {
  const app = createTasks('a', 'b')
  let search: (title: string) => void = () => {}
  function Search(): ReactNode {
    const [title, setTitle] = useState('a')
    const [pending, start] = useTransition()
    useEffect(() => {
      search = (next) => start(() => setTitle(next))
    }, [])
    const tasks = useQuery(Task, { where: { title } })
    return <p>{`${title} ${tasks.map((each) => each.title).join()} ${pending}`}</p>
  }
  renderIn(app, <Search />)
  act(() => search('b'))
  expect(screen.getByText('b b false')).toBeTruthy()
  expect(screen.queryByText('Opening…')).toBeNull()
  expect(app.listeners()).toBe(1)
  await task()
})

test('a transition into a repository that is not open keeps the old screen', async () => {
  const app = createTasks('a')
  app.hold('/data/inbox')
  let go: (path: string) => void = () => {}
  function Page(): ReactNode {
    const [path, setPath] = useState('/data/main')
    const [pending, start] = useTransition()
    useEffect(() => {
      go = (next) => start(() => setPath(next))
    }, [])
    const [item] = useItem(Task, 'a', { in: path })
    return <p>{`${item?.title} ${pending}`}</p>
  }
  renderIn(app, <Page />)
  act(() => go('/data/inbox'))
  expect(screen.getByText('a true')).toBeTruthy()
  // What is shown meanwhile is alive.
  act(() => void app.tasks.update('a', { title: 'a2' }))
  expect(screen.getByText('a2 true')).toBeTruthy()
  expect(app.listeners()).toBe(1)
  await act(() => app.open('/data/inbox'))
  expect(screen.getByText('undefined false')).toBeTruthy()
  expect(app.listeners()).toBe(1)
})

test('no tearing: a write in the middle of a slow render is seen by all rows or by none', async () => {
  const app = createTasks('a')
  const torn: string[] = []
  const Row = memo(function Row({ tick }: { tick: number }): ReactNode {
    const [title] = useItem(Task, 'a', { select: (each) => each.title })
    const ids = useIds(Task, { where: { title: 'a' } })
    return (
      <Slow>
        <i>{`${tick} ${title} ${ids.length}`}</i>
      </Slow>
    )
  })
  let tickOn: () => void = () => {}
  function Rows(): ReactNode {
    const [tick, setTick] = useState(0)
    useEffect(() => {
      tickOn = () => startTransition(() => setTick((last) => last + 1))
      const shown = [...document.querySelectorAll('i')].map((each) => each.textContent)
      if (new Set(shown).size > 1) torn.push(shown.join('|'))
    })
    return Array.from({ length: 8 }, (_, index) => <Row key={index} tick={tick} />)
  }
  const { container } = renderIn(app, <Rows />)
  const flags = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
  const before = flags.IS_REACT_ACT_ENVIRONMENT
  flags.IS_REACT_ACT_ENVIRONMENT = false
  try {
    slowRenders = 0
    tickOn()
    const shown = (): string[] => [...container.querySelectorAll('i')].map((each) => each.textContent ?? '')
    while (slowRenders === 0) await task()
    // React has begun and yielded.
    expect(new Set(shown())).toEqual(new Set(['0 a 1']))
    expect(slowRenders).toBeLessThan(8)
    app.tasks.update('a', { title: 'b' })
    const end = performance.now() + 4000
    while (performance.now() < end && shown()[0] !== '1 b 0') {
      await task()
      if (new Set(shown()).size > 1) torn.push(shown().join('|'))
    }
    expect(new Set(shown())).toEqual(new Set(['1 b 0']))
    expect(torn).toEqual([])
  } finally {
    flags.IS_REACT_ACT_ENVIRONMENT = before!
  }
})

test('a deferred query shows the old answer, alive, then the new one', async () => {
  const app = createTasks('a', 'b')
  function List({ title }: { title: string }): ReactNode {
    const tasks = useQuery(Task, { where: { title: { startsWith: title } } })
    useNote(`list ${title}`)
    return <p>{tasks.map((each) => each.title).join()}</p>
  }
  const Memo = memo(List)
  function Search(): ReactNode {
    const [title, setTitle] = useState('a')
    return (
      <>
        <button onClick={() => setTitle('b')}>search</button>
        <Memo title={useDeferredValue(title)} />
      </>
    )
  }
  renderIn(app, <Search />)
  takeNotes()
  fireEvent.click(screen.getByText('search'))
  await act(task)
  expect(screen.getByText('b')).toBeTruthy()
  expect(takeNotes()).toEqual(['list b'])
  expect(app.listeners()).toBe(1)
})

test('a neighbour that suspends for good leaves no listener of those who rendered beside it', async () => {
  const app = createTasks('a')
  const forever = new Promise<never>(() => {})
  function Never(): ReactNode {
    // oxlint-disable-next-line typescript/only-throw-error
    throw forever
  }
  function Title(): ReactNode {
    return <p>{useItem(Task, 'a')[0]?.title}</p>
  }
  function Count(): ReactNode {
    return <p>{useIds(Task, { where: { votes: 0 } }).length}</p>
  }
  const { unmount } = renderIn(
    app,
    <Suspense fallback={<p>waiting</p>}>
      <Title />
      <Count />
      <Never />
    </Suspense>,
  )
  expect(screen.getByText('waiting')).toBeTruthy()
  expect(app.listeners()).toBe(0)
  unmount()
  await act(task)
  expect(app.listeners()).toBe(0)
})

test('a write between render and effect is not missed', () => {
  const app = createTasks('a')
  function Writer(): ReactNode {
    useEffect(() => void app.tasks.update('a', { title: 'b' }), [])
    return null
  }
  function Title(): ReactNode {
    const [item] = useItem(Task, 'a')
    const tasks = useQuery(Task, {})
    return <p>{`${item?.title} ${tasks[0]?.title}`}</p>
  }
  renderIn(
    app,
    <>
      <Writer />
      <Title />
    </>,
  )
  expect(screen.getByText('b b')).toBeTruthy()
})

test('a row that is deleted while its list still shows it renders as missing, then goes', () => {
  const app = createTasks('a', 'b')
  const seen: string[] = []
  function Row({ id }: { id: string }): ReactNode {
    const [item, , status] = useItem(Task, id)
    useSeen(`${id} ${item ? 'item' : status}`, seen)
    return <i>{id}</i>
  }
  function List(): ReactNode {
    return useIds(Task, { orderBy: 'title' }).map((id) => <Row key={id} id={id} />)
  }
  const { container } = renderIn(app, <List />)
  act(() => void app.tasks.delete('a'))
  expect(container.textContent).toBe('b')
  expect(seen).not.toContain('a missing')
  expect(app.listeners()).toBe(2)
})

function useSeen(value: string, into: string[]): void {
  into.push(value)
}

test('StrictMode mounts twice and listens once', () => {
  const app = createTasks('a')
  function Title(): ReactNode {
    const [item] = useItem(Task, 'a')
    useNote('title')
    return <p>{item?.title}</p>
  }
  renderIn(app, <Title />)
  expect(app.listeners()).toBe(1)
  expect(takeNotes().length).toBe(hookMode === 'strict' ? 2 : 1)
  act(() => void app.tasks.update('a', { title: 'b' }))
  expect(takeNotes().length).toBe(1)
})
