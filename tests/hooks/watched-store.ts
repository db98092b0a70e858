/** A store around another one, which counts who listens and lets a test decide when a repository opens. */
import type { AnySchema } from '../../src/schema/schema.js'
import { Signal, type Unsubscribe } from '../../src/signal.js'
import type { View } from '../../src/query/query.js'
import type { Collection } from '../../src/store/collection-face.js'
import type { Connection, Store } from '../../src/store/face.js'
import type { History, Past } from '../../src/store/history/face.js'
import { storeWithin } from '../../src/store/history/past-store.js'

export interface WatchedStore {
  readonly store: Store
  /** The store that is watched. */
  readonly inner: Store
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
  /** From now on the status says so. */
  setConnection(connection: Connection): void
  /** From now on histories do not open, until {@link openHistory} or {@link failHistory}. */
  holdHistory(): void
  openHistory(): Promise<void>
  failHistory(error: unknown): Promise<void>
  /** How often a history was asked for, and how many histories, pasts and films are not closed. */
  readonly history: {
    readonly asked: number
    readonly open: number
    readonly pasts: number
    readonly films: number
  }
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

  let connection: Connection | undefined
  const connected = new Signal()
  const history = { asked: 0, open: 0, pasts: 0, films: 0 }
  let historyGate: { promise: Promise<void>; resolve(): void; reject(error: unknown): void } | undefined

  const watchPast = (past: Past, path: string): Past => {
    history.pasts++
    const watched: Past = overlay(past, {
      subscribe: (listener: () => void) => counted(past.subscribe(listener)),
      collection: (schema: AnySchema) => watchCollection(past.collection(schema)),
      within: (store: Store) => storeWithin(store, path, watched),
      close() {
        history.pasts--
        past.close()
      },
    })
    return watched
  }
  const watchHistory = (opened: History): History => {
    history.open++
    return overlay(opened, {
      subscribe: (listener: () => void) => counted(opened.subscribe(listener)),
      timeline(filter: never) {
        const timeline = opened.timeline(filter)
        return {
          ...timeline,
          get count() {
            return timeline.count
          },
          subscribe: (listener: () => void) => counted(timeline.subscribe(listener)),
        }
      },
      undoStack(options: never) {
        const stack = opened.undoStack(options)
        return { ...stack, subscribe: (listener: () => void) => counted(stack.subscribe(listener)) }
      },
      playback(options: never) {
        history.films++
        const playback = opened.playback(options)
        return overlay(playback, {
          subscribe: (listener: () => void) => counted(playback.subscribe(listener)),
          close() {
            history.films--
            playback.close()
          },
        })
      },
      checkout: (moment: never) => watchPast(opened.checkout(moment), opened.path),
      close() {
        history.open--
        opened.close()
      },
    })
  }

  const own: Partial<Store> = {
    async history(options) {
      history.asked++
      await historyGate?.promise
      return watchHistory(await inner.history(options))
    },
    collection: (schema, options) => watchCollection(inner.collection(schema, options)),
    isReady: (path) => !gateOf(path).held && inner.isReady(path),
    ready: (path) => {
      const gate = gateOf(path)
      gate.openings++
      if (!gate.held) return inner.ready(path)
      return new Promise((resolve, reject) => gate.waiting.push({ resolve, reject }))
    },
    status: (path) => (connection === undefined ? inner.status(path) : { ...inner.status(path), connection }),
    subscribeStatus: (listener, path) => counted(inner.subscribeStatus(listener, path), connected.subscribe(listener)),
    close: () => {
      closed++
      return inner.close()
    },
  }
  const store = overlay(inner, own)

  return {
    store,
    inner,
    listeners: () => listeners,
    openings: (path) => gateOf(path).openings,
    closed: () => closed,
    setConnection(now) {
      connection = now
      connected.emit()
    },
    history,
    holdHistory() {
      let resolve = (): void => {}
      let reject = (_error: unknown): void => {}
      const promise = new Promise<void>((yes, no) => {
        resolve = yes
        reject = no
      })
      historyGate = { promise, resolve, reject }
    },
    async openHistory() {
      historyGate?.resolve()
      historyGate = undefined
    },
    async failHistory(error) {
      historyGate?.reject(error)
      historyGate = undefined
    },
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

/** `inner`, with some of its members replaced. */
function overlay<T extends object>(inner: T, own: object): T {
  return new Proxy(inner, {
    get(target, name) {
      const value: unknown = Reflect.get(own, name) ?? Reflect.get(target, name)
      return typeof value === 'function' && !(name in own) ? (value.bind(target) as unknown) : value
    },
  })
}
