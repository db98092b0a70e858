import { useEffect, useLayoutEffect, useMemo } from 'react'
import type { Moment, Past } from '../../../src/index.js'
import type { Open } from '../state/repository-session.js'

/** The repository as it was at a moment, which moves. */
export function usePast({ history }: Open, moment: Moment): Past {
  const past = useMemo(() => new KeptPast(() => history.checkout(history.now())), [history])
  useEffect(() => past.join(), [past])
  const { current } = past
  // Before anything is painted: what is below reads it, and hears of what became different.
  useLayoutEffect(() => current.seek(moment), [current, moment])
  return current
}

/** A past that is let go of once nobody uses it any more; React in its strict mode leaves it, and comes back at once. */
class KeptPast {
  private readonly open: () => Past
  private made: Past | undefined
  private users = 0

  constructor(open: () => Past) {
    this.open = open
  }

  get current(): Past {
    return (this.made ??= this.open())
  }

  join(): () => void {
    this.users++
    return () => {
      this.users--
      queueMicrotask(() => {
        if (this.users > 0) return
        this.made?.close()
        this.made = undefined
      })
    }
  }
}
