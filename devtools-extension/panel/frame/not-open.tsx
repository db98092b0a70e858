import type { ReactNode } from 'react'
import type { CopyProgress } from '../../../src/inspect/face.js'
import type { Live } from '../../../src/inspect/live.js'
import { useSession } from '../state/panel-context.js'
import type { Opening } from '../state/repository-session.js'
import { useLive } from '../state/use-live.js'
import { countOf } from '../time/format-time.js'
import { Asking, Lost } from './no-store.js'
import { Note } from './note.js'

/** In place of a view of the past, until the past is here. */
export function NotOpen({ opening }: { opening: Opening }): ReactNode {
  const session = useSession()
  const standing = useLive(session.store.standing)
  const repository = useLive(session.store.repositories).find(({ path }) => path === session.path)
  if (opening.state === 'failed')
    return (
      <Note kind="bad" title={`${session.path} could not be read.`}>
        {/* What happened in the page says more than that it could not give it. */}
        {repository?.error?.message ?? opening.message}
        <p>
          <button type="button" className="button" onClick={() => session.retry()}>
            Try again
          </button>
        </p>
      </Note>
    )
  if (standing.state === 'lost') return <Lost />
  if (standing.state === 'gone') return <Note title="The page has ended.">Open it again, or choose another store.</Note>
  if (opening.state === 'copying') return <Copying progress={opening.progress} />
  return <Asking />
}

function Copying({ progress }: { progress: Live<CopyProgress> }): ReactNode {
  const { commits, of } = useLive(progress)
  return (
    <Note busy title="Reading the history …">
      {of > 0 && (
        <>
          <progress max={of} value={commits} aria-label="Commits read" /> {countOf(commits)} of {countOf(of)} commits
        </>
      )}
    </Note>
  )
}
