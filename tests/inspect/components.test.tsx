// @vitest-environment jsdom
/** Which components read a query, and the frames around them, with a real React. */
import { cleanup, render, screen } from '@testing-library/react'
import { memo, type ReactElement } from 'react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { StoreProvider } from '../../hooks/store-provider.js'
import { useIds, useQuery } from '../../hooks/use-query.js'
import { useItem } from '../../hooks/use-item.js'
import { readersOf } from '../../src/inspect/components.js'
import { highlight } from '../../src/inspect/highlight.js'
import type { LiveView } from '../../src/query/view.js'
import { createTestStore } from '../../src/testing/test-store.js'
import { Task } from './looking.js'

afterEach(cleanup)

const OPEN = { where: { done: false } } as const

function List(): ReactElement {
  const open = useQuery(Task, OPEN)
  return (
    <>
      <ul data-testid="list">
        {open.map(({ $id }) => (
          <Row key={$id} id={$id} />
        ))}
      </ul>
      <p data-testid="count">{open.length}</p>
    </>
  )
}

function Row({ id }: { id: string }): ReactElement {
  const [task] = useItem(Task, id)
  return <li>{task?.title}</li>
}

const Ids = memo(function Ids() {
  return <p data-testid="ids">{useIds(Task, OPEN).length}</p>
})

function Other(): ReactElement {
  return <p>{useQuery(Task, { where: { done: true } }).length}</p>
}

function show(): LiveView {
  const store = createTestStore({ schemas: [Task] })
  store.collection(Task).create({ title: 'a' })
  render(
    <StoreProvider store={store}>
      <List />
      <Ids />
      <Other />
    </StoreProvider>,
  )
  return store.collection(Task).query(OPEN) as unknown as LiveView
}

describe('readers of a query', () => {
  test('are found by what their hooks hold, with the elements that they rendered', () => {
    const readers = readersOf(show())
    expect(readers.map(({ name }) => name).toSorted()).toEqual(['Ids', 'List'])
    const list = readers.find(({ name }) => name === 'List')!
    expect(new Set(list.elements)).toEqual(new Set([screen.getByTestId('list'), screen.getByTestId('count')]))
  })

  test('are none where nothing is mounted, and where React keeps its tree otherwise', () => {
    const view = show()
    cleanup()
    expect(readersOf(view)).toEqual([])
    const strange = document.createElement('div')
    Object.assign(strange, { __reactContainer$x: { memoizedState: 7, child: { memoizedState: { next: 5 } } } })
    document.body.append(strange)
    expect(readersOf(view)).toEqual([])
    strange.remove()
  })
})

test('frames are drawn beside the app’s elements, follow them, and go', () => {
  vi.useFakeTimers()
  const view = show()
  const before = document.body.innerHTML
  const shown = highlight(view)
  const layer = document.querySelector('[data-ibex-devtools]')!
  expect(Array.from(layer.querySelectorAll('span'), ({ textContent }) => textContent).toSorted()).toEqual([
    'Ids',
    'List',
    'List',
  ])
  expect(document.body.innerHTML).toBe(before)
  cleanup()
  vi.advanceTimersByTime(300)
  expect(layer.children).toHaveLength(0)
  shown.remove()
  expect(document.querySelector('[data-ibex-devtools]')).toBeNull()
  vi.useRealTimers()
})
