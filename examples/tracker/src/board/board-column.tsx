import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import type { Status } from '../data/issue.js'
import { STATUS_NAMES } from '../data/terms.js'
import { Icon, StatusIcon } from '../look/icons.js'
import { openForm } from '../shell/overlay.js'
import { SORT_NAMES } from '../view/filter-menu.js'
import { useView } from '../view/use-view.js'
import { BoardCard } from './board-card.js'

/** Scrolls a column to a card. */
export type Reveal = (id: string) => void

const CARD_HEIGHT = 106

interface BoardColumnProps {
  readonly status: Status
  readonly ids: readonly string[]
  readonly reveals: RefObject<Map<Status, Reveal>>
}

export const BoardColumn = memo(function BoardColumn({ status, ids, reveals }: BoardColumnProps): ReactNode {
  // As in the list: the virtualizer is one object that changes.
  'use no memo'
  const scroller = useRef<HTMLDivElement>(null)
  const column = useRef<HTMLElement>(null)
  const [isTarget, setTarget] = useState(false)
  const { sort } = useView()
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_HEIGHT,
    getItemKey: (index) => ids[index]!,
    overscan: 4,
    paddingEnd: 8,
  })

  useEffect(() => {
    const all = reveals.current
    all.set(status, (id) => {
      virtualizer.scrollToIndex(ids.indexOf(id), { align: 'auto' })
      column.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    })
    return () => void all.delete(status)
  }, [status, ids, reveals, virtualizer])

  useEffect(
    () =>
      combine(
        dropTargetForElements({
          element: column.current!,
          getData: () => ({ status }),
          canDrop: ({ source }) => source.data['status'] !== status,
          onDragEnter: () => setTarget(true),
          onDragLeave: () => setTarget(false),
          onDrop: () => setTarget(false),
        }),
        autoScrollForElements({ element: scroller.current! }),
      ),
    [status],
  )

  return (
    <section className="column" ref={column} data-target={isTarget || undefined} aria-label={STATUS_NAMES[status]}>
      <header>
        <StatusIcon status={status} />
        <h2>{STATUS_NAMES[status]}</h2>
        <span className="count">{ids.length.toLocaleString('en')}</span>
        <button
          type="button"
          className="quiet-button end"
          aria-label={`New issue in ${STATUS_NAMES[status]}`}
          onClick={() => openForm(status)}
        >
          <Icon name="plus" />
        </button>
      </header>
      <div className="cards" ref={scroller}>
        <div className="list-height" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, key }) => (
            <BoardCard key={key} id={ids[index]!} top={start} />
          ))}
        </div>
      </div>
      {isTarget && <p className="drop-note">Ordered by {SORT_NAMES[sort].toLowerCase()}</p>}
    </section>
  )
})
