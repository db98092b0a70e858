'use client'
/** The histories that components look at: opened when the first of them comes, closed some seconds after the last has gone. */
import type { History, Store } from '../src/index.js'
import { suspend } from './opening.js'
import type { Scope } from './scope.js'
import { liveStoreOf } from './travelled.js'
import { Holders } from './holders.js'

/** Whether the history is there: `unavailable` where it could not be opened; it is tried again with another connection. */
export type HistoryStatus = 'ready' | 'loading' | 'unavailable'

type Unsubscribe = () => void

/** Something of a history that is shown, and is no string. */
export interface Source<T> {
  readonly get: () => T
  readonly subscribe: (listener: () => void) => Unsubscribe
}

const all = new WeakMap<Store, Map<string, HeldHistory>>()

/** The history of the scope's repository as it is now, also where the scope shows its past. */
export function heldHistory({ store, path }: Scope): HeldHistory {
  const live = liveStoreOf(store)
  let byPath = all.get(live)
  if (!byPath) all.set(live, (byPath = new Map()))
  let held = byPath.get(path)
  if (!held) byPath.set(path, (held = new HeldHistory(live, path)))
  return held
}

/** Identity: one for each store and repository. */
export class HeldHistory {
  private readonly store: Store
  private readonly path: string
  private opened: History | undefined
  private opening: Promise<void> | undefined
  private readonly holders = new Holders(() => this.letGo())
  /** Who waits until opening has succeeded or failed. */
  private readonly waiting = new Set<() => void>()
  /** How the repository was connected when its history could not be opened. */
  private failedAs: string | undefined

  constructor(store: Store, path: string) {
    this.store = store
    this.path = path
  }

  /** Undefined while nobody uses it, until it has come, and after the store began anew. */
  get history(): History | undefined {
    if (this.opened?.closed) this.letGo()
    return this.opened
  }

  get status(): HistoryStatus {
    return this.history ? 'ready' : this.failedAs === undefined ? 'loading' : 'unavailable'
  }

  /** The history; until it is open, suspends the component that is being rendered. Throws why it could not be opened. */
  require(): History {
    const { history } = this
    if (!history) return suspend(this, '', () => this.open())
    this.holders.expect()
    return history
  }

  /** Keeps it open, once it is, until what is returned is called. */
  join(): Unsubscribe {
    return this.holders.join()
  }

  /** What `make` makes of the history, for `useSyncExternalStore`; while there is none, its status. */
  view<T>(make: (history: History) => Source<T>): Source<T | HistoryStatus> {
    let madeOf: History | undefined
    let made: Source<T> | undefined
    const source = (): Source<T> | undefined => {
      const { history } = this
      if (history !== madeOf) {
        madeOf = history
        made = history && make(history)
      }
      return made
    }
    return {
      get: () => source()?.get() ?? (this.history ? (undefined as T) : this.status),
      subscribe: (listener) => both(this.join(), this.follow(source, listener)),
    }
  }

  /** Subscribes to what there is, or to what comes; and to the next when that has ended. */
  private follow(source: () => Source<unknown> | undefined, listener: () => void): Unsubscribe {
    let stop: Unsubscribe
    const start = (): void => {
      const current = source()
      if (!current) {
        stop = this.wait(() => {
          if (source()) {
            stop()
            start()
          }
          listener()
        })
        return
      }
      stop = current.subscribe(() => {
        if (source() !== current) {
          stop()
          start()
        }
        listener()
      })
    }
    start()
    return () => stop()
  }

  /** Opens it, and calls `listener` whenever that has succeeded or failed; after a failure tries again with another connection. */
  private wait(listener: () => void): Unsubscribe {
    const tryOpen = (): void => {
      if (this.failedAs !== this.store.status(this.path).connection) this.open().catch(() => {})
    }
    this.waiting.add(listener)
    const stop = this.store.subscribeStatus(tryOpen, this.path)
    tryOpen()
    return () => {
      this.waiting.delete(listener)
      stop()
    }
  }

  private open(): Promise<void> {
    return (this.opening ??= this.store
      .history({ in: this.path })
      .then(
        (history) => {
          this.opened = history
          this.failedAs = undefined
          this.holders.expect()
        },
        (error: unknown) => {
          this.failedAs = this.store.status(this.path).connection
          throw error
        },
      )
      .finally(() => {
        this.opening = undefined
        for (const listener of this.waiting) listener()
      }))
  }

  private letGo(): void {
    this.opened?.close()
    this.opened = undefined
  }
}

export function both(one: Unsubscribe, other: Unsubscribe): Unsubscribe {
  return () => {
    one()
    other()
  }
}
