/** What the app asks, and what it costs. */
import { type ReactNode, useEffect, useState } from 'react'
import type { QueryAbout } from '../../../src/inspect/topics.js'
import { Note } from '../frame/note.js'
import { WithDetail } from '../frame/with-detail.js'
import { type Column, Grid } from '../list/grid.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { clockOf, countNoun, countOf } from '../time/format-time.js'
import { conditionLines, conditionText, orderText } from './query-text.js'

export function QueriesView(): ReactNode {
  const { store, path } = useSession()
  const all = useLive(store.queries)
  const [chosen, setChosen] = useState<string>()
  const queries = all.filter(({ repository }) => repository === path)
  const selected = queries.findIndex(({ id }) => id === chosen)
  const [highlighted, setHighlighted] = useHighlight()
  if (queries.length === 0)
    return <Note title="The app asks nothing at the moment.">Each query that something listens to appears here.</Note>
  const query = queries[selected]
  return (
    <WithDetail
      detail={
        query ? (
          <QueryDetail
            query={query}
            isHighlighted={highlighted === query.id}
            onHighlight={(on) => setHighlighted(on ? query.id : null)}
          />
        ) : (
          <Note title="No query is chosen.">Choose one to see what it asks, and who reads it.</Note>
        )
      }
    >
      <div className="view">
        <Grid
          label="Queries"
          columns={COLUMNS}
          count={queries.length}
          rowAt={(index) => queries[index]}
          selected={selected}
          onSelect={(index) => setChosen(queries[index]!.id)}
        />
      </div>
    </WithDetail>
  )
}

/** Which query's components are framed in the page; none once the view is left. */
function useHighlight(): readonly [string | null, (query: string | null) => void] {
  const panel = usePanel()
  const { store } = useSession()
  const [query, setQuery] = useState<string | null>(null)
  useEffect(() => {
    if (query === null) return undefined
    void panel.act(() => store.command('highlight', { query }), 'Its components are framed in the page.')
    return () => {
      store.command('highlight', { query: null }).catch(() => {
        // A page that is gone frames nothing.
      })
    }
  }, [panel, store, query])
  return [query, setQuery]
}

const milliseconds = (ms: number): string => (ms === 0 ? '–' : ms < 10 ? ms.toFixed(2) : ms.toFixed(0))

const COLUMNS: readonly Column<QueryAbout>[] = [
  { key: 'schema', title: 'Schema', width: 'minmax(56px, 0.6fr)', cell: ({ schema }) => schema },
  {
    key: 'what',
    title: 'Condition',
    width: 'minmax(96px, 3fr)',
    cell: (query) => (
      <span className="mono">
        {conditionText(query.where)}
        {query.opaque && <span className="wait"> + filter</span>}
        <span className="faint"> {orderText(query)}</span>
      </span>
    ),
  },
  {
    key: 'rows',
    title: 'Rows',
    width: '56px',
    align: 'end',
    cell: ({ rows }) => (rows === null ? '–' : countOf(rows)),
  },
  { key: 'readers', title: 'Readers', width: '56px', align: 'end', cell: ({ listeners }) => countOf(listeners) },
  {
    key: 'told',
    title: 'Told',
    width: '56px',
    align: 'end',
    needs: 'tall',
    cell: ({ notified, lastNotified }) => (
      <span title={lastNotified > 0 ? `last at ${clockOf(lastNotified)}` : undefined}>{countOf(notified)}</span>
    ),
  },
  {
    key: 'time',
    title: 'Total ms',
    width: '64px',
    align: 'end',
    needs: 'tall',
    cell: (query) => milliseconds(query.milliseconds),
  },
  {
    key: 'slowest',
    title: 'Slowest ms',
    width: '76px',
    align: 'end',
    needs: 'tall',
    cell: ({ slowest }) => <span className={slowest > 16 ? 'wait' : undefined}>{milliseconds(slowest)}</span>,
  },
]

interface QueryDetailProps {
  readonly query: QueryAbout
  readonly isHighlighted: boolean
  readonly onHighlight: (on: boolean) => void
}

function QueryDetail({ query, isHighlighted, onHighlight }: QueryDetailProps): ReactNode {
  const { store } = useSession()
  const components = useComponents(store, query)
  const order = orderText(query)
  return (
    <article className="detail" aria-label="Query">
      <header className="detail-head">
        <h2 className="clip">{query.schema}</h2>
        {order !== '' && <p className="detail-line soft mono">{order}</p>}
      </header>
      <div className="detail-buttons">
        <button
          type="button"
          className="button"
          aria-pressed={isHighlighted}
          title="Frames the components that read it, and flashes them when it changes"
          onClick={() => onHighlight(!isHighlighted)}
        >
          Highlight in the page
        </button>
      </div>
      <section className="detail-part">
        <h3>Condition</h3>
        {conditionText(query.where) === 'all' ? (
          <span className="faint">none: every item</span>
        ) : (
          <ConditionLines where={query.where} />
        )}
        {query.opaque && (
          <p className="wait">It has a filter function too, which runs for every item that the condition leaves.</p>
        )}
      </section>
      <section className="detail-part">
        <h3>Read by</h3>
        {components === undefined ? (
          <span className="faint">Asking …</span>
        ) : components.length === 0 ? (
          <span className="faint">No React component: something reads it by itself.</span>
        ) : (
          <ul className="names">
            {Array.from(counted(components), ([name, count]) => (
              <li key={name} className="mono">
                {`<${name}>`} {count > 1 && <span className="faint">× {count}</span>}
              </li>
            ))}
          </ul>
        )}
      </section>
      <dl className="facts">
        <dt>Rows</dt>
        <dd>
          {query.rows === null ? 'not read yet' : countOf(query.rows)}{' '}
          <span className="faint">({countOf(query.held)} held)</span>
        </dd>
        <dt>Changes</dt>
        <dd>
          {countOf(query.changes)} <span className="faint">held against it</span>
        </dd>
        <dt>Told</dt>
        <dd>
          {countNoun(query.notified, 'time')}
          {query.milliseconds > 0 && <span className="faint">, {milliseconds(query.milliseconds)} ms in all</span>}
        </dd>
      </dl>
    </article>
  )
}

function ConditionLines({ where }: { where: unknown }): ReactNode {
  return (
    <pre className="condition mono">
      {conditionLines(where)
        .map(({ depth, text }) => '  '.repeat(depth) + text)
        .join('\n')}
    </pre>
  )
}

/** The components that read a query; undefined until the page has answered. Asked anew when others come or go. */
function useComponents(
  { command }: ReturnType<typeof useSession>['store'],
  { id, listeners }: QueryAbout,
): readonly string[] | undefined {
  const asked = `${id} ${listeners}`
  const [answer, setAnswer] = useState<{ readonly asked: string; readonly names: readonly string[] }>()
  useEffect(() => {
    let left = false
    const take = (names: readonly string[]): void => {
      if (!left) setAnswer({ asked, names })
    }
    command('components', { query: id }).then(take, () => take([]))
    return () => {
      left = true
    }
  }, [command, id, asked])
  return answer?.asked.startsWith(`${id} `) ? answer.names : undefined
}

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
