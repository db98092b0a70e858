/** How it happened at once: lanes of commits, seals as gates, heads labelled. */
import { type ReactNode, useMemo, useState } from 'react'
import type { CommitSummary, TimelineEntry } from '../../../src/index.js'
import { ACTION_DETAIL } from '../detail/action-detail.js'
import { Note } from '../frame/note.js'
import { WithDetail } from '../frame/with-detail.js'
import { type Column, Grid } from '../list/grid.js'
import type { CommitColumns } from '../state/commit-columns.js'
import { useColumns, useOpen, useSession } from '../state/panel-context.js'
import type { Open } from '../state/repository-session.js'
import { entryOf } from '../state/entry-of.js'
import { useLive } from '../state/use-live.js'
import { useShown, useShownEntry } from '../state/use-shown.js'
import { ListTime, useDays, widthOfTime } from '../time/list-time.js'
import { summaryOf } from '../timeline/entry-text.js'
import { EntryAuthor } from '../value/author.js'
import { shortId } from '../value/id.js'
import { StandingSign } from '../value/standing.js'
import { LaneDrawing, widthOfLanes } from './lane-drawing.js'
import { Lanes } from './lanes.js'
import { serverHeads } from './server-heads.js'

const SERVER = 'server'

interface Row {
  readonly commit: CommitSummary
  readonly index: number
  readonly entry: TimelineEntry | undefined
}

export function GraphView(): ReactNode {
  const session = useSession()
  const open = useOpen()
  const columns = useColumns()
  const shown = useShown(open)
  const passing = useLive(session.passing)
  const entry = useShownEntry(open, shown)
  const version = useLive(open.version)
  const lanes = useLanes(columns)
  const { count } = columns
  const selected = entry?.commit === undefined ? undefined : columns.indexOf.get(entry.commit)
  const headsAt = useHeads(columns, lanes)
  const rowOf = useRows(open, columns, version)
  const width = widthOfLanes(lanes)

  const days = useDays()
  const grid = useMemo(() => columnsOf(width, headsAt, days), [width, headsAt, days])
  if (count === 0)
    return <Note title="Nothing is recorded yet.">Change something in the app: each commit appears here.</Note>
  return (
    <WithDetail detail={ACTION_DETAIL}>
      <div className="view">
        <Grid<Row>
          label="Graph"
          columns={grid}
          count={count}
          rowAt={(row) => rowOf(count - 1 - row)}
          selected={selected === undefined ? -1 : count - 1 - selected}
          onSelect={(row) => {
            const picked = entryOf(open, rowOf(count - 1 - row).commit)
            if (picked) session.pick(picked)
          }}
          marksOf={({ commit, index }) => ({
            'data-kind': commit.kind,
            'data-void': commit.standing === 'void',
            'data-future': selected !== undefined && !shown.live && index > selected,
          })}
          renderBackdrop={(from, to) => (
            <LaneDrawing lanes={lanes} columns={columns} first={count - 1 - to} last={count - 1 - from} />
          )}
          newestFirst
          passing={passing}
        />
      </div>
    </WithDetail>
  )
}

/** Rows by the place of their commit; the same objects until something changed. */
function useRows(open: Open, columns: CommitColumns, version: number): (index: number) => Row {
  return useMemo(() => {
    const rows = new Map<number, Row>()
    return (index) => {
      let row = rows.get(index)
      if (!row) {
        const commit = open.history.commits.at(index)
        // Of a seal or a join nothing is shown that its commit does not say.
        rows.set(index, (row = { commit, index, entry: commit.actions > 0 ? entryOf(open, commit) : undefined }))
      }
      return row
    }
    // Commits say something else once they are judged, and stand elsewhere once others came late.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [open, columns, version])
}

/** The lanes of all commits: another object whenever they changed, made from the one before. */
function useLanes(columns: CommitColumns): Lanes {
  const [lanes] = useState(() => new Lanes())
  return useMemo(() => lanes.follow(columns), [lanes, columns])
}

/** What a head is called, by its index: a head of the page's replica `here`, of a recording just `head`; those of the server `server`. */
function useHeads(columns: CommitColumns, lanes: Lanes): (index: number) => readonly string[] {
  const { store } = useSession()
  const own = useLive(store.standing).state === 'recorded' ? 'head' : 'here'
  const hasServer = useLive(store.about)?.hasServer
  return useMemo(() => {
    const server = hasServer ? serverHeads(columns) : undefined
    return (index) => [...(lanes.isHead(index) ? [own] : []), ...(server?.has(index) ? [SERVER] : [])]
  }, [columns, lanes, own, hasServer])
}

function What({ entry, more }: { entry: TimelineEntry; more: number }): ReactNode {
  const { label, items } = entry
  const [first] = items
  return (
    <>
      <span className={label === undefined && !first ? 'faint' : undefined}>{label ?? summaryOf(entry)}</span>
      {first && items.length === 1 && (
        <span className="mono faint">
          {' '}
          {first.schema}/{first.id}
        </span>
      )}
      {more > 0 && <span className="faint"> and {more} more</span>}
    </>
  )
}

function columnsOf(width: number, headsAt: (index: number) => readonly string[], days: boolean): Column<Row>[] {
  return [
    { key: 'lanes', title: 'Lanes', isBare: true, width: `${width}px`, cell: () => null },
    {
      key: 'what',
      title: 'Commit',
      width: 'minmax(96px, 3fr)',
      cell: ({ commit, index, entry }) => (
        <>
          {commit.kind === 'change' ? null : <span className="badge is-good">{commit.kind}</span>}
          {headsAt(index).map((label) => (
            <span key={label} className={label === SERVER ? 'badge is-good' : 'badge'}>
              {label}
            </span>
          ))}{' '}
          {commit.kind === 'change' && entry && <What entry={entry} more={commit.actions - 1} />}
        </>
      ),
    },
    {
      key: 'by',
      title: 'Author',
      width: 'minmax(56px, 1fr)',
      cell: ({ commit }) => <EntryAuthor kind={commit.kind} by={commit.by} />,
    },
    {
      key: 'sign',
      title: 'State',
      isBare: true,
      width: '20px',
      cell: ({ commit }) => <StandingSign standing={commit.standing} />,
    },
    {
      key: 'time',
      title: 'Time',
      width: widthOfTime(days),
      needs: 'tall',
      cell: ({ commit }) => <ListTime at={commit.at} days={days} />,
    },
    {
      key: 'id',
      title: 'Id',
      width: '76px',
      needs: 'tall',
      cell: ({ commit }) => <span className="mono faint">{shortId(commit.id)}</span>,
    },
  ]
}
