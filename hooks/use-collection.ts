'use client'
import type { AnySchema, Collection } from '../src/index.js'
import { suspendUntilReady } from './opening.js'
import { useScope } from './scope.js'

/** Where a hook looks. */
export interface InRepository {
  /** A repository's path; otherwise the one of the nearest provider. */
  readonly in?: string | undefined
}

/**
 * One schema's items, to create, get, change and query in event handlers. The same object for the same schema and
 * repository; does not re-render. Suspends until the repository is open, so that whatever holds it may write.
 */
export function useCollection<S extends AnySchema>(schema: S, options: InRepository = {}): Collection<S> {
  const { store, path } = useScope()
  const scope = { store, path: options.in ?? path }
  const collection = store.collection(schema, { in: scope.path })
  suspendUntilReady(scope)
  return collection
}
