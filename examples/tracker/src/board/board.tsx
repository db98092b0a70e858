import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { useStore } from 'ibex-state/react'
import { type ReactNode, useEffect, useRef } from 'react'
import { setStatus } from '../data/changes.js'
import { STATUSES, type Status } from '../data/issue.js'
import type { IdsByStatus } from '../list/rows.js'
import { arrange, useCursor } from '../selection/selection.js'
import { useView } from '../view/use-view.js'
import { BoardColumn, type Reveal } from './board-column.js'

/** A column for each status; cards are dragged between them. */
export function Board({ ids }: { ids: IdsByStatus }): ReactNode {
  const store = useStore()
  const { statuses } = useView()
  const shown = STATUSES.filter((status) => statuses.length === 0 || statuses.includes(status))
  const cursor = useCursor()
  const reveals = useRef(new Map<Status, Reveal>())

  useEffect(() => {
    arrange(
      () => shown.map((status) => ids[status]),
      (id) => {
        const status = shown.find((one) => ids[one].includes(id))
        if (status) reveals.current.get(status)?.(id)
      },
    )
  })

  useEffect(
    () =>
      monitorForElements({
        onDrop({ source, location }) {
          const status = location.current.dropTargets[0]?.data['status'] as Status | undefined
          if (status) setStatus(store, source.data['ids'] as readonly string[], status)
        },
      }),
    [store],
  )

  return (
    <div
      className="board"
      tabIndex={-1}
      role="group"
      aria-label="Board"
      aria-activedescendant={cursor === null ? undefined : `card-${cursor}`}
    >
      {shown.map((status) => (
        <BoardColumn key={status} status={status} ids={ids[status]} reveals={reveals} />
      ))}
    </div>
  )
}
