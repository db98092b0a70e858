/** Below the header: time, and the view that was chosen. */
import * as React from 'react'
import { type ReactNode, useRef } from 'react'
import { createCell, type Live } from '../../../src/inspect/live.js'
import { BisectView } from '../bisect/bisect-view.js'
import { ConflictsView } from '../conflicts/conflicts-view.js'
import { GraphView } from '../graph/graph-view.js'
import { ItemsView } from '../items/items-view.js'
import { QueriesView } from '../queries/queries-view.js'
import { RejectedView } from '../rejected/rejected-view.js'
import { usePanel, useSession } from '../state/panel-context.js'
import type { ViewName } from '../state/panel-state.js'
import type { Opening } from '../state/repository-session.js'
import { useLive } from '../state/use-live.js'
import { StorageView } from '../storage/storage-view.js'
import { SyncView } from '../sync/sync-view.js'
import { Overview } from '../time/overview.js'
import { Transport } from '../time/transport.js'
import { TimelineView } from '../timeline/timeline-view.js'
import { useViewFocus } from './focus-kept.js'
import { Note } from './note.js'
import { NotOpen } from './not-open.js'
import { Older } from './older.js'
import { Tabs, tabId } from './tabs.js'

/** Views that look into the history, which first has to come. */
const PAST: Partial<Record<ViewName, () => ReactNode>> = {
  timeline: TimelineView,
  graph: GraphView,
  items: ItemsView,
  conflicts: ConflictsView,
  bisect: BisectView,
}

/** Views of how things stand. */
const PRESENT: Partial<Record<ViewName, () => ReactNode>> = {
  queries: QueriesView,
  sync: SyncView,
  rejected: RejectedView,
  storage: StorageView,
}

export function Body(): ReactNode {
  const opening = useLive(useSession().opening)
  const view = useLive(usePanel().view)
  const main = useRef<HTMLDivElement>(null)
  useViewFocus(main, view)
  return (
    <WhileSeen>
      <Time opening={opening} />
      <div className="body">
        <Tabs />
        <div ref={main} className="main" role="tabpanel" tabIndex={-1} aria-labelledby={tabId(view)}>
          <View name={view} opening={opening} />
        </div>
      </div>
    </WhileSeen>
  )
}

const NEVER: Live<boolean> = createCell(false)
/** React 18, which the dock may have from its app, cannot pause what it keeps. Only the browser's tools hide a panel. */
const { Activity } = React as Partial<typeof React>

/** Keeps what is in it, and lets it ask for nothing, while nobody can see the panel. */
function WhileSeen({ children }: { children: ReactNode }): ReactNode {
  const hidden = useLive(usePanel().host.hidden ?? NEVER)
  return Activity ? <Activity mode={hidden ? 'hidden' : 'visible'}>{children}</Activity> : children
}

function View({ name, opening }: { name: ViewName; opening: Opening }): ReactNode {
  const Past = PAST[name]
  const Present = PRESENT[name]
  const { state } = useLive(useSession().store.standing)
  if (Present) return state === 'recorded' && name !== 'storage' ? <OnlyRecorded /> : <Present />
  return Past && opening.state === 'open' ? <Past /> : <NotOpen opening={opening} />
}

function OnlyRecorded(): ReactNode {
  return (
    <Note title="This is a recording.">
      It holds what happened to the data. What an app asks, and how it is connected, only a page can tell.
    </Note>
  )
}

function Time({ opening }: { opening: Opening }): ReactNode {
  if (opening.state !== 'open') return <div className="time" aria-hidden="true" data-empty />
  return (
    <section className="time" aria-label="Time">
      <Overview open={opening} />
      <Transport open={opening} />
      <Older open={opening} />
    </section>
  )
}
