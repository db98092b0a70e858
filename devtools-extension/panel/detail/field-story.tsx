import { type ReactNode, useMemo } from 'react'
import type { TimelineEntry } from '../../../src/index.js'
import { useOpen, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { ListTime, useDays } from '../time/list-time.js'
import { Author } from '../value/author.js'
import { Change } from '../value/change.js'
import { More, useMost } from '../value/more.js'

/** Changes of a field that are shown at first, from the newest, and that each wish for more adds. */
const MOST = 50

/** Who wrote a field, when and what: the newest on top. A click shows the moment. */
export function FieldStory({ schema, id, field }: { schema: string; id: string; field: string }): ReactNode {
  const { history, version } = useOpen()
  const session = useSession()
  const shown = useLive(session.readable)
  const now = useLive(version)
  const days = useDays()
  const [most, more] = useMost(MOST, `${schema}/${id} ${field}`)
  const timeline = useMemo(
    () => history.timeline({ schema, item: id, field, limit: most }),
    [history, schema, id, field, most],
  )
  // oxlint-disable-next-line react/exhaustive-deps
  const entries = useMemo(() => timeline.get(), [timeline, now])
  return (
    <div className="story">
      <ol aria-label={`History of ${field}`}>
        {entries.map((entry) => (
          <li key={entry.key} aria-current={entry.moment === shown ? 'true' : undefined}>
            <button type="button" className="story-row" onClick={() => session.pick(entry)}>
              <ListTime at={entry.at} days={days} />
              <Author by={entry.by} />
              <Changed entry={entry} schema={schema} id={id} field={field} />
            </button>
          </li>
        ))}
      </ol>
      <More left={timeline.count - most} noun="older change" onMore={more} />
    </div>
  )
}

interface ChangedProps {
  readonly entry: TimelineEntry
  readonly schema: string
  readonly id: string
  readonly field: string
}

function Changed({ entry, schema, id, field }: ChangedProps): ReactNode {
  const changes = useMemo(
    () => entry.changes().filter((each) => each.schema === schema && each.id === id && each.field === field),
    [entry, schema, id, field],
  )
  return (
    <span className="story-change">
      {changes.map((change) => (
        <Change key={`${change.did} ${change.key ?? ''}`} change={change} />
      ))}
    </span>
  )
}
