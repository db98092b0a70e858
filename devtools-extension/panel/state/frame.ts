/** Work that is asked for more often than it can be seen: done at most once a frame, for the newest that was asked. */

export interface PerFrame<T> {
  ask(value: T): void
  /** Forgets what was asked and not yet done. */
  cancel(): void
}

/** `view` is asked each time: a panel can move to another window, and a hidden window has no frames. */
export function oncePerFrame<T>(view: () => Window, work: (value: T) => void): PerFrame<T> {
  let asked: { value: T } | undefined
  let cancel: (() => void) | undefined
  const run = (): void => {
    const now = asked
    cancel = asked = undefined
    if (now) work(now.value)
  }
  return {
    ask(value) {
      asked = { value }
      if (cancel) return
      const window = view()
      const frame = window.requestAnimationFrame(run)
      cancel = () => window.cancelAnimationFrame(frame)
    },
    cancel() {
      cancel?.()
      cancel = asked = undefined
    },
  }
}
