/** Rows below each other, with columns. Only what is in sight is in the document. */
import {
  type KeyboardEvent,
  memo,
  type PointerEvent,
  type ReactNode,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react'
import { usePanelShape, type Shape } from '../frame/shape.js'
import { ROW, useRowWindow } from './row-window.js'

/** Pixels. */
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

/** More of a row for the style sheet. */
export type Marks = Readonly<Record<`data-${string}`, string | boolean | undefined>>

/** Which rows have others below them. */
export interface Folds<Row> {
  /** Undefined: it has none. */
  readonly isOpen: (row: Row) => boolean | undefined
  readonly onToggle: (index: number) => void
}

export interface GridProps<Row> {
  readonly label: string
  /** The same array as long as they are the same. */
  readonly columns: readonly Column<Row>[]
  readonly count: number
  /** The same object as long as the row says the same. */
  readonly rowAt: (index: number) => Row | undefined
  /** The row that is chosen; -1: none, or none of these. */
  readonly selected: number
  readonly onSelect: (index: number) => void
  /** Of rows that have others below them: makes it a tree, in which such a row is opened and folded. */
  readonly folds?: Folds<Row>
  readonly marksOf?: (row: Row) => Marks
  /** New rows come at the top: what one looks at then stays where it is. */
  readonly newestFirst?: boolean
  /** What is selected changes faster than one reads. */
  readonly passing?: boolean
  /** Drawn behind the rows, from the first of them to the last. */
  readonly renderBackdrop?: (from: number, to: number) => ReactNode
}

export function Grid<Row>({
  label,
  columns: all,
  count,
  rowAt,
  selected,
  onSelect,
  folds,
  marksOf,
  newestFirst = false,
  passing = false,
  renderBackdrop,
}: GridProps<Row>): ReactNode {
  const shape = usePanelShape()
  const id = useId()
  const columns = useMemo(() => all.filter(({ needs }) => fits(shape, needs)), [all, shape])
  const template = columns.map(({ width }) => width).join(' ')
  const { scroller, first, length, page, base, placeOf, canWait } = useRowWindow(count, HEAD, selected, passing)
  useStillRows(scroller, newestFirst ? count : 0)

  const isOpenAt = (index: number): boolean | undefined => {
    const row = rowAt(index)
    return row === undefined ? undefined : folds?.isOpen(row)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const isOpen = isOpenAt(selected)
    if (isOpen !== undefined && (event.key === 'Enter' || event.key === (isOpen ? 'ArrowLeft' : 'ArrowRight'))) {
      if (event.shiftKey || event.altKey) return
      folds?.onToggle(selected)
      event.preventDefault()
      event.stopPropagation()
      return
    }
    const far = Math.max(1, page - 1)
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: far, PageUp: -far }[event.key]
    if (by === undefined || event.shiftKey || event.altKey || count === 0) return
    const to = selected < 0 ? (by > 0 ? 0 : count - 1) : selected + by
    onSelect(Math.max(0, Math.min(count - 1, to)))
    event.preventDefault()
    event.stopPropagation()
  }
  const onPointerDown = (event: PointerEvent): void => {
    const row = (event.target as Element).closest<HTMLElement>('.grid-row')
    if (!row || event.button !== 0) return
    const index = Number(row.getAttribute('aria-rowindex')) - 2
    onSelect(index)
    if (isOpenAt(index) !== undefined) folds?.onToggle(index)
  }

  const last = first + length - 1
  const rows: ReactNode[] = []
  for (let index = first; index <= last; index++) {
    const place = placeOf(index)
    const waits = index !== selected && canWait(place)
    const row = waits ? undefined : rowAt(index)
    if (!waits && row === undefined) continue
    rows.push(
      <GridRow<Row>
        // By places in sight, so that elements are used again when the list moves.
        key={place}
        id={index === selected ? `${id}${index}` : undefined}
        index={index}
        top={(index - base) * ROW}
        row={row}
        columns={columns}
        template={template}
        isOpen={row && folds?.isOpen(row)}
        level={row && folds && (folds.isOpen(row) === undefined ? 2 : 1)}
        marks={row && marksOf?.(row)}
      />,
    )
  }
  return (
    <div className="grid-frame">
      <div
        ref={scroller}
        className="grid"
        role={folds ? 'treegrid' : 'grid'}
        data-list
        aria-label={label}
        aria-rowcount={count + 1}
        aria-activedescendant={selected >= first && selected <= last ? `${id}${selected}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
      >
        <div className="grid-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          {columns.map(({ key, title, isBare, align }) => (
            <span key={key} role="columnheader" className="clip" data-align={align}>
              {isBare ? <span className="unseen">{title}</span> : title}
            </span>
          ))}
        </div>
        <div className="grid-rows" style={{ height: count * ROW }}>
          {length > 0 && renderBackdrop?.(first, last)}
          <div role="rowgroup" style={{ transform: `translateY(${base * ROW}px)` }}>
            {rows}
          </div>
        </div>
      </div>
    </div>
  )
}

interface GridRowProps<Row> {
  /** Of the one that is selected. */
  readonly id: string | undefined
  readonly index: number
  /** Pixels. */
  readonly top: number
  /** Undefined: its turn has not come, and it stays as it is. */
  readonly row: Row | undefined
  readonly columns: readonly Column<Row>[]
  readonly template: string
  readonly isOpen: boolean | undefined
  readonly level: number | undefined
  readonly marks: Marks | undefined
}

const GridRow = memo(function GridRow<Row>(props: GridRowProps<Row>): ReactNode {
  const { id, index, top, row, columns, template, isOpen, level, marks } = props
  if (row === undefined) return null
  return (
    <div
      id={id}
      className="grid-row"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={id !== undefined}
      aria-expanded={isOpen}
      aria-level={level}
      style={{ gridTemplateColumns: template, top }}
      {...marks}
    >
      {columns.map(({ key, cell, align }) => (
        <span key={key} role="gridcell" className="clip" data-align={align}>
          {cell(row, index)}
        </span>
      ))}
    </div>
  )
}, isSameRow) as <Row>(props: GridRowProps<Row>) => ReactNode

function isSameRow<Row>(before: GridRowProps<Row>, after: GridRowProps<Row>): boolean {
  if (after.row === undefined) return before.top === after.top
  return (
    before.row === after.row &&
    before.index === after.index &&
    before.top === after.top &&
    before.id === after.id &&
    before.isOpen === after.isOpen &&
    before.level === after.level &&
    before.columns === after.columns &&
    before.template === after.template &&
    sameMarks(before.marks, after.marks)
  )
}

function sameMarks(before: Marks = {}, after: Marks = {}): boolean {
  for (const name in after) {
    if (before[name as `data-${string}`] !== after[name as `data-${string}`]) return false
  }
  return true
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
    if (element && more > 0 && element.scrollTop > 0) element.scrollBy({ top: more * ROW, behavior: 'instant' })
  }, [scroller, count])
}
