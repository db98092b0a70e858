'use client'
import type { AnySchema, TimelineEntry, TimelineFilter } from '../src/index.js'
import type { HistoryStatus } from './held-history.js'
import { type HistoryOptions, useOfHistory } from './of-history.js'
import { checkItem, useScope } from './scope.js'

/** What of an item's history is asked for: as in a timeline's filter, without the item. */
export type ItemHistoryOptions = HistoryOptions & Omit<TimelineFilter, 'schema' | 'item'>

/**
 * What was done to an item, by whomever: the newest actions first, live, a hundred of them or `limit`; and how the history
 * stands. With `field` and the like only those that fit. With `id` null there are none.
 */
export function useHistory<S extends AnySchema>(
  schema: S,
  id: string | null,
  options: ItemHistoryOptions = {},
): [entries: readonly TimelineEntry[], status: HistoryStatus] {
  const { in: path, suspense, ...filter } = options
  checkItem(useScope(options), schema, id)
  return useTimeline(id === null ? null : { ...filter, schema: schema.name, item: id }, { in: path, suspense })
}

/**
 * The same of the whole repository. A filter says which actions, as data; equal filters are one, whether they are written
 * inline or not. Null asks for nothing.
 */
export function useTimeline(
  filter: TimelineFilter | null = ALL,
  options: HistoryOptions = {},
): [entries: readonly TimelineEntry[], status: HistoryStatus] {
  const shown = useOfHistory(useScope(options), options.suspense, filter && keyOf(filter), (history) =>
    history.timeline(filter!),
  )
  return typeof shown === 'string' ? [NONE, shown] : [shown, 'ready']
}

function keyOf({ schema, ...rest }: TimelineFilter): string {
  return JSON.stringify({ ...rest, schema: typeof schema === 'object' ? schema.name : schema })
}

const ALL = Object.freeze({})
const NONE: readonly never[] = Object.freeze([])
