import { act, screen } from '@testing-library/react'
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
import { defineSchema, field, type TimelineEntry } from '../src/index.js'
import { settle } from '../src/testing/test-store.js'
import { useHistory, useTimeline } from './use-timeline.js'

beQuiet()

const words = (entries: readonly TimelineEntry[]): string =>
  entries.map(({ label, items }) => label ?? items.map(({ id, did }) => `${did} ${id}`).join('+')).join(', ')

function Story({ id, limit }: { id: string | null; limit?: number }): ReactNode {
  const [entries, status] = useHistory(Task, id, { limit })
  useNote(`story ${id}`)
  return <p>{`[${words(entries)}] ${status}`}</p>
}

test('useHistory shows what was done to an item, newest first, live, and renders for nothing else', async () => {
  const app = createTasks('a', 'b')
  await act(() => settle())
  renderIn(app, <Story id="a" />)
  expect(await screen.findByText('[create a] ready')).toBeTruthy()
  act(() => void app.store.transact(() => app.tasks.update('a', { done: true }), { label: 'tick' }))
  await act(() => settle())
  expect(screen.getByText('[tick, create a] ready')).toBeTruthy()
  takeNotes()
  act(() => void app.tasks.update('b', { done: true }))
  await act(() => settle())
  expect(takeNotes()).toEqual([])
  act(() => void app.tasks.delete('a'))
  await act(() => settle())
  expect(screen.getByText('[delete a, tick, create a] ready')).toBeTruthy()
})

test('limit takes the newest, and another id is answered in the same render', async () => {
  const app = createTasks('a', 'b')
  app.tasks.update('a', { done: true })
  await act(() => settle())
  const { rerender } = renderIn(app, <Story id="a" limit={1} />)
  expect(await screen.findByText('[update a] ready')).toBeTruthy()
  rerender(<Story id="b" limit={1} />)
  expect(screen.getByText('[create b] ready')).toBeTruthy()
  rerender(<Story id="a" limit={2} />)
  expect(screen.getByText('[update a, create a] ready')).toBeTruthy()
  expect(app.history.asked).toBe(1)
})

test('useTimeline shows the whole repository, or what a filter says, inline or not', async () => {
  const app = createTasks('a', 'b')
  app.tasks.update('b', { title: 'b2' })
  await act(() => settle())
  const seen = new Set<unknown>()
  function Stories({ tick }: { tick: number }): ReactNode {
    const [all] = useTimeline()
    const [titles] = useTimeline({ schema: Task, field: 'title', item: 'b', since: new Date(0) })
    useSeen(titles, seen)
    return <p>{`${tick}: ${words(all)}; ${words(titles)}`}</p>
  }
  const { rerender } = renderIn(app, <Stories tick={0} />)
  expect(await screen.findByText('0: update b, create b, create a; update b, create b')).toBeTruthy()
  for (let tick = 1; tick < 4; tick++) rerender(<Stories tick={tick} />)
  expect(seen.size).toBe(1)
  expect(app.listeners()).toBe(2)
  act(() => void app.tasks.update('a', { title: 'a2' }))
  await act(() => settle())
  expect(screen.getByText(/^3: update a, update b, create b, create a; update b, create b$/)).toBeTruthy()
  expect(seen.size).toBe(1)
})

function useSeen(value: unknown, into: Set<unknown>): void {
  into.add(value)
}

test('null asks for nothing, opens nothing and never suspends', () => {
  const app = createTasks('a')
  app.hold()
  function Nothing(): ReactNode {
    return <p>{`${useHistory(Task, null)[0].length} ${useTimeline(null)[1]}`}</p>
  }
  renderIn(app, <Nothing />)
  expect(screen.getByText('0 ready')).toBeTruthy()
  expect([app.history.asked, app.openings(), app.listeners()]).toEqual([0, 0, 0])
})

test('in names another repository', async () => {
  const app = createTasks('a')
  await app.store.ready('/data/inbox')
  app.store.collection(Task, { in: '/data/inbox' }).create({ title: 'mail' }, { id: 'm' })
  await act(() => settle())
  function Inbox(): ReactNode {
    const [entries] = useTimeline({}, { in: '/data/inbox' })
    const [mail] = useHistory(Task, 'm', { in: '/data/inbox' })
    return <p>{`${words(entries)}; ${words(mail)}`}</p>
  }
  renderIn(app, <Inbox />)
  expect(await screen.findByText('create m; create m')).toBeTruthy()
})

test.each([
  ['malformed-id', <Story key="" id="not an id" />],
  ['malformed-id', <Story key="" id={undefined as never} />],
  ['malformed-path', <Elsewhere key="" path="inbox" />],
  ['unknown-schema', <Wrong key="" />],
  ['bad-option', <Author key="" />],
])('a mistake goes to the error boundary as %s', async (code, wrong) => {
  const app = createTasks('a')
  await historyOf(app)
  renderIn(app, <Boundary>{wrong}</Boundary>)
  expect(await screen.findByText(code)).toBeTruthy()
  takeErrors()
})

const Other = defineSchema('other', { title: field.string() })

function Wrong(): ReactNode {
  return useHistory(Other, 'a')[1]
}

function Author(): ReactNode {
  return useTimeline({ author: 'Ada' } as never)[1]
}

function Elsewhere({ path }: { path: string }): ReactNode {
  return useHistory(Task, 'a', { in: path })[1]
}
