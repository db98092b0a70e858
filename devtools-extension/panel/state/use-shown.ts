/** The moment that all views show, with where it stands. */
import { useMemo } from 'react'
import type { Moment, Place, TimelineEntry } from '../../../src/index.js'
import { useSession } from './panel-context.js'
import type { Open } from './repository-session.js'
import { useLive } from './use-live.js'

export interface Shown {
  readonly moment: Moment
  /** It is the present, and goes on. */
  readonly live: boolean
  readonly place: Place
}

/** `readable`: not while moments pass by faster than one reads. */
export function useShown({ history, version }: Open, how?: 'readable'): Shown {
  const session = useSession()
  const chosen = useLive(how === 'readable' ? session.readable : session.shown)
  const now = useLive(version)
  return useMemo(() => {
    const moment = chosen ?? history.now()
    return { moment, live: chosen === null, place: history.place(moment) }
    // What is meant by "now", and how many actions came late, is another thing after each change.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [chosen, history, now])
}

/** What was done last at the shown moment: the action, or what was chosen in a list. */
export function useShownEntry(open: Open, { live, place }: Shown): TimelineEntry | undefined {
  const picked = useLive(useSession().picked)
  const now = useLive(open.version)
  return useMemo(() => {
    return entryAt(open, picked, live ? null : place)
    // An entry is another object once it says something else.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [picked, live, place, open, now])
}

/** What was chosen, or else what was done last: at a place in history, or by now (null). */
export function entryAt(open: Open, picked: TimelineEntry | null, place: Place | null): TimelineEntry | undefined {
  const { history, actions } = open
  if (picked) return current(open, picked)
  if (!place) return actions.slice(actions.count - 1, actions.count)[0]
  return place.action === undefined ? undefined : history.entry(place.action)
}

/** A chosen action as it is now: it may have come into a commit since, and have been judged. */
function current({ history }: Open, picked: TimelineEntry): TimelineEntry {
  if (picked.kind !== 'action') return picked
  try {
    return history.entry(picked.id)
  } catch {
    return picked
  }
}
