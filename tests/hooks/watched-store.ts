/** A store around another one, which counts who listens and lets a test decide when a repository opens. */
import type { AnySchema } from '../../src/schema/schema.js'
import { Signal, type Unsubscribe } from '../../src/signal.js'
import type { View } from '../../src/query/query.js'
import type { Collection } from '../../src/store/collection-face.js'
import type { Store } from '../../src/store/face.js'

export interface WatchedStore {
  readonly store: Store
  /** Live subscriptions of any kind. */
  listeners(): number
  /** How often a repository was asked to open. */
  openings(path?: string): number
  /** From now on the repository is closed, until {@link open} or {@link fail}. */
  hold(path?: string): void
  open(path?: string): Promise<void>
  fail(error: unknown, path?: string): Promise<void>
  /** How often the store was closed. */
  closed(): number
}

interface Gate {
  held: boolean
  openings: number
  readonly signal: Signal
  waiting: { resolve(): void; reject(error: unknown): void }[]
}

export function watchStore(inner: Store): WatchedStore {
  let listeners = 0
  let closed = 0
  const gates = new Map<string, Gate>()
  const gateOf = (path = inner.repository): Gate => {
    let gate = gates.get(path)
    if (!gate) gates.set(path, (gate = { held: false, openings: 0, signal: new Signal(), waiting: [] }))
    return gate
  }
  const counted = (...stops: Unsubscribe[]): Unsubscribe => {
    let live = true
    listeners++
    return () => {
      if (live) listeners--
      live = false
      for (const stop of stops) stop()
    }
  }

  const views = new WeakMap<object, View<unknown>>()
  const watchView = <T>(view: View<T>): View<T> => {
    let watched = views.get(view)
    if (!watched) {
      watched = {
        query: view.query,
        get: view.get,
        ids: view.ids,
        get count() {
          return view.count
        },
        subscribe: (listener) => counted(view.subscribe(listener)),
        subscribeIds: (listener) => counted(view.subscribeIds(listener)),
      }
      views.set(view, watched)
    }
    return watched as View<T>
  }

  const collections = new WeakMap<object, Collection<AnySchema>>()
  const watchCollection = <S extends AnySchema>(collection: Collection<S>): Collection<S> => {
    let watched = collections.get(collection) as Collection<S> | undefined
    if (!watched) {
      const gate = gateOf(collection.path)
      watched = {
        ...collection,
        get: (id) => (gate.held ? undefined : collection.get(id)),
        statusOf: (id) => (gate.held ? 'loading' : collection.statusOf(id)),
        query: (query) => watchView(collection.query(query)),
        subscribe: (id, listener) => counted(collection.subscribe(id, listener), gate.signal.subscribe(listener)),
      }
      collections.set(collection, watched)
    }
    return watched
  }

  const own: Partial<Store> = {
    collection: (schema, options) => watchCollection(inner.collection(schema, options)),
    isReady: (path) => !gateOf(path).held && inner.isReady(path),
    ready: (path) => {
      const gate = gateOf(path)
      gate.openings++
      if (!gate.held) return inner.ready(path)
      return new Promise((resolve, reject) => gate.waiting.push({ resolve, reject }))
    },
    subscribeStatus: (listener, path) => counted(inner.subscribeStatus(listener, path)),
    close: () => {
      closed++
      return inner.close()
    },
  }
  const store = new Proxy(inner, {
    get(target, name) {
      const value: unknown = Reflect.get(own, name) ?? Reflect.get(target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })

  return {
    store,
    listeners: () => listeners,
    openings: (path) => gateOf(path).openings,
    closed: () => closed,
    hold: (path) => {
      gateOf(path).held = true
    },
    async open(path) {
      const gate = gateOf(path)
      await inner.ready(path)
      gate.held = false
      for (const { resolve } of gate.waiting.splice(0)) resolve()
      gate.signal.emit()
    },
    async fail(error, path) {
      for (const { reject } of gateOf(path).waiting.splice(0)) reject(error)
    },
  }
}
