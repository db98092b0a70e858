import { type ReactNode, useState, useSyncExternalStore } from 'react'
import type { Open } from '../state/repository-session.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { countNoun, momentOf } from '../time/format-time.js'

/** Where the page began from a keyframe, and so has not all of the past: what there is can be used, and the rest be fetched. */
export function Older({ open: { history, data } }: { open: Open }): ReactNode {
  const panel = usePanel()
  const { path, store } = useSession()
  const { commits } = useLive(data.progress(path))
  const { state } = useLive(store.standing)
  const isWhole = useSyncExternalStore(history.subscribe, () => history.closed || history.complete)
  const [fetching, setFetching] = useState(false)
  // A recording has all that it ever will.
  if (isWhole || state === 'recorded') return null
  const fetch = async (): Promise<void> => {
    setFetching(true)
    await panel.act(() => history.load(), 'All of the history is here.')
    setFetching(false)
  }
  const { time } = history.place(history.begin)
  return (
    <p className="bar older">
      <span className="clip" role="status">
        {fetching ? 'Fetching older commits …' : 'This page does not have older commits yet: '}
        {!fetching && (time > 0 ? `moments begin at ${momentOf(time)}.` : 'moments begin with its keyframe.')}
      </span>
      {fetching && <span className="soft">{countNoun(commits, 'commit')} here</span>}
      {!fetching && (
        <button type="button" className="button" onClick={() => void fetch()}>
          Fetch
        </button>
      )}
    </p>
  )
}
