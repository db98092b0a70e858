/**
 * Which views can care about a change. A view whose condition demands that a field equals some value, or has some element,
 * waits at that value; a change is shown to the views that wait at its values before and after, and to those that demand
 * nothing of the kind. The index also knows the rows of each value, as soon as a second view makes it worth it.
 */
import type { AnySnapshot } from '../schema/schema.js'
import { scalar } from './match.js'
import type { Condition } from './query.js'

/** What waits. */
export interface Routed {
  readonly query: { readonly where: Condition }
}

/** Every row that matches has `key` as the value of `field`, or among its elements or keys. */
type Route = readonly [field: string, key: unknown]

interface FieldIndex<V> {
  /** Who waits at which key. */
  readonly views: Map<unknown, Set<V>>
  /** How many routes lead here; with none, the index is dropped. */
  routes: number
  /** Ids of the rows by key; undefined as long as it is not worth it. */
  ids?: Map<unknown, Set<string>>
}

/** The routes of one collection's views. */
export interface Routes<V> {
  add(view: V): void
  delete(view: V): void
  /** Forgets which rows there are: they are others now. */
  renew(): void
  /** Ids among which all rows are that can match; undefined: look at all rows. */
  candidates(view: V): Iterable<string> | undefined
  /** Brings the index up to date with one change, and calls `visit` once for each view that may care. */
  change(id: string, before: AnySnapshot | undefined, after: AnySnapshot | undefined, visit: (view: V) => void): void
}

/** `rows` gives all rows of the collection as they are now. */
export function createRoutes<V extends Routed>(rows: () => Iterable<AnySnapshot>): Routes<V> {
  const fields = new Map<string, FieldIndex<V>>()
  const routes = new Map<V, readonly Route[]>()
  const unrouted = new Set<V>()

  /** Routes of which every matching row has one; undefined where no particular value is demanded. */
  const choose = (where: Condition): readonly Route[] | undefined => {
    switch (where.op) {
      case 'and': {
        const all = where.of.map(choose).filter((each) => each !== undefined)
        return all.sort((a, b) => crowd(a) - crowd(b))[0]
      }
      case 'or': {
        const all = where.of.map(choose)
        return all.includes(undefined) ? undefined : (all as Route[][]).flat()
      }
      case 'eq':
      case 'has':
      case 'in': {
        const keys = where.op === 'in' ? (where.value as readonly unknown[]) : [where.value]
        return keys.some((key) => typeof key === 'object') ? undefined : keys.map((key) => [where.field, key])
      }
      default:
        return undefined
    }
  }

  /** How often others will be met on the way: few views at a key are good, keys that half of the rows have are bad. */
  const crowd = (all: readonly Route[]): number => {
    let sum = all.length
    for (const [field, key] of all) {
      sum += typeof key === 'boolean' ? 1000 : (fields.get(field)?.views.get(key)?.size ?? 0)
    }
    return sum
  }

  const fill = (field: string): Map<unknown, Set<string>> => {
    const ids = new Map<unknown, Set<string>>()
    for (const row of rows()) for (const key of keysOf(row[field])) addTo(ids, key, row.$id)
    return ids
  }

  return {
    add(view) {
      const chosen = choose(view.query.where)
      if (chosen) routes.set(view, chosen)
      else unrouted.add(view)
      for (const [field, key] of chosen ?? []) {
        let index = fields.get(field)
        if (!index) fields.set(field, (index = { views: new Map(), routes: 0 }))
        index.routes++
        addTo(index.views, key, view)
      }
    },

    delete(view) {
      for (const [field, key] of routes.get(view) ?? []) {
        const index = fields.get(field)!
        deleteFrom(index.views, key, view)
        if (!--index.routes) fields.delete(field)
      }
      routes.delete(view)
      unrouted.delete(view)
    },

    renew() {
      for (const index of fields.values()) delete index.ids
    },

    candidates(view) {
      const chosen = routes.get(view)
      const found = new Set<string>()
      for (const [field, key] of chosen ?? []) {
        const index = fields.get(field)!
        // Where half of the rows have the key, or nobody else asks, looking at all rows is as fast.
        if (typeof key === 'boolean' || (!index.ids && index.routes <= chosen!.length)) return undefined
        for (const id of (index.ids ??= fill(field)).get(key) ?? []) found.add(id)
      }
      return chosen && found
    },

    change(id, before, after, visit) {
      const concerned = new Set<V>()
      for (const [field, { views, ids }] of fields) {
        const old = before?.[field]
        const now = after?.[field]
        const show = (value: unknown, update: typeof addTo): void => {
          for (const key of keysOf(value)) {
            if (ids && old !== now) update(ids, key, id)
            for (const view of views.get(key) ?? []) concerned.add(view)
          }
        }
        if (old !== now) show(old, deleteFrom)
        show(now, addTo)
      }
      concerned.forEach(visit)
      unrouted.forEach(visit)
    },
  }
}

/** The keys by which a value can be asked for: itself, or its elements, or its keys. */
function keysOf(value: unknown): readonly unknown[] {
  const found = scalar(value)
  if (Array.isArray(found)) return found.map(scalar)
  return found === undefined ? [] : typeof found === 'object' ? Object.keys(found ?? []) : [found]
}

function addTo<K, E>(sets: Map<K, Set<E>>, key: K, element: E): void {
  const set = sets.get(key)
  if (set) set.add(element)
  else sets.set(key, new Set([element]))
}

function deleteFrom<K, E>(sets: Map<K, Set<E>>, key: K, element: E): void {
  const set = sets.get(key)
  if (set?.delete(element) && !set.size) sets.delete(key)
}
