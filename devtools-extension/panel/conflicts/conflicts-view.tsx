/** Where two wrote at once: what is shown, what lost and why, and the way to take another value instead. */
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import type { Blame, Conflict, LosingValue } from '../../../src/index.js'
import type { CommandArgs } from '../../../src/inspect/channel.js'
import { Note } from '../frame/note.js'
import { useOpen, usePanel, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { useReadOnly } from '../state/use-read-only.js'
import { countNoun, countOf, momentOf } from '../time/format-time.js'
import { Author } from '../value/author.js'
import { isDate, Value } from '../value/value.js'
import { WordDiff } from '../value/change.js'
import { type ConflictSearch, type FoundConflict, searchConflicts } from './conflict-list.js'

export function ConflictsView(): ReactNode {
  const open = useOpen()
  const { path } = useSession()
  const search = useMemo(() => searchConflicts(open, path), [open, path])
  useEffect(() => search.begin(), [search])
  return <Found search={search} />
}

/** Conflicts that are shown at first, and that each wish for more adds. */
const SOME = 200

function Found({ search }: { search: ConflictSearch }): ReactNode {
  const { found, complete } = useLive(search.list)
  const isPast = useLive(useSession().shown) !== null
  const [most, setMost] = useState(SOME)
  if (found.length === 0) {
    return complete ? (
      <Note title="Nobody disagrees.">
        Where two write the same field without having seen each other, the later write is shown, and the other appears
        here.
      </Note>
    ) : (
      <Note busy title="Looking at every item …" />
    )
  }
  return (
    <div className="view is-page">
      <p className="page-line soft" role="status">
        {complete ? countNoun(found.length, 'conflict') : `${countNoun(found.length, 'conflict')} so far …`}
        {isPast && ': those of now, whichever moment is shown'}
      </p>
      <ul className="conflicts">
        {found.slice(0, most).map((each) => (
          <li key={each.key}>
            <ConflictCard found={each} />
          </li>
        ))}
      </ul>
      {found.length > most && (
        <p className="page-line">
          <button type="button" className="button" onClick={() => setMost(most + SOME)}>
            Show {countOf(Math.min(SOME, found.length - most))} more
          </button>
        </p>
      )}
    </div>
  )
}

function ConflictCard({ found: { schema, id, conflict } }: { found: FoundConflict }): ReactNode {
  const panel = usePanel()
  const session = useSession()
  const { field, key, value, by, losing } = conflict
  return (
    <article className="card conflict" aria-label={`${schema} ${id} ${field}`}>
      <h3 className="item-name mono">
        <span className="soft">{schema}/</span>
        <button
          type="button"
          className="link mono"
          onClick={() => {
            session.item.set({ schema, id, field })
            panel.view.set('items')
          }}
        >
          {id}
        </button>{' '}
        <strong>{field}</strong>
        {key !== undefined && <span className="soft"> · {key}</span>}
      </h3>
      <div className="claim">
        <span className="badge is-good">shown</span>
        <Claim value={value} by={by} />
      </div>
      {losing.map((each) => (
        <Losing key={`${each.by.session} ${each.by.at}`} losing={each} schema={schema} id={id} conflict={conflict} />
      ))}
    </article>
  )
}

function Claim({ value, by, against }: { value: unknown; by: Blame; against?: unknown }): ReactNode {
  const { history } = useOpen()
  const session = useSession()
  const { action } = by
  return (
    <div className="claim-text">
      {typeof value === 'string' && typeof against === 'string' && value.length > 24 ? (
        <WordDiff from={against} to={value} />
      ) : (
        <Value value={value} />
      )}
      <span className="claim-by">
        <Author by={by.by} />{' '}
        {action === undefined ? (
          <time className="faint">{momentOf(by.at)}</time>
        ) : (
          <button type="button" className="link" onClick={() => session.pick(history.entry(action))}>
            {momentOf(by.at)}
          </button>
        )}
        {by.label !== undefined && <span className="soft"> “{by.label}”</span>}
      </span>
    </div>
  )
}

interface LosingProps {
  readonly losing: LosingValue
  readonly schema: string
  readonly id: string
  readonly conflict: Conflict
}

function Losing({ losing: { value, by }, schema, id, conflict }: LosingProps): ReactNode {
  const panel = usePanel()
  const { store, path } = useSession()
  const readOnly = useReadOnly(store)
  const { data, schemas } = useOpen()
  const { field, key } = conflict
  const take = (): Promise<unknown> => {
    const known = schemas.find(({ name }) => name === schema)
    const item = known && data.collection(known, { in: path }).get(id)
    const whole = key === undefined ? value : withKey(item?.[field], key, value)
    const patch = { [field]: plainOf(whole) } as CommandArgs<'edit'>['patch']
    return store.command('edit', { repository: path, schema, item: id, patch })
  }
  return (
    <div className="claim">
      <span className="badge is-wait">lost</span>
      <Claim value={value} by={by} against={conflict.value} />
      <span className="claim-why faint">
        {by.at <= conflict.by.at
          ? `Written ${by.at === conflict.by.at ? 'at the same time' : 'earlier'}, and neither had seen the other.`
          : 'Its commit comes first in the order of all.'}
      </span>
      <button
        type="button"
        className="button"
        disabled={readOnly !== undefined}
        title={readOnly}
        onClick={() => void panel.act(take, `${field} was changed.`)}
      >
        Take this one instead
      </button>
    </div>
  )
}

/** A map with another value under a key, or without it where that is what lost. */
function withKey(map: unknown, key: string, value: unknown): unknown {
  const others = Object.entries(map ?? {}).filter(([name]) => name !== key)
  return Object.fromEntries(value === undefined ? others : [...others, [key, value]])
}

/** As the channel takes it. */
function plainOf(value: unknown): unknown {
  if (value === undefined) return null
  if (isDate(value)) return value.getTime()
  if (Array.isArray(value)) return value.map(plainOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainOf(each)]))
}
