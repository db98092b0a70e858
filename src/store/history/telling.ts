/** Tells listeners when an answer about history has become another. */
import type { HistoryKeeper } from '../../repository/history-keeper.js'
import { Signal, type Unsubscribe } from '../../signal.js'

/**
 * A `subscribe` of what `answer` says, in parts that are compared one by one; it is asked whenever the history has changed.
 * The history is listened to only while somebody listens here; `unheard` is called when nobody does any more.
 */
export function tellOf(
  keeper: HistoryKeeper,
  answer: () => readonly unknown[],
  unheard: () => void = () => {},
): (listener: () => void) => Unsubscribe {
  const signal = new Signal()
  let stop: Unsubscribe | undefined
  return (listener) => {
    stop ??= keeper.onChange.subscribe(() => signal.emit())
    let told = answer()
    const end = signal.subscribe(() => {
      if (keeper.hasEnded) return listener()
      const now = answer()
      if (now.every((part, i) => part === told[i])) return
      told = now
      listener()
    })
    return () => {
      end()
      if (signal.size > 0) return
      stop?.()
      stop = undefined
      unheard()
    }
  }
}
