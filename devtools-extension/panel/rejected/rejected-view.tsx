/** What was refused, why, and what to do with it. */
import { type ReactNode, useState } from 'react'
import type { ChangeAbout, RejectionAbout } from '../../../src/inspect/topics.js'
import { Note } from '../frame/note.js'
import { Icon } from '../look/icons.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { useReadOnly } from '../state/use-read-only.js'
import { countNoun, momentOf } from '../time/format-time.js'
import { Id } from '../value/id.js'
import { More, useMost } from '../value/more.js'
import { Value } from '../value/value.js'
import { RejectionEditor } from './rejection-editor.js'

export function RejectedView(): ReactNode {
  const { store } = useSession()
  const { rejected, problems } = useLive(store.troubles)
  if (rejected.length === 0 && problems.length === 0)
    return (
      <Note title="Nothing was refused.">
        What the server refuses is taken out of the data, and kept here until it is retried or discarded.
      </Note>
    )
  return (
    <div className="view is-page">
      {rejected.map((each) => (
        <RejectionCard key={each.commit} rejection={each} />
      ))}
      {problems.length > 0 && (
        <section className="card" aria-label="Problems">
          <h3 className="card-head">
            <strong>Problems</strong>
          </h3>
          <ul className="names">
            {problems.map(({ kind, message, schema, item }) => (
              <li key={`${kind} ${schema} ${item} ${message}`}>
                <span className="badge is-wait">{kind}</span>{' '}
                {item !== null && (
                  <span className="mono soft">
                    {schema}/{item}
                  </span>
                )}{' '}
                {message}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

function RejectionCard({ rejection }: { rejection: RejectionAbout }): ReactNode {
  const panel = usePanel()
  const { store } = useSession()
  const readOnly = useReadOnly(store)
  const [editing, setEditing] = useState(false)
  const [asked, setAsked] = useState(false)
  const { commit, repository, code, message, at, changes } = rejection
  const which = { repository, commit }

  return (
    <article className="card" aria-label={`Refused: ${message}`}>
      <h3 className="card-head">
        <span className="bad">
          <Icon name="refused" />
        </span>
        <strong>{message}</strong>
        <span className="badge is-bad">{code}</span>
      </h3>
      <p className="detail-line soft">
        <time>{momentOf(at)}</time>
        <span className="mono">{repository}</span>
        <Id id={commit} label="commit" />
        <span>{countNoun(changes.length, 'change')}</span>
      </p>
      {editing ? (
        <RejectionEditor rejection={rejection} onClose={() => setEditing(false)} />
      ) : (
        <RefusedChanges changes={changes} />
      )}
      <div className="detail-buttons">
        <button
          type="button"
          className="button"
          title="Writes the same changes once more, as a new commit"
          onClick={() => void panel.act(() => store.command('retryRejection', which), 'Tried again.')}
        >
          Retry
        </button>
        <button
          type="button"
          className="button"
          aria-pressed={editing}
          disabled={readOnly !== undefined && !editing}
          title={readOnly ?? 'Change what was refused, then write all of it anew'}
          onClick={() => setEditing(!editing)}
        >
          <Icon name="pencil" />
          Edit and retry
        </button>
        <button
          type="button"
          className="button"
          onClick={() =>
            panel.host.saveFile(
              `refused-${commit.slice(0, 8)}.json`,
              new TextEncoder().encode(JSON.stringify(rejection, null, 2)),
              'application/json',
            )
          }
        >
          <Icon name="save" />
          Export
        </button>
        {asked ? (
          <>
            <button
              type="button"
              className="button is-danger"
              onClick={() => void panel.act(() => store.command('discardRejection', which), 'Discarded.')}
            >
              Discard for good
            </button>
            <button type="button" className="button" autoFocus onClick={() => setAsked(false)}>
              Keep
            </button>
          </>
        ) : (
          <button type="button" className="button is-danger" onClick={() => setAsked(true)}>
            <Icon name="trash" />
            Discard …
          </button>
        )}
      </div>
    </article>
  )
}

/** Changes that are shown of one refusal. */
const MOST = 100

function RefusedChanges({ changes }: { changes: readonly ChangeAbout[] }): ReactNode {
  const { store } = useSession()
  const schemas = useLive(store.data)?.schemas
  const [most, more] = useMost(MOST)
  const isDate = (schema: string, field: string): boolean =>
    schemas?.find(({ name }) => name === schema)?.fields[field]?.kind === 'date'
  if (changes.length === 0) return <p className="soft">What it wanted to change is not here any more.</p>
  return (
    <>
      <dl className="fields">
        {changes.slice(0, most).map(({ schema, item, field, operation, value }, i) => (
          // The same may have been done twice.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={i} className="item-field">
            <dt>
              {!isSameItem(changes[i - 1], changes[i]!) && (
                <span className="mono soft">
                  {schema}/{item}
                </span>
              )}
              <span className="field-name">{field || operation}</span>
            </dt>
            <dd>
              <Value value={typeof value === 'number' && isDate(schema, field) ? new Date(value) : value} />
            </dd>
          </div>
        ))}
      </dl>
      <More left={changes.length - most} noun="more change" onMore={more} />
    </>
  )
}

const isSameItem = (a: ChangeAbout | undefined, b: ChangeAbout): boolean => a?.schema === b.schema && a.item === b.item
