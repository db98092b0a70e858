import { act, fireEvent, screen } from '@testing-library/react'
import { type ReactNode, useCallback, useState } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { beQuiet, Boundary, createTasks, renderIn, takeErrors, takeNotes, Task, useNote } from '../tests/hooks/app.js'
import type { QueryInput } from '../src/query/query.js'
import { useIds, useQuery } from './use-query.js'

beQuiet()

type Query = QueryInput<typeof Task> | null

function Titles({ query }: { query: Query }): ReactNode {
  const tasks = useQuery(Task, query)
  useNote('titles')
  return <p>{`[${tasks.map(({ title }) => title).join(' ')}]`}</p>
}

function Ids({ query }: { query: Query }): ReactNode {
  const ids = useIds(Task, query)
  useNote('ids')
  return <p>{`[${ids.join(' ')}]`}</p>
}

test('useQuery shows what a query asks for, and renders when a row of it changes, comes, goes or moves', () => {
  const app = createTasks('a', 'b', 'c')
  renderIn(app, <Titles query={{ where: { done: false }, orderBy: 'title', limit: 2 }} />)
  expect(screen.getByText('[a b]')).toBeTruthy()
  takeNotes()
  act(() => void app.tasks.update('c', (draft) => draft.votes.increment()))
  expect(takeNotes()).toEqual([])
  act(() => void app.tasks.update('b', { title: 'bb' }))
  expect(screen.getByText('[a bb]')).toBeTruthy()
  act(() => void app.tasks.update('a', { done: true }))
  expect(screen.getByText('[bb c]')).toBeTruthy()
  act(() => void app.tasks.delete('b'))
  expect(screen.getByText('[c]')).toBeTruthy()
  act(() => void app.tasks.create({ title: '0' }, { id: 'z' }))
  expect(screen.getByText('[0 c]')).toBeTruthy()
  expect(takeNotes()).toEqual(Array.from({ length: 4 }, () => 'titles'))
})

test('useIds renders only when one comes, goes or moves', () => {
  const app = createTasks('a', 'b')
  renderIn(app, <Ids query={{ where: { done: false }, orderBy: 'title' }} />)
  expect(screen.getByText('[a b]')).toBeTruthy()
  takeNotes()
  act(() => void app.tasks.update('a', { title: 'aa', tags: ['urgent'] }))
  expect(takeNotes()).toEqual([])
  act(() => void app.tasks.update('a', { title: 'z' }))
  expect(screen.getByText('[b a]')).toBeTruthy()
  act(() => void app.tasks.update('b', { done: true }))
  expect(screen.getByText('[a]')).toBeTruthy()
  expect(takeNotes()).toEqual(['ids', 'ids'])
})

test('many changes of one transaction render once', () => {
  const app = createTasks('a', 'b')
  renderIn(app, <Titles query={{ orderBy: 'title' }} />)
  takeNotes()
  act(() =>
    app.store.transact(() => {
      app.tasks.update('a', { title: 'x' })
      app.tasks.update('b', { title: 'y' })
      app.tasks.create({ title: 'z' })
    }),
  )
  expect(screen.getByText('[x y z]')).toBeTruthy()
  expect(takeNotes()).toEqual(['titles'])
})

test('an equal query, written inline, keeps the view and the array', () => {
  const app = createTasks('a', 'b')
  const seen = new Set<readonly Task[]>()
  function Inline({ tick }: { tick: number }): ReactNode {
    const tasks = useQuery(Task, { orderBy: 'title', where: { done: { in: [tick < 0, false] } } })
    useSeen(tasks, seen)
    return <p>{`${tick} ${tasks.length}`}</p>
  }
  const { rerender } = renderIn(app, <Inline tick={0} />)
  for (let tick = 1; tick < 5; tick++) rerender(<Inline tick={tick} />)
  expect(screen.getByText('4 2')).toBeTruthy()
  expect(seen.size).toBe(1)
  expect(app.listeners()).toBe(1)
})

function useSeen<T>(value: T, into: Set<T>): void {
  into.add(value)
}

test('components with equal queries share one answer', () => {
  const app = createTasks('a')
  const seen = new Set<readonly Task[]>()
  function One({ query }: { query: Query }): ReactNode {
    useSeen(useQuery(Task, query), seen)
    return null
  }
  renderIn(
    app,
    <>
      <One query={{ where: { title: 'a', done: false } }} />
      <One query={{ where: { done: { eq: false }, title: 'a' }, offset: 0 }} />
    </>,
  )
  expect(seen.size).toBe(1)
})

test('null asks for nothing, opens nothing and never suspends', () => {
  const app = createTasks('a')
  app.hold()
  renderIn(
    app,
    <>
      <Titles query={null} />
      <Ids query={null} />
    </>,
  )
  expect(screen.getAllByText('[]').length).toBe(2)
  expect(app.listeners()).toBe(0)
  expect(app.openings()).toBe(0)
})

test('null and a query may take turns', () => {
  const app = createTasks('a')
  const { rerender } = renderIn(app, <Titles query={null} />)
  rerender(<Titles query={{}} />)
  expect(screen.getByText('[a]')).toBeTruthy()
  rerender(<Titles query={null} />)
  expect(screen.getByText('[]')).toBeTruthy()
  expect(app.listeners()).toBe(0)
})

test('another query is answered in the same render: nothing suspends, nothing old is shown', () => {
  const app = createTasks('a', 'b')
  const seen = new Set<string>()
  function Search(): ReactNode {
    const [title, setTitle] = useState('a')
    const tasks = useQuery(Task, { where: { title } })
    useSeen(`${title}=${tasks.map((task) => task.title).join()}`, seen)
    return <button onClick={() => setTitle('b')}>{tasks[0]?.title}</button>
  }
  renderIn(app, <Search />)
  fireEvent.click(screen.getByText('a'))
  expect(screen.getByText('b')).toBeTruthy()
  expect(screen.queryByText('Opening…')).toBeNull()
  expect(seen).toEqual(new Set(['a=a', 'b=b']))
  expect(app.listeners()).toBe(1)
})

test('in names another repository', async () => {
  const app = createTasks('a')
  await app.store.ready('/data/inbox')
  app.store.collection(Task, { in: '/data/inbox' }).create({ title: 'mail' }, { id: 'm' })
  function Mail(): ReactNode {
    const mails = useQuery(Task, {}, { in: '/data/inbox' })
    const ids = useIds(Task, {}, { in: '/data/inbox' })
    return <p>{`${mails[0]?.title} ${ids.join()}`}</p>
  }
  renderIn(app, <Mail />)
  expect(screen.getByText('mail m')).toBeTruthy()
})

test('a query that is none goes to the error boundary', () => {
  const app = createTasks('a')
  renderIn(
    app,
    <Boundary>
      <Titles query={{ where: { color: 'red' } } as never} />
    </Boundary>,
  )
  expect(screen.getByText('invalid-query')).toBeTruthy()
  takeErrors()
})

test('after unmount nobody listens', () => {
  const app = createTasks('a')
  const { unmount } = renderIn(
    app,
    <>
      <Titles query={{}} />
      <Ids query={{}} />
    </>,
  )
  expect(app.listeners()).toBe(2)
  unmount()
  expect(app.listeners()).toBe(0)
})

describe('filter', () => {
  const odd = (task: Task): boolean => task.title.length % 2 === 1

  test('a filter defined outside the component keeps its view', () => {
    const app = createTasks('a', 'bb')
    const { rerender } = renderIn(app, <Titles query={{ filter: odd }} />)
    for (let tick = 0; tick < 20; tick++) rerender(<Titles query={{ filter: odd }} />)
    expect(screen.getByText('[a]')).toBeTruthy()
    act(() => void app.tasks.update('bb', { title: 'bbb' }))
    expect(screen.getByText('[a bbb]')).toBeTruthy()
  })

  function Filtered({ filter }: { filter: (task: Task) => boolean }): ReactNode {
    return <p>{String(useIds(Task, { filter }).length)}</p>
  }

  test('one that is another function in every render is reported, once', () => {
    const app = createTasks('a', 'bb')
    const other = (): ReactNode => <Filtered filter={(task) => task.title === 'a'} />
    const { rerender } = renderIn(app, other())
    for (let tick = 1; tick < 10; tick++) rerender(other())
    expect(takeErrors()).toEqual([])
    for (let tick = 0; tick < 30; tick++) rerender(other())
    const errors = takeErrors()
    expect(errors).toMatchObject([{ code: 'unstable-filter' }])
    expect(String(errors[0])).toContain('useCallback')
    expect(screen.getByText('1')).toBeTruthy()
    expect(app.listeners()).toBe(1)
  })

  test('one that changes now and then, with what it depends on, is not', () => {
    const app = createTasks('a', 'bb')
    function Length({ length, tick }: { length: number; tick: number }): ReactNode {
      const filter = useCallback((task: Task) => task.title.length === length, [length])
      return <p>{`${tick} ${useIds(Task, { filter }).join()}`}</p>
    }
    const { rerender } = renderIn(app, <Length length={0} tick={0} />)
    for (let tick = 1; tick < 40; tick++) {
      rerender(<Length length={tick % 3} tick={tick} />)
      expect(screen.getByText(`${tick} ${['', 'a', 'bb'][tick % 3]}`.trim())).toBeTruthy()
      // A render without another filter in between.
      rerender(<Length length={tick % 3} tick={-tick} />)
    }
  })

  test('one that changes with every letter that is typed is not', () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const app = createTasks('a')
      const { rerender } = renderIn(app, <Filtered filter={() => true} />)
      for (let letter = 0; letter < 40; letter++) {
        vi.setSystemTime(letter * 120)
        rerender(<Filtered filter={() => letter > 0} />)
      }
    } finally {
      vi.useRealTimers()
    }
  })

  test('one that begins to throw goes to the error boundary too', () => {
    const app = createTasks('a')
    const strict = (task: Task): boolean => {
      if (task.title === 'bad') throw Object.assign(new Error('no'), { code: 'own' })
      return true
    }
    renderIn(
      app,
      <Boundary>
        <Filtered filter={strict} />
      </Boundary>,
    )
    expect(screen.getByText('1')).toBeTruthy()
    act(() => void app.tasks.update('a', { title: 'bad' }))
    expect(screen.getByText('own')).toBeTruthy()
    expect(app.listeners()).toBe(0)
    takeErrors()
  })

  test('one that throws goes to the error boundary', () => {
    const app = createTasks('a')
    renderIn(
      app,
      <Boundary>
        <Filtered
          filter={() => {
            throw Object.assign(new Error('no'), { code: 'own' })
          }}
        />
      </Boundary>,
    )
    expect(screen.getByText('own')).toBeTruthy()
    takeErrors()
  })
})
