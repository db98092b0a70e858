'use client'
import type { AnySchema, Edit, ItemStatus, Snapshot, Write } from '../src/index.js'

/** Changes the item. Throws `item-missing`, `invalid`, `draft-async`, `event-as-data`; nothing is applied then. */
export type SetItem<S extends AnySchema> = (edit: Edit<S>) => Write

/** What `useItem` looks at and hands out. */
export interface ItemHandle<S extends AnySchema> {
  readonly subscribe: (listener: () => void) => () => void
  /** The snapshot, or why there is none. */
  readonly read: () => Snapshot<S> | ItemStatus
  readonly set: SetItem<S>
}
