/** Undoes a subscription; calling it again does nothing. */
export type Unsubscribe = () => void

/** A list of listeners that may change while it is being called. */
export class Signal<Args extends unknown[] = []> {
  private listeners: ((...args: Args) => void)[] = []

  get size(): number {
    return this.listeners.length
  }

  subscribe(listener: (...args: Args) => void): Unsubscribe {
    this.listeners = [...this.listeners, listener]
    let subscribed = true
    return () => {
      if (!subscribed) return
      subscribed = false
      const at = this.listeners.indexOf(listener)
      this.listeners = this.listeners.filter((_, index) => index !== at)
    }
  }

  /** Calls every listener that was subscribed when the call began. One that throws does not keep the others from being called. */
  emit(...args: Args): void {
    let failure: { error: unknown } | undefined
    for (const listener of this.listeners) {
      try {
        listener(...args)
      } catch (error) {
        failure ??= { error }
      }
    }
    if (failure) throw failure.error
  }
}
