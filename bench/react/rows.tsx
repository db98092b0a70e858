/** The page of the React questions: shows tasks, edits them, and says how often rows and lists were rendered. */
import { type FunctionComponent, memo, type ReactElement, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { LIMIT, makeTasks, Model, seeded } from '../tasks.js'
import type { NamedRow, OpenScreen, Row, Screen } from './screen.js'

export type View = 'rows' | 'query' | 'ids'

export interface Shown {
  /** So many edits, one after the other, each waited for until the document shows it. Milliseconds of each by the clock. */
  edit(what: 'title' | 'move', count: number): Promise<readonly number[]>
  counts(): { readonly rows: number; readonly lists: number }
}

/** Shows `size` tasks; of a query only the rows of its window. */
export async function show(open: OpenScreen, view: View, size: number): Promise<Shown> {
  const tasks = makeTasks(size)
  const model = new Model(tasks)
  const screen = await open(tasks)
  const { ids, Provider = Plain } = screen
  const counts = { rows: 0, lists: 0 }
  const [List, Line] = componentsOf(screen, counts)

  const container = document.querySelector('main')!
  createRoot(container).render(
    <Provider>{view === 'rows' ? <All ids={ids} Line={Line} /> : <List view={view} />}</Provider>,
  )
  const expected = (): string[] => (view === 'rows' ? [...ids] : model.window(LIMIT).map((index) => ids[index]!))
  const shown = (): string[] => [...container.querySelectorAll('li')].map(({ dataset }) => dataset['id']!)
  await until(container, () => shown().length === expected().length)
  check(shown(), expected())

  const below = seeded(7)
  const numberOf = new Map(ids.map((id, index) => [id, index]))
  let edits = 0
  return {
    counts: () => ({ ...counts }),
    async edit(what, count) {
      const times: number[] = []
      for (let i = 0; i < count; i++) {
        const lines = container.querySelectorAll('li')
        // Moves also from outside of the window.
        const outside = what === 'move' && edits % 2 === 1
        let index = numberOf.get(lines[1 + below(lines.length - 1)]!.dataset['id']!)!
        while (outside && (model.tasks[index]!.done || shown().includes(ids[index]!))) index = below(size)
        const id = ids[index]!
        edits++
        const change = what === 'title' ? { title: `title ${edits}` } : { updatedAt: model.newTime(true) }
        model.edit(index, change)
        const line = container.querySelector(`[data-id="${id}"]`)
        const start = performance.now()
        const done = until(container, () =>
          'title' in change ? line!.textContent === change.title : container.querySelector('li')!.dataset['id'] === id,
        )
        screen.update(id, change)
        await done
        times.push(performance.now() - start)
      }
      check(shown(), expected())
      for (const line of container.querySelectorAll('li')) {
        check(line.textContent, model.tasks[numberOf.get(line.dataset['id']!)!]!.title)
      }
      return times
    },
  }
}

function Plain({ children }: { readonly children: ReactNode }): ReactNode {
  return children
}

type Components = readonly [
  List: FunctionComponent<{ readonly view: View }>,
  Line: FunctionComponent<{ readonly id: string }>,
]

function componentsOf(screen: Screen, counts: { rows: number; lists: number }): Components {
  const { useTask, useOpen, useOpenIds } = screen
  const observe = screen.observe ?? (memo as NonNullable<Screen['observe']>)
  const Line = observe(function Line({ id }: { readonly id: string }) {
    counts.rows++
    const { title } = useTask(id)
    return <li data-id={id}>{title}</li>
  })
  const Given = observe(function Given({ row }: { readonly row: Row | NamedRow }) {
    counts.rows++
    return <li data-id={nameOf(row)}>{row.title}</li>
  })
  const useRows = useOpen ?? (() => [])
  const useIds = useOpenIds ?? (() => [])
  const ByRows = observe(function ByRows() {
    counts.lists++
    return (
      <ul>
        {useRows().map((row) => (
          <Given key={nameOf(row)} row={row} />
        ))}
      </ul>
    )
  })
  const ByIds = observe(function ByIds() {
    counts.lists++
    return (
      <ul>
        {useIds().map((id) => (
          <Line key={id} id={id} />
        ))}
      </ul>
    )
  })
  const List = ({ view }: { readonly view: View }): ReactElement => (view === 'ids' ? <ByIds /> : <ByRows />)
  return [List, Line]
}

const nameOf = (row: Row | NamedRow): string => ('id' in row ? row.id : row.$id)

function All({ ids, Line }: { readonly ids: readonly string[]; readonly Line: Components[1] }): ReactElement {
  return (
    <ul>
      {ids.map((id) => (
        <Line key={id} id={id} />
      ))}
    </ul>
  )
}

/** Resolves as soon as the document is as `holds` wants it: after the change of it that makes it so. */
function until(container: Element, holds: () => boolean): Promise<void> {
  if (holds()) return Promise.resolve()
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!holds()) return
      observer.disconnect()
      resolve()
    })
    observer.observe(container, { childList: true, characterData: true, subtree: true })
  })
}

function check(found: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)]
  if (a !== b) throw new Error(`Wrong answer: the page shows ${a.slice(0, 200)}, not ${b.slice(0, 200)}.`)
}
