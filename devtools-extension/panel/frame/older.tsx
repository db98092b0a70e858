import { type ReactNode, useState, useSyncExternalStore } from 'react'
import type { Open } from '../state/repository-session.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { countNoun, countOf, momentOf } from '../time/format-time.js'

/**
 * Where the panel began from a keyframe, and so has not all of the past yet. What the page has comes by itself; what it has
 * not got either is fetched when one wants. What there is can be used meanwhile.
 */
export function Older({ open: { history, data } }: { open: Open }): ReactNode {
  const panel = usePanel()
  const { path, store } = useSession()
  const { commits, of } = useLive(data.progress(path))
  const { state } = useLive(store.standing)
  const inPage = useLive(store.repositories).find((each) => each.path === path)?.whole === true
  const isHere = useSyncExternalStore(history.subscribe, () => history.closed || history.complete)
  const { history: past } = useSyncExternalStore(
    (listener) => data.subscribeStatus(listener, path),
    () => data.status(path),
  )
  const [fetching, setFetching] = useState(false)
  // A recording has all that it ever will.
  if (isHere || state === 'recorded') return null
  if (fetching || past.state === 'verifying' || (inPage && past.state === 'partial')) {
    // The page counts what it has, and where it has not all either, the seal what there is.
    return <Coming commits={commits} of={Math.max(of, past.total)} />
  }
  const fetch = async (): Promise<void> => {
    setFetching(true)
    await panel.act(() => history.load(), 'All of the history is here.')
    setFetching(false)
  }
  const { time } = history.place(history.begin)
  return (
    <p className="bar older">
      <span className="clip" role="status">
        {inPage ? 'Not all older commits could be read: ' : 'This page does not have older commits yet: '}
        {time > 0 ? `moments begin at ${momentOf(time)}.` : 'moments begin with its keyframe.'}
      </span>
      <button type="button" className="button" onClick={() => void fetch()}>
        {inPage ? 'Try again' : 'Fetch'}
      </button>
    </p>
  )
}

function Coming({ commits, of }: { commits: number; of: number }): ReactNode {
  return (
    <p className="bar older">
      <span className="clip" role="status">
        Older commits are coming. Once all are here, earlier moments can be shown.
      </span>
      <progress max={of} value={commits} aria-label="Commits read" />
      <span className="soft">
        {countOf(commits)} of {countNoun(of, 'commit')}
      </span>
    </p>
  )
}
