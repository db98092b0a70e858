'use client'
import { useEffect, useRef } from 'react'
import { type AnySchema, type Collection, IbexError } from '../src/index.js'

/** So many renders in a row, each with another filter, within so many milliseconds, are no change of mind, nor typing. */
const RENDERS = 10
const WITHIN_MS = 1000

/** Collections about which the developer has been told. */
const told = new WeakSet<object>()

/** During development, says once when a query's `filter` is another function in every render. */
export function useFilterWatch(collection: Collection<AnySchema>, filter: unknown): void {
  const seen = useRef({ filter, changes: 0, since: 0 })
  useEffect(() => {
    if (process.env.NODE_ENV === 'production') return
    const row = seen.current
    if (row.filter === filter) {
      row.changes = 0
      return
    }
    row.filter = filter
    const now = Date.now()
    if (row.changes === 0 || now - row.since > WITHIN_MS) Object.assign(row, { changes: 0, since: now })
    if (++row.changes < RENDERS || told.has(collection)) return
    told.add(collection)
    console.error(
      new IbexError(
        'unstable-filter',
        `A query of '${collection.schema.name}' had another \`filter\` in each of ${RENDERS} renders, so it was answered from the beginning ${RENDERS} times. Wrap the function in useCallback, define it outside the component, or say it with \`where\`.`,
      ),
    )
  })
}
