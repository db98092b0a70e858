import { useLayoutEffect } from 'react'
import type { Moment, Past } from '../../../src/index.js'
import type { Open } from '../state/repository-session.js'

/** One for each history, which closes it: who comes back to a view, or to a panel that was hidden, finds it as it was. */
const pasts = new WeakMap<Open['history'], Past>()

/** The repository as it was at a moment, which moves. */
export function usePast({ history }: Open, moment: Moment): Past {
  const past = pastOf(history)
  // Before anything is painted: what is below reads it, and hears of what became different.
  useLayoutEffect(() => past.seek(moment), [past, moment])
  return past
}

function pastOf(history: Open['history']): Past {
  let past = pasts.get(history)
  if (!past) pasts.set(history, (past = history.checkout(history.now())))
  return past
}
