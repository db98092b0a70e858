import type { ReactNode } from 'react'
import type { InspectedStore } from '../../../src/inspect/face.js'
import { useLive } from '../state/use-live.js'
import { OpenRecording } from '../storage/open-recording.js'
import { Note } from './note.js'

/** What is said before there is a repository to look at. */
export function NoStore({ store }: { store: InspectedStore | undefined }): ReactNode {
  return store ? <Waiting store={store} /> : <None />
}

function None(): ReactNode {
  return (
    <Note title="No Ibex store was found in this page.">
      In development every store shows itself. A production build does so only if the app opts in:{' '}
      <code className="mono">
        createStore({'{'} …, devtools: inspectable() {'}'})
      </code>
      . Reload the page after changing it.
      <p>
        <OpenRecording />
      </p>
    </Note>
  )
}

function Waiting({ store }: { store: InspectedStore }): ReactNode {
  const standing = useLive(store.standing)
  if (standing.state === 'refused')
    return (
      <Note kind="bad" title="This panel and the page do not understand each other.">
        {standing.message}
      </Note>
    )
  if (standing.state === 'lost') return <Lost />
  if (standing.state === 'gone') return <Note title="The page has ended.">Open it again, or choose another store.</Note>
  return <Asking />
}

export function Asking(): ReactNode {
  return (
    <Note busy title="Asking the page …">
      It answers when it is not busy. If this does not end, reload the page.
    </Note>
  )
}

export function Lost(): ReactNode {
  return (
    <Note busy title="The connection to the page is lost.">
      Trying again. If this does not end, reload the page.
    </Note>
  )
}
