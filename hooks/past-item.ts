'use client'
import type { AnySchema, ItemStatus, Moment, Snapshot } from '../src/index.js'
import { heldHistory } from './held-history.js'
import type { ItemHandle } from './item-handle.js'
import type { Scope } from './scope.js'

/** Suspends until the history of the scope's repository is open. */
export function suspendUntilOpen(scope: Scope): void {
  heldHistory(scope).require()
}

/** An item at a moment. What it shows can still become another: a commit may turn out to be void. */
export function pastItem<S extends AnySchema>(
  scope: Scope,
  schema: S,
  id: string,
  at: Moment,
): Omit<ItemHandle<S>, 'set'> {
  const view = heldHistory(scope).view<Snapshot<S> | ItemStatus>((history) => ({
    get: () => history.get(schema, id, at) ?? (history.blame(schema, id, { at }).$exists ? 'deleted' : 'missing'),
    subscribe: (listener) => history.subscribe(listener),
  }))
  return {
    subscribe: view.subscribe,
    read() {
      const shown = view.get()
      return shown === 'unavailable' ? 'loading' : shown
    },
  }
}
