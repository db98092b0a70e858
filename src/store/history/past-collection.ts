/** A collection of the past: reads as in the present; writes are refused. */
import { IbexError } from '../../errors.js'
import { requireItemId } from '../../ids.js'
import { canonicalQuery } from '../../query/canonical.js'
import type { QueryInput, View } from '../../query/query.js'
import type { PastTable } from '../../repository/past-table.js'
import type { AnySchema, Snapshot } from '../../schema/schema.js'
import type { Collection } from '../collection-face.js'

export function createPastCollection<S extends AnySchema>(schema: S, path: string, table: PastTable): Collection<S> {
  type Row = Snapshot<S>

  return {
    schema,
    path,
    get: (id) => table.get(requireItemId(id)) as Row | undefined,
    require(id) {
      const found = table.get(requireItemId(id))
      if (found) return found as Row
      const why = table.existence(id) === 'deleted' ? 'was deleted' : 'did not exist, or could not be shown,'
      throw new IbexError('item-missing', `The ${schema.name} '${id}' ${why} at that moment.`)
    },
    query: (query?: QueryInput<S>) => table.queries.open(canonicalQuery(schema, query ?? {})) as unknown as View<Row>,
    subscribe: (id, listener) => table.subscribe(requireItemId(id), listener),
    statusOf(id) {
      const how = table.existence(requireItemId(id))
      return how === 'present' ? (table.get(id) ? 'ready' : 'missing') : how
    },
    create: refusePastWrite,
    createMany: refusePastWrite,
    update: refusePastWrite,
    delete: refusePastWrite,
    restore: refusePastWrite,
  }
}

/** Throws `past-is-read-only`. */
export function refusePastWrite(): never {
  throw new IbexError(
    'past-is-read-only',
    'What is shown is the past, which cannot be written. Write to the collection of the store, or go back with history.revertTo(moment).',
  )
}
