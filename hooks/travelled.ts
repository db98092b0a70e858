'use client'
import type { Past, Store } from '../src/index.js'

/** What a store shows of one repository's past. */
interface Travelled {
  /** The store that is as it is now. */
  readonly live: Store
  readonly path: string
  readonly past: Past
  /** The store in which the rest is seen. */
  readonly around: Store
  /** Devtools show it in place of the present: it is what "now" means to whatever is below. */
  readonly driven: boolean
}

const travels = new WeakMap<Store, Travelled>()

/** `around`, but the repository of `path` is as `past` shows it. `driven`: see {@link Travelled.driven}. */
export function storeOfPast(around: Store, path: string, past: Past, driven: boolean = false): Store {
  const store = past.within(around)
  travels.set(store, { live: liveStoreOf(around), path, past, around, driven })
  return store
}

/** `store`, but the repository of `path` is as it is now. */
export function storeOfNow(store: Store, path: string): Store {
  const travelled = travels.get(store)
  if (!travelled || travelled.driven) return store
  const around = storeOfNow(travelled.around, path)
  if (travelled.path === path) return around
  return around === travelled.around ? store : storeOfPast(around, travelled.path, travelled.past)
}

/** The store behind one that shows the past of some repositories. */
export function liveStoreOf(store: Store): Store {
  return travels.get(store)?.live ?? store
}

/** The past that a store shows of a repository; undefined where it is shown as it is now. */
export function pastIn(store: Store, path: string): Past | undefined {
  for (let at = travels.get(store); at; at = travels.get(at.around)) if (at.path === path) return at.past
  return undefined
}
