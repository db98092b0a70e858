/** State of the window that is neither data nor in the address: what is open, what is selected. */
import { useSyncExternalStore } from 'react'

export interface Cell<T> {
  get(): T
  set(next: T): void
  subscribe(listener: () => void): () => void
}

export function createCell<T>(initial: T): Cell<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The cell's value, or what `select` takes of it; it must answer the same for the same value. */
export function useCell<T>(cell: Cell<T>): T
export function useCell<T, R>(cell: Cell<T>, select: (value: T) => R): R
export function useCell<T, R>(cell: Cell<T>, select?: (value: T) => R): T | R {
  const read = (): T | R => (select ? select(cell.get()) : cell.get())
  return useSyncExternalStore(cell.subscribe, read)
}
