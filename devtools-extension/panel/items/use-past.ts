import { useEffect, useLayoutEffect, useState } from 'react'
import type { Moment, Past } from '../../../src/index.js'
import type { Open } from '../state/repository-session.js'

/** The repository as it was at a moment, which moves; undefined at the very first. Let go when the view is. */
export function usePast({ history }: Open, moment: Moment): Past | undefined {
  const [past, setPast] = useState<Past>()
  useEffect(() => {
    const made = history.checkout(history.now())
    setPast(made)
    return () => {
      setPast(undefined)
      made.close()
    }
  }, [history])
  // Before anything is painted: what is below reads it, and hears of what became different.
  useLayoutEffect(() => past?.seek(moment), [past, moment])
  return past
}
