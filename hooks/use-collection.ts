'use client'
import type { AnySchema, Collection } from '../src/index.js'
import { suspendUntilReady } from './opening.js'
import { collectionIn, type InRepository, useScope } from './scope.js'

/**
 * One schema's items, to create, get, change and query in event handlers. The same object for the same schema and
 * repository; does not re-render. Suspends until the repository is open, so that whatever holds it may write.
 */
export function useCollection<S extends AnySchema>(schema: S, options?: InRepository): Collection<S> {
  const scope = useScope(options)
  const collection = collectionIn(scope, schema)
  suspendUntilReady(scope)
  return collection
}
