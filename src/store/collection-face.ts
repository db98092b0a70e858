/** What an app holds of one schema's items: a collection, and what its writes answer. */
import type { QueryInput, View } from '../query/query.js'
import type { AnySchema, CreateInput, Draft, Patch, Snapshot } from '../schema/schema.js'
import type { Unsubscribe } from '../signal.js'

/** A patch, or a synchronous function that edits a draft or returns a patch. */
export type Edit<S extends AnySchema> = Patch<S> | ((draft: Draft<S>) => Patch<S> | void)

/** What a write answers; nobody has to look at it. */
export interface Write {
  /**
   * Resolves when the write is durable on this device (`local`), or accepted by the server (`server`; on a store without
   * a server the same as `local`). Rejects with the authority's code when it was refused.
   */
  wait(level: 'local' | 'server'): Promise<void>
}

/** Whether there is an item to show: `loading` while its repository opens. */
export type ItemStatus = 'ready' | 'missing' | 'deleted' | 'loading'

/** One schema's items in one repository. A stable handle: the same object for the same schema and path. */
export interface Collection<S extends AnySchema> {
  readonly schema: S
  readonly path: string
  /** The item's snapshot, or undefined where there is no such item; the same object until the item changes. */
  get(id: string): Snapshot<S> | undefined
  /** Like {@link get}, but throws `item-missing`. */
  require(id: string): Snapshot<S>
  /** Makes an item and returns its snapshot. Throws `invalid`, `item-exists`, `wrong-schema`, `malformed-id`. */
  create(data: CreateInput<S>, options?: { readonly id?: string }): Snapshot<S>
  /** Makes many items as one action: all of them or none. */
  createMany(data: readonly CreateInput<S>[]): Snapshot<S>[]
  /** Changes an item. Throws `item-missing`, `invalid`, `draft-async`; nothing is applied then. */
  update(id: string, edit: Edit<S>): Write
  /** Deletes an item; {@link restore} brings it back whole. Throws `item-missing`. */
  delete(id: string): Write
  /** Brings a deleted item back with everything it had. Throws `item-missing` where there never was one. */
  restore(id: string): Write
  /** A live view, shared with every equal query. Throws `invalid-query`. */
  query(query?: QueryInput<S>): View<Snapshot<S>>
  /** Calls `listener` after each change of the item's snapshot or status. */
  subscribe(id: string, listener: () => void): Unsubscribe
  statusOf(id: string): ItemStatus
}
