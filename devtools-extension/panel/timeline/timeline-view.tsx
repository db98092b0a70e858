/** What happened, when, and by whom: actions, the newest on top. */
import { type ReactNode, useMemo, useState, useSyncExternalStore } from 'react'
import type { Moment, Timeline, TimelineEntry } from '../../../src/index.js'
import { ACTION_DETAIL } from '../detail/action-detail.js'
import { Note } from '../frame/note.js'
import { WithDetail } from '../frame/with-detail.js'
import { type Column, Grid } from '../list/grid.js'
import { Icon } from '../look/icons.js'
import { placeOf } from '../state/first-from.js'
import { useColumns, useOpen, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { ListTime, useDays, widthOfTime } from '../time/list-time.js'
import { useShown, useShownEntry } from '../state/use-shown.js'
import { EntryAuthor } from '../value/author.js'
import { ShortChange } from '../value/change.js'
import { StandingSign } from '../value/standing.js'
import { summaryOf } from './entry-text.js'
import { FilterBar } from './filter-bar.js'
import { createFilterReader } from './filter-text.js'

export function TimelineView(): ReactNode {
  const session = useSession()
  const open = useOpen()
  const { authors } = useColumns()
  const text = useLive(session.filter)
  const shown = useShown(open)
  const passing = useLive(session.passing)
  const entry = useShownEntry(open, shown)
  const kind = /\bkind:(seal|join)/i.exec(text)?.[1]
  const [read] = useState(createFilterReader)
  const { filter, problem } = read(text, authors, shown.place.time)
  const timeline = useMemo(() => open.history.timeline(filter), [open, filter])
  const count = useSyncExternalStore(timeline.subscribe, () => timeline.count)
  // Entries say something else once they are judged or undone.
  useLive(open.version)
  const days = useDays()
  const columns = useMemo(() => columnsOf(days), [days])
  const selected = entry ? rowOf(timeline, count, entry) : -1

  return (
    <WithDetail detail={ACTION_DETAIL}>
      <div className="view">
        <FilterBar count={count} of={kind === undefined ? open.actions.count : undefined} problem={problem} />
        {count === 0 ? (
          <NothingFits isFiltered={text.trim() !== ''} />
        ) : (
          <Grid
            label="Timeline"
            columns={columns}
            count={count}
            rowAt={(index) => timeline.slice(count - 1 - index, count - index)[0]}
            selected={selected}
            onSelect={(index) => {
              const picked = timeline.slice(count - 1 - index, count - index)[0]
              if (picked) session.pick(picked)
            }}
            marksOf={(row) => ({
              'data-kind': row.kind,
              'data-void': row.standing === 'void',
              'data-undone': row.undone,
              'data-future': isFuture(row.moment, shown.moment, shown.live, row.at, shown.place.time),
              'data-off': kind !== undefined && row.kind !== kind,
            })}
            newestFirst
            passing={passing}
          />
        )}
      </div>
    </WithDetail>
  )
}

/** After what is shown: it has not happened yet there. */
function isFuture(of: Moment | undefined, shown: Moment, live: boolean, at: number, time: number): boolean {
  return !live && of !== shown && (of === undefined || at > time)
}

/** The row of an entry, which are the newest first; -1: it does not fit the filter. */
function rowOf(timeline: Timeline, count: number, entry: TimelineEntry): number {
  const place = placeOf(timeline, entry)
  return place < 0 ? -1 : count - 1 - place
}

const columnsOf = (days: boolean): readonly Column<TimelineEntry>[] => [
  { key: 'sign', title: 'State', isBare: true, width: '20px', cell: (row) => <Sign entry={row} /> },
  {
    key: 'time',
    title: 'Time',
    width: widthOfTime(days),
    cell: ({ at }) => <ListTime at={at} days={days} />,
  },
  {
    key: 'by',
    title: 'Author',
    width: 'minmax(56px, 0.6fr)',
    cell: ({ kind, by }) => <EntryAuthor kind={kind} by={by} />,
  },
  {
    key: 'item',
    title: 'Item',
    width: 'minmax(72px, 0.9fr)',
    needs: 'tall',
    cell: ({ items }) => <Items items={items} />,
  },
  { key: 'what', title: 'Action', width: 'minmax(96px, 3fr)', cell: (row) => <What entry={row} /> },
]

function Sign({ entry }: { entry: TimelineEntry }): ReactNode {
  if (entry.kind !== 'seal') return <StandingSign standing={entry.standing} />
  return (
    <span className="sign good" title="Sealed by the authority">
      <Icon name="seal" />
    </span>
  )
}

function What({ entry }: { entry: TimelineEntry }): ReactNode {
  const { label, undone } = entry
  return (
    <span className="what">
      {undone && <span className="badge">undone</span>}
      {label !== undefined && <span className="label">{label}</span>}
      <Glance entry={entry} />
    </span>
  )
}

/** The change, as far as it fits: the field and what it holds now; where there are several, their names. */
function Glance({ entry }: { entry: TimelineEntry }): ReactNode {
  const { kind, items } = entry
  const isOne = kind === 'action' && items.length === 1 && items[0]!.did === 'update' && items[0]!.fields.length === 1
  const change = useMemo(() => (isOne ? entry.changes()[0] : undefined), [entry, isOne])
  if (!change) {
    const isGone = kind === 'action' && items.length === 0
    return <span className={isGone ? 'aside' : entry.label === undefined ? undefined : 'soft'}>{summaryOf(entry)}</span>
  }
  return (
    <>
      <span className="field-name">{change.field}</span>
      <ShortChange change={change} />
    </>
  )
}

function Items({ items }: { items: TimelineEntry['items'] }): ReactNode {
  const [first] = items
  if (!first) return null
  return (
    <span className="mono soft">
      {first.schema}/{first.id}
      {items.length > 1 && <span className="faint"> +{items.length - 1}</span>}
    </span>
  )
}

function NothingFits({ isFiltered }: { isFiltered: boolean }): ReactNode {
  const session = useSession()
  if (!isFiltered)
    return <Note title="Nothing is recorded yet.">Change something in the app: each action appears here.</Note>
  return (
    <Note title="No action fits the filter.">
      <button type="button" className="button" onClick={() => session.filter.set('')}>
        Clear the filter
      </button>
    </Note>
  )
}
