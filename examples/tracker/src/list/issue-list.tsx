import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react'
import { arrange, editingId, moveCursor, useCursor } from '../selection/selection.js'
import { GroupHeading } from './group-heading.js'
import { useFolded } from './folded.js'
import { IssueRow } from './issue-row.js'
import { type IdsByStatus, idsOf, keyOf, rowsOf } from './rows.js'

export const ROW_HEIGHT = 36

/** Issues below the headings of their statuses. Only what is in sight is in the document. */
export function IssueList({ ids }: { ids: IdsByStatus }): ReactNode {
  // The virtualizer is one object that changes; what the compiler remembers of it would be old.
  'use no memo'
  const scroller = useRef<HTMLDivElement>(null)
  const folded = useFolded()
  const list = useMemo(() => rowsOf(ids, folded), [ids, folded])
  const cursor = useCursor()
  const { rows, headings } = list
  const stuck = useRef(0)

  const inSight = useCallback(
    (range: Range) => {
      stuck.current = headings.findLast((at) => at <= range.startIndex) ?? 0
      // Wherever one scrolls: the heading above, and the title that is being edited, so that it keeps its field.
      const editing = editingId()
      const kept = new Set([stuck.current, ...defaultRangeExtractor(range)])
      if (editing !== null && rows.includes(editing)) kept.add(rows.indexOf(editing))
      return [...kept].sort((a, b) => a - b)
    },
    [rows, headings],
  )
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => keyOf(rows[index]!),
    rangeExtractor: inSight,
    overscan: 8,
    scrollPaddingStart: ROW_HEIGHT,
  })

  useEffect(() => {
    arrange(
      () => [idsOf(list)],
      (id) => {
        const at = list.rows.indexOf(id)
        if (at >= 0) virtualizer.scrollToIndex(at, { align: 'auto' })
      },
    )
  }, [list, virtualizer])

  return (
    <div
      ref={scroller}
      className="list"
      role="grid"
      aria-label="Issues"
      aria-multiselectable
      aria-rowcount={rows.length}
      aria-activedescendant={cursor === null ? undefined : `row-${cursor}`}
      tabIndex={0}
      onFocus={(event) => {
        if (event.target === event.currentTarget && event.target.matches(':focus-visible') && cursor === null)
          moveCursor(0)
      }}
    >
      <div className="list-height" style={{ height: virtualizer.getTotalSize() }} role="presentation">
        {virtualizer.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index]!
          if (typeof row === 'string') return <IssueRow key={key} id={row} top={start} row={index + 1} />
          return (
            <GroupHeading
              key={key}
              status={row.status}
              count={row.count}
              isFolded={folded.has(row.status)}
              top={index === stuck.current ? null : start}
              row={index + 1}
            />
          )
        })}
      </div>
    </div>
  )
}
