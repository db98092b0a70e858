'use client'
/** Items of the past, whose code comes when the first is asked for: most apps never do. */
import { type AnySchema, type Collection, IbexError, type Moment, type Store } from '../src/index.js'
import type { ItemHandle } from './item-handle.js'
import { suspend } from './opening.js'
import type { Scope } from './scope.js'

let past: typeof import('./past-item.js') | undefined

async function load(): Promise<void> {
  past = await import('./past-item.js')
}

/** Suspends until items of the past can be read. */
export function suspendUntilPast(scope: Scope): void {
  if (past) past.suspendUntilOpen(scope)
  else suspend(load, '', load)
}

/** An item at a moment. */
export function itemAt<S extends AnySchema>(
  store: Store,
  { schema, path }: Collection<S>,
  id: string,
  at: Moment,
): ItemHandle<S> {
  let item: Omit<ItemHandle<S>, 'set'> | undefined
  const arrived = (): typeof item => past && (item ??= past.pastItem({ store, path }, schema, id, at))
  return {
    read: () => arrived()?.read() ?? 'loading',
    subscribe(listener) {
      let stop: (() => void) | undefined
      let gone = false
      // What could not be loaded is loading for as long as somebody waits for it.
      load().then(
        () => {
          if (gone) return
          stop = arrived()!.subscribe(listener)
          listener()
        },
        () => {},
      )
      return () => {
        gone = true
        stop?.()
      }
    },
    set() {
      throw new IbexError('past-is-read-only', 'This item is shown as it was: set it where it is shown as it is.')
    },
  }
}
