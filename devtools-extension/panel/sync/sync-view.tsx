/** With whom the store talks, and how well; and the network made worse. */
import { type ReactNode, useState } from 'react'
import type { LineAbout, LineRepository, SyncAbout } from '../../../src/inspect/topics.js'
import { Note } from '../frame/note.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { bytesOf, clockOf, countNoun, countOf, momentOf, spanOf } from '../time/format-time.js'
import { Id } from '../value/id.js'
import { Conditions } from './conditions.js'
import { WhyDifferent } from './why-different.js'

export function SyncView(): ReactNode {
  const { store } = useSession()
  const sync = useLive(store.sync)
  const hasServer = useLive(store.about)?.hasServer ?? true
  if (!sync) return <Note busy title="Asking the page …" />
  const open = sync.lines.filter(({ until }) => until === null)
  const closed = sync.lines.filter(({ until }) => until !== null)
  return (
    <div className="view is-page">
      {hasServer && <Conditions sync={sync} />}
      <Facts sync={sync} hasServer={hasServer} />
      {open.length === 0 && (
        <Note title="No line is open.">
          {!hasServer
            ? 'The store has no server: createStore({ server }) names one.'
            : sync.offline
              ? 'The store is cut off: switch it online above.'
              : 'The server is not reached: the store tries again by itself.'}
        </Note>
      )}
      {open.map((line) => (
        <LineCard key={line.id} line={line} />
      ))}
      {closed.length > 0 && <ClosedLines lines={closed} />}
      <Events />
    </div>
  )
}

const ROLES = {
  leads: 'this tab owns storage and network, other tabs go through it',
  follows: 'reaches storage and network through another tab',
  alone: 'the only tab',
} as const

function Facts({ sync, hasServer }: { sync: SyncAbout; hasServer: boolean }): ReactNode {
  const { store, path } = useSession()
  const repository = useLive(store.repositories).find((each) => each.path === path)
  return (
    <dl className="facts">
      <dt>Connection</dt>
      <dd>{!hasServer ? 'none: this device only' : sync.offline ? 'cut off' : sync.connection}</dd>
      <dt>This tab</dt>
      <dd>{ROLES[sync.role]}</dd>
      {hasServer && (
        <>
          <dt>Clock</dt>
          <dd>
            {Math.abs(sync.clockOffset) < 1
              ? 'as the server’s'
              : `${spanOf(Math.abs(sync.clockOffset))} ${sync.clockOffset > 0 ? 'behind' : 'ahead of'} the server’s`}
          </dd>
        </>
      )}
      {repository && (
        <>
          <dt>Heads here</dt>
          <dd>
            <Heads ids={repository.heads} />
          </dd>
          <dt>Pending</dt>
          <dd>{countNoun(repository.pending, 'action')}</dd>
          {repository.error && (
            <>
              <dt>Error</dt>
              <dd className="bad">{repository.error.message}</dd>
            </>
          )}
        </>
      )}
    </dl>
  )
}

function Heads({ ids }: { ids: readonly string[] }): ReactNode {
  if (ids.length === 0) return <span className="faint">none</span>
  return (
    <span className="ids">
      {ids.slice(0, 8).map((id) => (
        <Id key={id} id={id} label="head" />
      ))}
      {ids.length > 8 && <span className="faint">and {ids.length - 8} more</span>}
    </span>
  )
}

function LineCard({ line }: { line: LineAbout }): ReactNode {
  const { path } = useSession()
  const own = line.repositories.find((each) => each.path === path)
  return (
    <section className="card" aria-label={`Line to the ${line.peer}`}>
      <h3 className="card-head">
        <span className="dot" />
        <strong>{line.peer}</strong>
        <span className="soft">since {clockOf(line.since)}</span>
      </h3>
      <dl className="facts">
        <dt>Sent</dt>
        <dd>
          {bytesOf(line.sent.bytes)} <span className="faint">in {countNoun(line.sent.messages, 'message')}</span>
        </dd>
        <dt>Received</dt>
        <dd>
          {bytesOf(line.received.bytes)}{' '}
          <span className="faint">in {countNoun(line.received.messages, 'message')}</span>
        </dd>
        {own && <RepositoryFacts own={own} />}
      </dl>
      {own && <WhyDifferent peer={line.peer} heads={own.heads} />}
      {line.repositories.length > 1 && (
        <p className="soft">
          It also carries{' '}
          {line.repositories
            .filter((each) => each.path !== path)
            .map((each) => each.path)
            .join(', ')}
        </p>
      )}
    </section>
  )
}

function RepositoryFacts({ own }: { own: LineRepository }): ReactNode {
  return (
    <>
      <dt>Commits</dt>
      <dd>
        {bytesOf(own.sent)} sent, {bytesOf(own.received)} received
      </dd>
      <dt>Round trip</dt>
      <dd>{own.roundTrip === null ? <span className="faint">nothing was asked yet</span> : spanOf(own.roundTrip)}</dd>
      <dt>Questions</dt>
      <dd>
        {countOf(own.questions)}
        {own.filterMisses > 0 && (
          <span className="wait" title="Questions for what a filter had wrongly taken for known">
            {' '}
            {countNoun(own.filterMisses, 'filter miss', 'filter misses')}
          </span>
        )}
      </dd>
      <dt>Heads compared</dt>
      <dd>{countNoun(own.reconciles, 'time')}</dd>
      <dt>Heads it named</dt>
      <dd>
        <Heads ids={own.heads} />
      </dd>
    </>
  )
}

function ClosedLines({ lines }: { lines: readonly LineAbout[] }): ReactNode {
  return (
    <details className="card">
      <summary>{countNoun(lines.length, 'line')} ended</summary>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Peer</th>
            <th scope="col">Ended</th>
            <th scope="col">Lasted</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {lines.slice(0, 50).map(({ id, peer, since, until, reason }) => (
            <tr key={id}>
              <td>{peer}</td>
              <td>{clockOf(until!)}</td>
              <td>{spanOf(until! - since)}</td>
              <td>{reason || <span className="faint">no reason given</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

/** What happened once: connections, refusals, commands. */
function Events(): ReactNode {
  const { store } = useSession()
  const events = useLive(store.events)
  const [all, setAll] = useState(false)
  const panel = usePanel()
  if (events.length === 0) return null
  const shown = events.slice(all ? 0 : -20).toReversed()
  return (
    <section className="card" aria-label="Events">
      <h3 className="card-head">
        <strong>What happened</strong>
        <span className="grow" />
        {events.length > 20 && (
          <button type="button" className="link" onClick={() => setAll(!all)}>
            {all ? 'The newest only' : `All ${events.length}`}
          </button>
        )}
      </h3>
      <ol className="events">
        {shown.map(({ n, at, kind, message }) => (
          <li key={n}>
            <time className="faint" title={momentOf(at)}>
              {clockOf(at)}
            </time>
            <span className={kind === 'rejected' ? 'bad' : 'soft'}>{kind}</span>
            <span>
              {message}
              {kind === 'rejected' && (
                <button type="button" className="link" onClick={() => panel.view.set('rejected')}>
                  {' '}
                  show
                </button>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
