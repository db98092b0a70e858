/** A value that changes, as a panel's views read it: `useSyncExternalStore(live.subscribe, live.get)`. */
import { Signal, type Unsubscribe } from '../signal.js'

/** Both functions are bound. What `get` answers keeps identity until it changes. */
export interface Live<T> {
  readonly get: () => T
  /** Calls `listener` after each change. */
  readonly subscribe: (listener: () => void) => Unsubscribe
}

/** One that is written here. */
export interface Cell<T> extends Live<T> {
  /** Telling nobody of what is the same. */
  set(value: T): void
}

/** `watched`: somebody listens for the first time, or nobody does any more. */
export function createCell<T>(value: T, watched: (listened: boolean) => void = () => {}): Cell<T> {
  const signal = new Signal()
  return {
    get: () => value,
    subscribe(listener) {
      const stop = signal.subscribe(listener)
      if (signal.size === 1) watched(true)
      let listening = true
      return () => {
        if (!listening) return
        listening = false
        stop()
        if (signal.size === 0) watched(false)
      }
    },
    set(next) {
      if (Object.is(next, value)) return
      value = next
      signal.emit()
    },
  }
}

/** The first value that is wanted, from now on. */
export function firstOf<T>({ get, subscribe }: Live<T>, wanted: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const stops: Unsubscribe[] = []
    const look = (): void => {
      const value = get()
      if (!wanted(value)) return
      for (const stop of stops.splice(0)) stop()
      resolve(value)
    }
    stops.push(subscribe(look))
    // What is watched may be there as soon as somebody listens.
    look()
  })
}
