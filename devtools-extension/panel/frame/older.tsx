import { type ReactNode, useSyncExternalStore } from 'react'
import type { Open } from '../state/repository-session.js'
import { useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { countOf } from '../time/format-time.js'

/** As long as a long history is on its way: what there is can be used meanwhile. */
export function Older({ open: { history, data } }: { open: Open }): ReactNode {
  const isWhole = useSyncExternalStore(history.subscribe, () => history.closed || history.complete)
  const { commits, of } = useLive(data.progress(useSession().path))
  if (isWhole) return null
  return (
    <p className="bar older">
      <span role="status">Older commits are being read: until then moments begin with the newest.</span>
      <progress max={of} value={commits} aria-label="Commits read" />
      <span className="soft">
        {countOf(commits)} of {countOf(of)}
      </span>
    </p>
  )
}
