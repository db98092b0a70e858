/** Rows below each other, with columns. Only what is in sight is in the document. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { usePanelShape, type Shape } from '../frame/shape.js'

/** Pixels. */
export const ROW = 20
const HEAD = 24

export interface Column<Row> {
  readonly key: string
  readonly title: string
  /** The title is read out, and not seen. */
  readonly isBare?: boolean
  /** As in `grid-template-columns`. */
  readonly width: string
  /** Left out where the panel is smaller. */
  readonly needs?: Shape
  readonly align?: 'end'
  readonly cell: (row: Row, index: number) => ReactNode
}

export interface GridProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly count: number
  readonly rowAt: (index: number) => Row | undefined
  readonly keyAt: (index: number) => string | number
  /** The row that is chosen; -1: none, or none of these. */
  readonly selected: number
  readonly onSelect: (index: number) => void
  /** What Enter does with the chosen row. */
  readonly onOpen?: (index: number) => void
  /** More of a row for the style sheet. */
  readonly dataOf?: (row: Row) => Readonly<Record<`data-${string}`, string | boolean | undefined>>
  /** New rows come at the top: what one looks at then stays where it is. */
  readonly newestFirst?: boolean
  readonly header?: boolean
  /** Drawn behind the rows, from the first of them to the last. */
  readonly backdrop?: (from: number, to: number) => ReactNode
}

export function Grid<Row>(props: GridProps<Row>): ReactNode {
  const { label, count, rowAt, keyAt, selected, onSelect, onOpen, dataOf, newestFirst = false, header = true } = props
  const shape = usePanelShape()
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const columns = props.columns.filter(({ needs }) => fits(shape, needs))
  const template = columns.map(({ width }) => width).join(' ')

  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: keyAt,
    overscan: 6,
    scrollPaddingStart: header ? HEAD : 0,
  })
  useStillRows(scroller, newestFirst ? count : 0)
  useLayoutEffect(() => {
    if (selected >= 0) virtualizer.scrollToIndex(selected, { align: 'auto' })
  }, [selected, virtualizer])

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW) - 2)
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key]
    if (by !== undefined && !event.shiftKey && !event.altKey && count > 0) {
      const to = selected < 0 ? (by > 0 ? 0 : count - 1) : selected + by
      onSelect(Math.max(0, Math.min(count - 1, to)))
    } else if (event.key === 'Enter' && selected >= 0 && onOpen && event.target === event.currentTarget)
      onOpen(selected)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const items = virtualizer.getVirtualItems()
  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      aria-label={label}
      aria-rowcount={count + (header ? 1 : 0)}
      aria-activedescendant={items.some(({ index }) => index === selected) ? `${id}${selected}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {header && (
        <div className="grid-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          {columns.map(({ key, title, isBare, align }) => (
            <span key={key} role="columnheader" className="clip" data-align={align}>
              {isBare ? <span className="unseen">{title}</span> : title}
            </span>
          ))}
        </div>
      )}
      <div role="rowgroup" className="grid-rows" style={{ height: virtualizer.getTotalSize() }}>
        {items.length > 0 && props.backdrop?.(items[0]!.index, items.at(-1)!.index)}
        {items.map(({ index, start, key }) => {
          const row = rowAt(index)
          return (
            <div
              key={key}
              id={`${id}${index}`}
              className="grid-row"
              role="row"
              aria-rowindex={index + (header ? 2 : 1)}
              aria-selected={index === selected}
              style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
              onPointerDown={(event) => event.button === 0 && onSelect(index)}
              onDoubleClick={() => onOpen?.(index)}
              {...(row && dataOf?.(row))}
            >
              {row &&
                columns.map(({ key: column, cell, align }) => (
                  <span key={column} role="gridcell" className="clip" data-align={align}>
                    {cell(row, index)}
                  </span>
                ))}
            </div>
          )
        })}
      </div>
    </div>
  )
}

const SHAPES: readonly Shape[] = ['narrow', 'tall', 'wide']
const fits = (shape: Shape, needs: Shape = 'narrow'): boolean => SHAPES.indexOf(shape) >= SHAPES.indexOf(needs)

/** Whoever has scrolled away from the newest row keeps looking at the same rows when new ones come. */
function useStillRows(scroller: { readonly current: HTMLDivElement | null }, count: number): void {
  const before = useRef(count)
  useLayoutEffect(() => {
    const element = scroller.current
    const more = count - before.current
    before.current = count
    if (element && more > 0 && element.scrollTop > 0) element.scrollTop += more * ROW
  }, [scroller, count])
}
