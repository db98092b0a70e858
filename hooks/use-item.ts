'use client'
import { useMemo } from 'react'
import { useSyncExternalStoreWithSelector } from 'use-sync-external-store/with-selector'
import {
  type AnySchema,
  type Collection,
  IbexError,
  type ItemStatus,
  type Moment,
  type Snapshot,
} from '../src/index.js'
import type { ItemHandle, SetItem } from './item-handle.js'
import { itemAt, suspendUntilPast } from './item-at.js'
import { suspendUntilReady } from './opening.js'
import { collectionIn, type InRepository, useScope } from './scope.js'
import { shallowEqual, whole } from './selection.js'

export interface ItemOptions<S extends AnySchema, T> extends InRepository {
  /**
   * Takes what is needed out of the snapshot: the component re-renders only when the result is another, by `Object.is`, then
   * shallowly. Runs only on an existing item.
   */
  readonly select?: ((item: Snapshot<S>) => T) | undefined
  /** The item as it was at a moment, which cannot be set; null: as it is shown anyway. */
  readonly at?: Moment | null | undefined
  /** False: while the repository opens answer with status `loading` instead of suspending. */
  readonly suspense?: boolean | undefined
}

/**
 * An item, or what `select` takes of it; a stable function that changes it; and how it stands. The first is undefined where
 * there is no such item; `status` says why. With `id` null there is none.
 *
 * Snapshots are deeply frozen: an assignment to one throws a TypeError. Change an item by `set`, with a patch or with a
 * function that edits a draft.
 */
export function useItem<S extends AnySchema, T = Snapshot<S>>(
  schema: S,
  id: string | null,
  options?: ItemOptions<S, T>,
): [value: T | undefined, set: SetItem<S>, status: ItemStatus]
/**
 * The same of a collection that {@link useCollection} gave: a row of a long list that is handed it need not look for the
 * provider, and so costs React nothing while another row changes. Does not suspend: whoever holds the collection has waited.
 */
export function useItem<S extends AnySchema, T = Snapshot<S>>(
  collection: Collection<S>,
  id: string | null,
  options?: Pick<ItemOptions<S, T>, 'select'>,
): [value: T | undefined, set: SetItem<S>, status: ItemStatus]
export function useItem<S extends AnySchema, T>(
  of: S | Collection<S>,
  id: string | null,
  options: ItemOptions<S, T> = {},
): [value: T | undefined, set: SetItem<S>, status: ItemStatus] {
  // A component gives always the one or always the other, so that the order of the hooks stays.
  // oxlint-disable-next-line react/rules-of-hooks
  const item = 'path' in of ? useGivenItem(of, id) : useFoundItem(of, id, options)
  const { select } = options
  const shown = useSyncExternalStoreWithSelector<unknown, unknown>(
    item.subscribe,
    item.read,
    item.read,
    // In an array, so that a string that was selected is no status.
    select ? (now) => (typeof now === 'string' ? now : [select(now as Snapshot<S>)]) : whole,
    select ? sameSelected : undefined,
  )
  if (typeof shown === 'string') return [undefined, item.set, shown as ItemStatus]
  return [(select ? (shown as [T])[0] : shown) as T, item.set, 'ready']
}

function useGivenItem<S extends AnySchema>(collection: Collection<S>, id: string | null): ItemHandle<S> {
  return useMemo(() => itemOf(collection, id), [collection, id])
}

function useFoundItem<S extends AnySchema, T>(schema: S, id: string | null, options: ItemOptions<S, T>): ItemHandle<S> {
  const scope = useScope(options)
  const { store } = scope
  const collection = collectionIn(scope, schema)
  const at = id === null ? null : options.at
  if (id !== null && options.suspense !== false) (at ? suspendUntilPast : suspendUntilReady)(scope)
  return useMemo(() => (at ? itemAt(store, collection, id!, at) : itemOf(collection, id)), [collection, id, at, store])
}

function sameSelected(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) && shallowEqual(a[0], b[0])
}

function itemOf<S extends AnySchema>(collection: Collection<S>, id: string | null): ItemHandle<S> {
  if (id !== null) {
    return {
      subscribe: (listener) => collection.subscribe(id, listener),
      read: () => collection.get(id) ?? collection.statusOf(id),
      set: (edit) => collection.update(id, edit),
    }
  }
  return {
    subscribe: () => () => {},
    read: () => 'missing',
    set: () => {
      throw new IbexError('item-missing', `useItem was given no id, so there is no ${collection.schema.name} to set.`)
    },
  }
}
