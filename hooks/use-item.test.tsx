import { act, fireEvent, render, renderHook, screen } from '@testing-library/react'
import { type ReactNode, useState } from 'react'
import { describe, expect, test } from 'vitest'
import { beQuiet, createTasks, renderIn, takeNotes, Task, useNote } from '../tests/hooks/app.js'
import { hookMode } from '../tests/hooks/mode.js'
import { type Collection, createStore } from '../src/index.js'
import { StoreProvider } from './store-provider.js'
import { useCollection } from './use-collection.js'
import { useItem } from './use-item.js'
import { useIds } from './use-query.js'

beQuiet()

function Title({ id }: { id: string | null }): ReactNode {
  const [task, , status] = useItem(Task, id)
  useNote(`title ${id}`)
  return <p>{task ? task.title : status}</p>
}

test('shows an item and its changes', () => {
  const app = createTasks('a')
  renderIn(app, <Title id="a" />)
  expect(screen.getByText('a')).toBeTruthy()
  takeNotes()
  act(() => void app.tasks.update('a', { title: 'b' }))
  expect(screen.getByText('b')).toBeTruthy()
  expect(takeNotes()).toEqual(['title a'])
})

test('says why there is no item', () => {
  const app = createTasks('a')
  const { rerender } = renderIn(app, <Title id="none" />)
  expect(screen.getByText('missing')).toBeTruthy()
  act(() => void app.tasks.create({ title: 'born' }, { id: 'none' }))
  expect(screen.getByText('born')).toBeTruthy()
  act(() => void app.tasks.delete('none'))
  expect(screen.getByText('deleted')).toBeTruthy()
  act(() => void app.tasks.restore('none'))
  expect(screen.getByText('born')).toBeTruthy()
  rerender(<Title id={null} />)
  expect(screen.getByText('missing')).toBeTruthy()
  expect(app.listeners()).toBe(0)
})

test("one item's change renders one row of a thousand, and not the list", () => {
  const app = createTasks()
  act(() => void app.tasks.createMany(Array.from({ length: 1000 }, (_, index) => ({ title: `t${index}` }))))
  function List(): ReactNode {
    const ids = useIds(Task, { orderBy: 'title' })
    useNote('list')
    return ids.map((id) => <Title key={id} id={id} />)
  }
  renderIn(app, <List />)
  expect(takeNotes().length).toBe(hookMode === 'strict' ? 2002 : 1001)
  expect(app.listeners()).toBe(1001)
  const { $id } = app.tasks.query().get()[500]!
  act(() => void app.tasks.update($id, { done: true }))
  expect(takeNotes()).toEqual([`title ${$id}`])
})

test('an equal value renders nothing', () => {
  const app = createTasks('a')
  renderIn(app, <Title id="a" />)
  takeNotes()
  act(() => void app.tasks.update('a', { title: 'a', done: false }))
  expect(takeNotes()).toEqual([])
})

describe('set', () => {
  function Editor({ id }: { id: string }): ReactNode {
    const [task, setTask] = useItem(Task, id)
    if (!task) return null
    return (
      <>
        <input value={task.title} onChange={(event) => setTask({ title: event.target.value })} />
        <button onClick={() => setTask((draft) => void (draft.done = !draft.done))}>{String(task.done)}</button>
      </>
    )
  }

  test('takes a patch, and a function that edits a draft', () => {
    const app = createTasks('a')
    renderIn(app, <Editor id="a" />)
    fireEvent.change(screen.getByRole('textbox'), { target: { value: 'ab' } })
    expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('ab')
    fireEvent.click(screen.getByRole('button'))
    expect(screen.getByText('true')).toBeTruthy()
    expect(app.tasks.require('a')).toMatchObject({ title: 'ab', done: true })
  })

  test('is the same function for the same item', () => {
    const app = createTasks('a', 'b')
    const { result, rerender } = renderHook(
      ({ id }: { id: string | null }) => useItem(Task, id, { select: (t) => t.title }),
      {
        wrapper: ({ children }) => <StoreProvider store={app.store}>{children}</StoreProvider>,
        initialProps: { id: 'a' },
      },
    )
    const [, set] = result.current
    act(() => void set({ title: 'a2' }))
    rerender({ id: 'a' })
    expect(result.current[0]).toBe('a2')
    expect(result.current[1]).toBe(set)
    rerender({ id: 'b' })
    expect(result.current[1]).not.toBe(set)
    act(() => void set({ title: 'a3' }))
    expect(app.tasks.require('a').title).toBe('a3')
    expect(app.tasks.require('b').title).toBe('b')
  })

  test('refuses what cannot be, each with its code', () => {
    const app = createTasks('a')
    const nullable: { id: string | null } = { id: 'a' }
    const { result, rerender } = renderHook(({ id }: { id: string | null }) => useItem(Task, id), {
      wrapper: ({ children }) => <StoreProvider store={app.store}>{children}</StoreProvider>,
      initialProps: nullable,
    })
    const code = (run: () => unknown): unknown => {
      try {
        run()
        return undefined
      } catch (error) {
        return (error as { code?: string }).code
      }
    }
    const set = (edit: unknown) => () => result.current[1](edit as never)
    expect(code(set(new Event('click')))).toBe('event-as-data')
    expect(code(set({ title: 3 }))).toBe('invalid')
    rerender({ id: null })
    expect(code(set({ title: 'x' }))).toBe('item-missing')
    rerender({ id: 'none' })
    expect(code(set({ title: 'x' }))).toBe('item-missing')
    expect(app.tasks.require('a').title).toBe('a')
  })

  test('passing it as a handler says so, instead of writing an event', () => {
    const app = createTasks('a')
    let caught: unknown
    function Wrong(): ReactNode {
      const [, setTask] = useItem(Task, 'a')
      const onClick = (event: unknown): void => {
        try {
          setTask(event as never)
        } catch (error) {
          caught = error
        }
      }
      return <button onClick={onClick}>wrong</button>
    }
    renderIn(app, <Wrong />)
    fireEvent.click(screen.getByText('wrong'))
    expect(caught).toMatchObject({ code: 'event-as-data' })
  })

  test('a snapshot cannot be assigned to', () => {
    const app = createTasks('a')
    const task = app.tasks.require('a') as unknown as { title: string; tags: string[] }
    expect(() => (task.title = 'b')).toThrow(TypeError)
    expect(() => task.tags.push('b')).toThrow(TypeError)
  })
})

describe('select', () => {
  test('re-renders only when the selected value is another', () => {
    const app = createTasks('a')
    function Done(): ReactNode {
      const [done] = useItem(Task, 'a', { select: (task) => task.done })
      useNote('done')
      return <p>{String(done)}</p>
    }
    renderIn(app, <Done />)
    takeNotes()
    act(() => void app.tasks.update('a', { title: 'b' }))
    expect(takeNotes()).toEqual([])
    act(() => void app.tasks.update('a', { done: true }))
    expect(takeNotes()).toEqual(['done'])
    expect(screen.getByText('true')).toBeTruthy()
  })

  test('compares arrays and objects element by element, and keeps the first', () => {
    const app = createTasks('a')
    const values: unknown[] = []
    function Pair({ tick }: { tick: number }): ReactNode {
      const [pair] = useItem(Task, 'a', { select: ({ title, done }) => ({ title, done }) })
      useNote(`pair ${tick}`)
      return <Last value={pair} into={values} />
    }
    const { rerender } = renderIn(app, <Pair tick={0} />)
    takeNotes()
    act(() => void app.tasks.update('a', (draft) => ({ tags: [...draft.tags, 'urgent'] })))
    expect(takeNotes()).toEqual([])
    rerender(<Pair tick={1} />)
    expect(new Set(values).size).toBe(1)
    act(() => void app.tasks.update('a', { title: 'b' }))
    expect(new Set(values).size).toBe(2)
  })

  test('runs only on an item that exists, and may answer what a status is called', () => {
    const app = createTasks('a')
    function Word({ id }: { id: string | null }): ReactNode {
      const [word, , status] = useItem(Task, id, { select: (task) => (task.title ? 'deleted' : 'missing') })
      return <p>{`${word} ${status}`}</p>
    }
    const { rerender } = renderIn(app, <Word id="a" />)
    expect(screen.getByText('deleted ready')).toBeTruthy()
    rerender(<Word id="none" />)
    expect(screen.getByText('undefined missing')).toBeTruthy()
    rerender(<Word id={null} />)
    expect(screen.getByText('undefined missing')).toBeTruthy()
    rerender(<Word id="a" />)
    act(() => void app.tasks.delete('a'))
    expect(screen.getByText('undefined deleted')).toBeTruthy()
  })

  test('the newest selector is asked, inline or not', () => {
    const app = createTasks('a')
    function Either({ field }: { field: 'title' | 'votes' }): ReactNode {
      const [value] = useItem(Task, 'a', { select: (task) => task[field] })
      return <p>{String(value)}</p>
    }
    const { rerender } = renderIn(app, <Either field="title" />)
    expect(screen.getByText('a')).toBeTruthy()
    rerender(<Either field="votes" />)
    expect(screen.getByText('0')).toBeTruthy()
  })

  test('may come and go', () => {
    const app = createTasks('a')
    function Maybe({ on }: { on: boolean }): ReactNode {
      const [value] = useItem<typeof Task, unknown>(Task, 'a', { select: on ? (task) => [task.title] : undefined })
      return <p>{Array.isArray(value) ? 'selected' : (value as Task).title}</p>
    }
    const { rerender } = renderIn(app, <Maybe on={false} />)
    expect(screen.getByText('a')).toBeTruthy()
    rerender(<Maybe on />)
    expect(screen.getByText('selected')).toBeTruthy()
    rerender(<Maybe on={false} />)
    expect(screen.getByText('a')).toBeTruthy()
  })
})

function Last({ value, into }: { value: unknown; into: unknown[] }): ReactNode {
  useRecord(value, into)
  return null
}

function useRecord(value: unknown, into: unknown[]): void {
  into.push(value)
}

test('another id is shown at once: no old data, no empty moment', () => {
  const app = createTasks('a', 'b')
  const seen: string[] = []
  function Switch(): ReactNode {
    const [id, setId] = useState('a')
    const [task] = useItem(Task, id)
    useRecord(`${id}=${task?.title}`, seen)
    return <button onClick={() => setId('b')}>{task?.title}</button>
  }
  renderIn(app, <Switch />)
  fireEvent.click(screen.getByRole('button'))
  expect(new Set(seen)).toEqual(new Set(['a=a', 'b=b']))
  expect(app.listeners()).toBe(1)
  takeNotes()
  act(() => void app.tasks.update('b', { title: 'b2' }))
  expect(screen.getByText('b2')).toBeTruthy()
})

test('suspense: false shows that the repository is loading, and then the item', async () => {
  const app = createTasks('a')
  app.hold()
  function Patient({ id }: { id: string }): ReactNode {
    const [task, , status] = useItem(Task, id, { suspense: false })
    return <p>{task ? task.title : status}</p>
  }
  renderIn(app, <Patient id="a" />)
  expect(screen.getByText('loading')).toBeTruthy()
  await act(() => app.open())
  expect(screen.getByText('a')).toBeTruthy()
  act(() => void app.tasks.update('a', { title: 'b' }))
  expect(screen.getByText('b')).toBeTruthy()
})

test('suspense: false on a store that opens in its own time', async () => {
  const store = createStore({ schemas: [Task], server: false, storage: 'memory', name: 'own-time' })
  function Patient({ id }: { id: string }): ReactNode {
    const [task, , status] = useItem(Task, id, { suspense: false })
    return <p>{task ? task.title : status}</p>
  }
  const { unmount } = render(
    <StoreProvider store={store}>
      <Patient id="none" />
    </StoreProvider>,
  )
  expect(screen.getByText('loading')).toBeTruthy()
  expect(await screen.findByText('missing', {}, { timeout: 15_000 })).toBeTruthy()
  act(() => void store.collection(Task).create({ title: 'born' }, { id: 'none' }))
  expect(await screen.findByText('born')).toBeTruthy()
  unmount()
  await store.close()
}, 20_000)

describe('given the collection', () => {
  function Row({ of, id }: { of: Collection<typeof Task>; id: string | null }): ReactNode {
    const [task, setTask, status] = useItem(of, id)
    const [votes] = useItem(of, id, { select: (task) => task.votes })
    useNote(`row ${id}`)
    return <button onClick={() => setTask({ title: `${task?.title}!` })}>{task ? task.title + votes : status}</button>
  }

  function List({ ids }: { ids: readonly (string | null)[] }): ReactNode {
    const tasks = useCollection(Task)
    return ids.map((id) => <Row key={id} of={tasks} id={id} />)
  }

  test('a row shows an item, its changes, and why there is none', () => {
    const app = createTasks('a')
    const { rerender, unmount } = renderIn(app, <List ids={['a', 'none']} />)
    expect(screen.getByText('missing')).toBeTruthy()
    takeNotes()
    fireEvent.click(screen.getByText('a0'))
    expect(screen.getByText('a!0')).toBeTruthy()
    expect(takeNotes()).toEqual(['row a'])
    act(() => void app.tasks.update('a', (task) => task.votes.increment()))
    expect(screen.getByText('a!1')).toBeTruthy()
    act(() => void app.tasks.delete('a'))
    expect(screen.getByText('deleted')).toBeTruthy()
    rerender(<List ids={[null]} />)
    expect(screen.getByText('missing')).toBeTruthy()
    unmount()
    expect(app.listeners()).toBe(0)
  })

  test('a row needs no provider', () => {
    const app = createTasks('a')
    render(<Row of={app.tasks} id="a" />)
    act(() => void app.tasks.update('a', { title: 'b' }))
    expect(screen.getByText('b0')).toBeTruthy()
  })

  test('a row that is there before the repository is open shows that it is loading', async () => {
    const store = createStore({ schemas: [Task], server: false, storage: 'memory', name: 'given' })
    const { unmount } = render(<Row of={store.collection(Task)} id="none" />)
    expect(screen.getByText('loading')).toBeTruthy()
    await act(() => store.ready())
    expect(screen.getByText('missing')).toBeTruthy()
    unmount()
    await store.close()
  })
})

test('after unmount nobody listens', () => {
  const app = createTasks('a', 'b')
  const { unmount } = renderIn(
    app,
    <>
      <Title id="a" />
      <Title id="b" />
      <Title id="none" />
    </>,
  )
  expect(app.listeners()).toBe(3)
  unmount()
  expect(app.listeners()).toBe(0)
})

test('in names another repository', async () => {
  const app = createTasks('a')
  await app.store.ready('/data/inbox')
  const inbox = app.store.collection(Task, { in: '/data/inbox' })
  inbox.create({ title: 'mail' }, { id: 'a' })
  function Mail(): ReactNode {
    const [mail, setMail] = useItem(Task, 'a', { in: '/data/inbox' })
    return <button onClick={() => setMail({ title: 'read' })}>{mail?.title}</button>
  }
  render(
    <StoreProvider store={app.store}>
      <Mail />
    </StoreProvider>,
  )
  fireEvent.click(screen.getByText('mail'))
  expect(screen.getByText('read')).toBeTruthy()
  expect(app.tasks.require('a').title).toBe('a')
})
