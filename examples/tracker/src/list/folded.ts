import type { Status } from '../data/issue.js'
import { createCell, useCell } from '../shell/cell.js'

const folded = createCell<ReadonlySet<Status>>(new Set())

export const useFolded = (): ReadonlySet<Status> => useCell(folded)

/** Hides the issues of a status in the list, or shows them again. */
export function toggleFolded(status: Status): void {
  const next = new Set(folded.get())
  if (!next.delete(status)) next.add(status)
  folded.set(next)
}
