/** The list as one sequence of rows: each status with its issues below. */
import type { Status } from '../data/issue.js'
import { LIST_ORDER } from '../data/terms.js'

export type IdsByStatus = Readonly<Record<Status, readonly string[]>>

/** A heading, or an issue's id. */
export type Row = { readonly status: Status; readonly count: number } | string

export interface Rows {
  readonly rows: readonly Row[]
  /** The places of the headings. */
  readonly headings: readonly number[]
}

/** Statuses without issues have no heading; those that are folded have nothing else. */
export function rowsOf(ids: IdsByStatus, folded: ReadonlySet<Status>): Rows {
  const rows: Row[] = []
  const headings: number[] = []
  for (const status of LIST_ORDER) {
    const { length: count } = ids[status]
    if (count === 0) continue
    headings.push(rows.length)
    rows.push({ status, count })
    if (folded.has(status)) continue
    for (const id of ids[status]) rows.push(id)
  }
  return { rows, headings }
}

/** The issues of a list in their order. */
export function idsOf({ rows }: Rows): readonly string[] {
  return rows.filter((row) => typeof row === 'string')
}

export const keyOf = (row: Row): string => (typeof row === 'string' ? row : row.status)
