/** A value that follows another one: at once as long as that changes seldom, and else no more often than it can be read. */
import { createCell, type Live } from '../../../src/inspect/live.js'

export interface Unhurried<T> extends Live<T> {
  /** It is the same now. */
  hurry(): void
}

/**
 * `ms`: the least time between two changes, except for the hurried. While the other changes, this does so together with it,
 * so that both are drawn in one frame; once that rests, this has caught up before as long again. Listens, and has a timer,
 * only while somebody listens.
 */
export function unhurried<T>(of: Live<T>, ms: number): Unhurried<T> {
  let followed = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  let stop: (() => void) | undefined

  const follow = (): void => {
    clearTimeout(timer)
    followed = performance.now()
    cell.set(of.get())
  }
  const changed = (): void => {
    clearTimeout(timer)
    if (performance.now() - followed >= ms) follow()
    else timer = setTimeout(follow, ms)
  }
  const cell = createCell(of.get(), (listened) => {
    if (listened) {
      stop = of.subscribe(changed)
      follow()
    } else {
      stop?.()
      stop = undefined
      clearTimeout(timer)
    }
  })
  return {
    // As long as nobody listens it hears nothing.
    get: () => (stop ? cell.get() : of.get()),
    subscribe: cell.subscribe,
    hurry: () => stop && follow(),
  }
}
