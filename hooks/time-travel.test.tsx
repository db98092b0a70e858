import { act, fireEvent, screen } from '@testing-library/react'
import * as React from 'react'
import { memo, type ReactNode, startTransition, Suspense, useEffect, useRef, useState } from 'react'
import { expect, onTestFinished, test, vi } from 'vitest'
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
import { hookMode } from '../tests/hooks/mode.js'
import type { WatchedStore } from '../tests/hooks/watched-store.js'
import type { Moment } from '../src/index.js'
import { settle } from '../src/testing/test-store.js'
import { TimeTravel } from './time-travel.js'
import { useBlame } from './use-blame.js'
import { useCollection } from './use-collection.js'
import { useConflicts } from './use-conflicts.js'
import { useItem } from './use-item.js'
import { useIds, useQuery } from './use-query.js'
import { useStore } from './use-store.js'
import { useTimeline } from './use-timeline.js'
import { useUndo } from './use-undo.js'

beQuiet()

function stopTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
}

const Row = memo(function Row({ id }: { id: string }): ReactNode {
  const [task, , status] = useItem(Task, id)
  useNote(`row ${id}`)
  return <i>{task ? task.title : status}</i>
})

function Rows(): ReactNode {
  const ids = useIds(Task, { where: { done: false }, orderBy: 'title' })
  useNote('rows')
  return ids.map((id) => <Row key={id} id={id} />)
}

/** Tasks `a b c`, and the moments after: they were made, `a` was renamed to `z`, `b` was done. */
async function createStory(): Promise<
  ReturnType<typeof createTasks> & { made: Moment; renamed: Moment; done: Moment; asked: number }
> {
  const app = createTasks('a', 'b', 'c')
  const history = await historyOf(app)
  const made = history.now()
  app.tasks.update('a', { title: 'z' })
  await settle()
  const renamed = history.now()
  app.tasks.update('b', { done: true })
  await settle()
  return { ...app, made, renamed, done: history.now(), asked: app.history.asked }
}

const main = (): string => [...document.querySelectorAll('main i')].map((each) => each.textContent).join(' ')
const rest = (): string => [...document.querySelectorAll('aside i')].map((each) => each.textContent).join(' ')

// The same elements at each render, so that what renders has a reason of its own.
const REST = (
  <aside>
    <Rows />
  </aside>
)
const ROWS = <Rows />

function page(at: Moment | null, below: ReactNode = ROWS): ReactNode {
  return (
    <>
      {REST}
      <TimeTravel at={at}>
        <main>{below}</main>
      </TimeTravel>
    </>
  )
}

/** Renders the page, first at `at`, and waits for the history. */
async function openPage(app: WatchedStore, at: Moment | null, below?: ReactNode): Promise<(at: Moment | null) => void> {
  const { rerender } = renderIn(app, page(at, below))
  await vi.waitFor(() => expect(document.querySelector('main')).toBeTruthy(), { timeout: 10_000 })
  // Effects too.
  await act(async () => {})
  return (next) => rerender(page(next, below))
}

test('shows the past below, while the rest stays live; null is live again', async () => {
  const app = await createStory()
  const show = await openPage(app, app.made)
  expect([main(), rest()]).toEqual(['a b c', 'c z'])
  show(app.renamed)
  expect([main(), rest()]).toEqual(['b c z', 'c z'])
  show(app.done)
  expect(main()).toBe('c z')
  show(app.made)
  expect(main()).toBe('a b c')
  act(() => void app.tasks.create({ title: 'd' }))
  expect([main(), rest()]).toEqual(['a b c', 'c d z'])
  show(null)
  expect([main(), rest()]).toEqual(['c d z', 'c d z'])
})

test('hooks of all kinds, and the store itself, show the moment', async () => {
  const app = await createStory()
  let asked: string[] = []
  const all = (): string => {
    fireEvent.click(document.querySelector('main i')!)
    return [main(), ...asked].join('|')
  }
  function All(): ReactNode {
    const [title] = useItem(Task, 'a', { select: (task) => task.title })
    const titles = useQuery(Task, { orderBy: 'title' }).map((task) => task.title)
    const ids = useIds(Task, { where: { done: true } })
    const [blame] = useBlame(Task, 'a', 'title')
    const store = useStore()
    const tasks = useCollection(Task)
    const [given] = useItem(tasks, 'a')
    const ask = (): void => {
      asked = [store.collection(Task), tasks, store.collection(Task, { in: '/data/main' })].map(
        (each) => each.require('a').title,
      )
    }
    return <i onClick={ask}>{[title, given?.title, titles.join(''), ids.join(), blame?.label].join('|')}</i>
  }
  app.store.transact(() => app.tasks.update('a', { title: 'y' }), { label: 'again' })
  await settle()
  const show = await openPage(app, app.made, <All />)
  expect(all()).toBe('a|a|abc|||a|a|a')
  show(app.done)
  expect(all()).toBe('z|z|bcz|b||z|z|z')
  show(null)
  expect(all()).toBe('y|y|bcy|b|again|y|y|y')
})

test('moving re-renders what was different, and nothing else; what stays keeps identity', async () => {
  const app = await createStory()
  const seen = new Set<unknown>()
  function C(): ReactNode {
    useSeen(useItem(Task, 'c')[0], seen)
    return null
  }
  const below = (
    <>
      <Rows />
      <C />
    </>
  )
  const show = await openPage(app, app.renamed, below)
  takeNotes()
  show(app.done)
  // `b` is gone, so the list is another; no row that stays renders.
  expect(takeNotes()).toEqual(['rows'])
  show(app.renamed)
  expect(takeNotes()).toEqual(hookMode === 'strict' ? ['row b', 'rows', 'row b'] : ['row b', 'rows'])
  show(app.made)
  expect(takeNotes().sort()).toEqual(['row a', 'rows'])
  expect(seen.size).toBe(1)
})

function useSeen(value: unknown, into: Set<unknown>): void {
  into.add(value)
}

test('moving, leaving and coming back remount nothing and suspend nowhere', async () => {
  const app = await createStory()
  const seen: string[] = []
  function Tracked(): ReactNode {
    const [n, setN] = useState(0)
    const mounts = useRef(0)
    useEffect(() => {
      mounts.current++
      seen.push('mounted')
      return () => void seen.push('unmounted')
    }, [])
    return (
      <button onClick={() => setN(n + 1)}>
        {n} <Rows />
      </button>
    )
  }
  const show = await openPage(app, null, <Tracked />)
  await vi.waitFor(() => expect(screen.getByRole('button')).toBeTruthy())
  fireEvent.click(screen.getByRole('button'))
  const button = screen.getByRole('button')
  // The history comes by another way, and is here when the first moment is shown.
  function Opens(): ReactNode {
    return useTimeline()[1]
  }
  const { unmount } = renderIn(app, <Opens />)
  await vi.waitFor(() => expect(screen.getByText('ready')).toBeTruthy())
  const mounted = seen.length
  for (const at of [app.made, app.done, null, app.renamed, null]) {
    show(at)
    expect(screen.queryByText('Opening…')).toBeNull()
    expect(screen.getByRole('button')).toBe(button)
  }
  expect(button.textContent).toBe('1 cz')
  expect(seen.length).toBe(mounted)
  unmount()
})

test('the first moment suspends until the history is open; in a transition what was there stays', async () => {
  const app = await createStory()
  app.holdHistory()
  let go: (at: Moment) => void = () => {}
  function Page(): ReactNode {
    const [at, setAt] = useState<Moment | null>(null)
    useEffect(() => {
      go = (next) => startTransition(() => setAt(next))
    }, [])
    return page(at)
  }
  renderIn(app, <Page />)
  expect(main()).toBe('c z')
  act(() => go(app.made))
  expect([main(), rest()]).toEqual(['c z', 'c z'])
  expect(screen.queryByText('Opening…')).toBeNull()
  await act(() => app.openHistory())
  await vi.waitFor(() => expect(main()).toBe('a b c'))
})

test('writes throw past-is-read-only, by whatever way, and write nothing', async () => {
  const app = await createStory()
  const codes: unknown[] = []
  function Writer(): ReactNode {
    const [, set] = useItem(Task, 'a')
    const tasks = useCollection(Task)
    const store = useStore()
    const { undo, redo, canUndo } = useUndo()
    const tries: (() => unknown)[] = [
      () => set({ title: 'x' }),
      () => tasks.create({ title: 'x' }),
      () => tasks.createMany([{ title: 'x' }]),
      () => tasks.update('a', { title: 'x' }),
      () => tasks.delete('a'),
      () => tasks.restore('a'),
      () => store.transact(() => {}),
      undo,
      redo,
    ]
    const onClick = (): void => {
      for (const attempt of tries) {
        try {
          attempt()
          codes.push('written')
        } catch (error) {
          codes.push((error as { code?: string }).code)
        }
      }
    }
    return <button onClick={onClick}>{String(canUndo)}</button>
  }
  const show = await openPage(app, app.made, <Writer />)
  fireEvent.click(screen.getByText('false'))
  expect(codes).toEqual(Array.from({ length: 9 }, () => 'past-is-read-only'))
  expect(app.tasks.query().get().length).toBe(3)
  show(null)
  expect(await screen.findByText('true')).toBeTruthy()
  codes.length = 0
  fireEvent.click(screen.getByText('true'))
  expect(codes).not.toContain('past-is-read-only')
})

test('other repositories stay live, and travels may be nested', async () => {
  const app = await createStory()
  await app.store.ready('/data/inbox')
  const inbox = app.store.collection(Task, { in: '/data/inbox' })
  inbox.create({ title: 'old mail' }, { id: 'a' })
  await settle()
  const inboxHistory = await app.store.history({ in: '/data/inbox' })
  const then = inboxHistory.now()
  inbox.update('a', { title: 'mail' })
  await settle()
  function Both({ tick }: { tick?: number }): ReactNode {
    const [here] = useItem(Task, 'a')
    const [mail, setMail] = useItem(Task, 'a', { in: '/data/inbox' })
    return <button onClick={() => setMail({ title: 'read' })}>{`${here?.title} ${mail?.title}${tick ?? ''}`}</button>
  }
  const nested = (outer: Moment | null, inner: Moment | null): ReactNode => (
    <TimeTravel at={outer}>
      <TimeTravel at={inner} in="/data/inbox">
        <Both />
      </TimeTravel>
    </TimeTravel>
  )
  const { rerender } = renderIn(app, nested(app.made, null))
  expect(await screen.findByText('a mail')).toBeTruthy()
  fireEvent.click(screen.getByText('a mail'))
  // What was shown outside of `act` a moment ago may not listen yet: it looks again as soon as it does.
  expect(await screen.findByText('a read')).toBeTruthy()
  rerender(nested(app.made, then))
  expect(await screen.findByText('a old mail')).toBeTruthy()
  rerender(nested(null, then))
  expect(screen.getByText('z old mail')).toBeTruthy()
  rerender(nested(null, null))
  expect(screen.getByText('z read')).toBeTruthy()
  inboxHistory.close()
})

test('null within the past of the same repository is live; other repositories stay as they are around', async () => {
  const app = await createStory()
  await app.store.ready('/data/inbox')
  const inbox = app.store.collection(Task, { in: '/data/inbox' })
  inbox.create({ title: 'old mail' }, { id: 'a' })
  await settle()
  const inboxHistory = await app.store.history({ in: '/data/inbox' })
  const then = inboxHistory.now()
  inbox.update('a', { title: 'mail' })
  await settle()
  function Both(): ReactNode {
    const [here] = useItem(Task, 'a')
    const [mail] = useItem(Task, 'a', { in: '/data/inbox' })
    return <i>{`${here?.title} ${mail?.title}`}</i>
  }
  const island = (at: Moment | null): ReactNode => (
    <TimeTravel at={app.made}>
      <TimeTravel at={then} in="/data/inbox">
        <main>
          <Both />
          <TimeTravel at={at}>
            <Both />
          </TimeTravel>
        </main>
      </TimeTravel>
    </TimeTravel>
  )
  const { rerender } = renderIn(app, island(null))
  await vi.waitFor(() => expect(main()).toBe('a old mail z old mail'), { timeout: 10_000 })
  rerender(island(app.renamed))
  act(() => void app.tasks.update('a', { title: 'y' }))
  expect(main()).toBe('a old mail z old mail')
  rerender(island(null))
  expect(main()).toBe('a old mail y old mail')
  inboxHistory.close()
})

test('the history stays that of the present: its actions keep arriving', async () => {
  const app = await createStory()
  function Story(): ReactNode {
    return <i>{useTimeline()[0].length}</i>
  }
  await openPage(app, app.made, <Story />)
  expect(main()).toBe('5')
  act(() => void app.tasks.update('c', { title: 'c2' }))
  await act(() => settle())
  expect(main()).toBe('6')
})

test('there are no conflicts to decide in the past', async () => {
  const app = await createStory()
  function Conflicts(): ReactNode {
    const [conflicts, status] = useConflicts(Task, 'a')
    return <i>{`${conflicts.length} ${status}`}</i>
  }
  await openPage(app, app.made, <Conflicts />)
  expect(main()).toBe('0 ready')
})

test('a moment that is not here goes to the error boundary, whether first or later', async () => {
  const app = await createStory()
  const nowhere = 'f'.repeat(64) as Moment
  const bounded = (at: Moment): ReactNode => <Boundary>{page(at)}</Boundary>
  const { rerender } = renderIn(app, bounded(nowhere))
  expect(await screen.findByText('unknown-moment')).toBeTruthy()
  rerender(bounded(app.made))
  fireEvent.click(screen.getByText('unknown-moment'))
  await vi.waitFor(() => expect(main()).toBe('a b c'))
  rerender(bounded('soon' as Moment))
  fireEvent.click(screen.getByText('malformed-id'))
  // A date is none either.
  rerender(bounded(new Date(0) as never))
  expect(screen.getByText('malformed-id')).toBeTruthy()
  takeErrors()
})

test('nothing is left behind: not by what was unmounted, nor by what was never mounted', async () => {
  const app = await createStory()
  const { rerender, unmount } = renderIn(app, page(app.made))
  await vi.waitFor(() => expect(main()).toBe('a b c'))
  expect(app.history.pasts).toBeGreaterThan(0)
  stopTime()
  const forever = new Promise<never>(() => {})
  function Never(): ReactNode {
    // oxlint-disable-next-line typescript/only-throw-error
    throw forever
  }
  rerender(
    <Suspense fallback={<p>waiting</p>}>
      <TimeTravel at={app.renamed}>
        <Rows />
        <Never />
      </TimeTravel>
    </Suspense>,
  )
  expect(screen.getByText('waiting')).toBeTruthy()
  expect(app.listeners()).toBe(0)
  vi.advanceTimersByTime(6000)
  expect(app.history.pasts).toBe(0)
  unmount()
  vi.advanceTimersByTime(6000)
  // That of the test.
  expect(app.history.open).toBe(1)
})

test('what shows a moment for long keeps its past; live again, the past and the history are let go', async () => {
  const app = await createStory()
  const show = await openPage(app, app.made)
  stopTime()
  vi.advanceTimersByTime(60_000)
  show(app.renamed)
  expect(main()).toBe('b c z')
  expect(app.history.pasts).toBe(1)
  show(null)
  vi.advanceTimersByTime(4000)
  show(app.made)
  expect(main()).toBe('a b c')
  expect(app.history.pasts).toBe(1)
  show(null)
  vi.advanceTimersByTime(6000)
  expect(app.history).toMatchObject({ open: 1, pasts: 0 })
  expect(main()).toBe('c z')
})

test('hidden for long by a neighbour that suspends, it shows the moment still, and what it was moved to meanwhile', async () => {
  const app = await createStory()
  let waiting: Promise<never> | undefined
  function Neighbour(): ReactNode {
    // oxlint-disable-next-line typescript/only-throw-error
    if (waiting) throw waiting
    return null
  }
  const beside = (at: Moment): ReactNode => (
    <Suspense fallback={<p>waiting</p>}>
      {page(at)}
      <Neighbour />
    </Suspense>
  )
  const { rerender } = renderIn(app, beside(app.made))
  await vi.waitFor(() => expect(main()).toBe('a b c'))
  waiting = new Promise(() => {})
  rerender(beside(app.made))
  expect(screen.getByText('waiting')).toBeTruthy()
  stopTime()
  vi.advanceTimersByTime(60_000)
  waiting = undefined
  rerender(beside(app.renamed))
  expect(screen.queryByText('waiting')).toBeNull()
  expect(main()).toBe('b c z')
})

test.runIf('Activity' in React)(
  'hidden for long, it shows the moment it was moved to as soon as it is seen again',
  async () => {
    const { Activity } = React
    const app = await createStory()
    const beside = (at: Moment, mode: 'visible' | 'hidden'): ReactNode => <Activity mode={mode}>{page(at)}</Activity>
    const { rerender } = renderIn(app, beside(app.made, 'visible'))
    await vi.waitFor(() => expect(main()).toBe('a b c'))
    await act(async () => {})
    stopTime()
    rerender(beside(app.made, 'hidden'))
    expect(app.listeners()).toBe(0)
    vi.advanceTimersByTime(60_000)
    rerender(beside(app.renamed, 'hidden'))
    vi.advanceTimersByTime(60_000)
    rerender(beside(app.renamed, 'visible'))
    expect(screen.queryByText('Opening…')).toBeNull()
    expect(main()).toBe('b c z')
  },
)
