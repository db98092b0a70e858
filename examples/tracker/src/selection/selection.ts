/** Which issues are selected, which one the keyboard is at, and which title is being edited. */
import { refusePast } from '../film/film.js'
import { createCell, useCell } from '../shell/cell.js'

interface Marks {
  readonly selected: ReadonlySet<string>
  /** The issue that single keys act on when none is selected. */
  readonly cursor: string | null
  /** Where a range begins. */
  readonly anchor: string | null
  readonly editing: string | null
}

const NONE: ReadonlySet<string> = new Set()
const marks = createCell<Marks>({ selected: NONE, cursor: null, anchor: null, editing: null })
const mark = (change: Partial<Marks>): void => marks.set({ ...marks.get(), ...change })

/** The issues on the screen in their order, column by column (a list has one): told by whoever shows them. */
let columns: () => readonly (readonly string[])[] = () => []
/** Brings an issue into sight. */
let reveal: (id: string) => void = () => {}

/** Says what is on the screen. */
export function arrange(getColumns: typeof columns, show: typeof reveal): void {
  columns = getColumns
  reveal = show
}

export const cursorId = (): string | null => marks.get().cursor
export const editingId = (): string | null => marks.get().editing

/** What an action is to act on: the selected issues in their order, or else the one at the cursor. */
export function targetIds(): readonly string[] {
  const { selected, cursor } = marks.get()
  if (selected.size > 0) return [...selected]
  return cursor === null ? [] : [cursor]
}

export function pointAt(id: string | null): void {
  if (marks.get().cursor !== id) mark({ cursor: id })
}

/** Brings the cursor to an issue, and the issue into sight, as soon as it is on the screen. */
export function goTo(id: string): void {
  pointAt(id)
  requestAnimationFrame(() => reveal(id))
}

/** Moves the cursor by rows, or by columns; with `extend` the rows passed are selected. */
export function moveCursor(down: number, right = 0, extend = false): string | null {
  const all = columns()
  const { cursor, anchor, selected } = marks.get()
  let column = cursor === null ? -1 : all.findIndex((ids) => ids.includes(cursor))
  let row = column < 0 ? -1 : all[column]!.indexOf(cursor!)
  if (column < 0) {
    column = all.findIndex((ids) => ids.length > 0)
    if (column < 0) return null
    row = 0
  } else {
    // Empty columns are stepped over.
    for (
      let left = Math.abs(right), next = column + Math.sign(right);
      left > 0 && all[next];
      next += Math.sign(right)
    ) {
      if (all[next]!.length === 0) continue
      column = next
      left--
    }
    row = Math.max(0, Math.min(all[column]!.length - 1, row + down))
  }
  const id = all[column]![row]!
  const from = anchor ?? cursor ?? id
  mark({
    cursor: id,
    anchor: extend ? from : id,
    selected: extend ? new Set([...selected, ...range(from, id)]) : selected,
  })
  reveal(id)
  return id
}

function range(from: string, to: string): readonly string[] {
  const ids = columns().find((column) => column.includes(to)) ?? []
  const [a, b] = [ids.indexOf(from), ids.indexOf(to)].sort((x, y) => x - y) as [number, number]
  return a < 0 ? [to] : ids.slice(a, b + 1)
}

export function toggleSelected(id: string): void {
  const selected = new Set(marks.get().selected)
  if (!selected.delete(id)) selected.add(id)
  mark({ selected, cursor: id, anchor: id })
}

/** Selects everything from where the last selection began. */
export function selectTo(id: string): void {
  const { anchor, cursor, selected } = marks.get()
  mark({ selected: new Set([...selected, ...range(anchor ?? cursor ?? id, id)]), cursor: id })
}

export function selectAll(): void {
  mark({ selected: new Set(columns().flat()) })
}

export function clearSelection(): void {
  mark({ selected: NONE, anchor: null })
}

export function editTitle(id: string | null): void {
  if (id !== null && refusePast()) return
  mark(id === null ? { editing: null } : { editing: id, cursor: id })
}

/** Forgets issues that are gone; the cursor goes to the one that takes their place. */
export function dropIds(ids: readonly string[]): void {
  const gone = new Set(ids)
  const { selected, cursor } = marks.get()
  let next = cursor
  if (cursor !== null && gone.has(cursor)) {
    const column = columns().find((all) => all.includes(cursor)) ?? []
    const at = column.indexOf(cursor)
    next = column.slice(at).find((id) => !gone.has(id)) ?? column.slice(0, at).findLast((id) => !gone.has(id)) ?? null
  }
  mark({ selected: new Set([...selected].filter((id) => !gone.has(id))), cursor: next, anchor: next, editing: null })
}

export interface IssueMarks {
  readonly isSelected: boolean
  readonly isCursor: boolean
  readonly isEditing: boolean
}

/** All that can be said of one issue, so that a row looks for changes once: eight objects that keep identity. */
const ALL_MARKS: readonly IssueMarks[] = Array.from({ length: 8 }, (_, bits) => ({
  isSelected: (bits & 1) > 0,
  isCursor: (bits & 2) > 0,
  isEditing: (bits & 4) > 0,
}))

/** How the issue is marked; the component renders when that changes, and not when others are marked. */
export const useMarks = (id: string): IssueMarks =>
  useCell(
    marks,
    ({ selected, cursor, editing }) =>
      ALL_MARKS[Number(selected.has(id)) + 2 * Number(cursor === id) + 4 * Number(editing === id)]!,
  )
export const useCursor = (): string | null => useCell(marks, ({ cursor }) => cursor)
export const useEditing = (): string | null => useCell(marks, ({ editing }) => editing)
export const useSelectedCount = (): number => useCell(marks, ({ selected }) => selected.size)
