/** The fields of an item at the shown moment: what they hold, who wrote it, how often they changed. */
import { type ReactNode, useMemo, useState } from 'react'
import type { AnySchema, AnySnapshot, FieldBlame, Past, TimelineEntry } from '../../../src/index.js'
import { FieldStory } from '../detail/field-story.js'
import { Icon } from '../look/icons.js'
import { firstFrom } from '../state/first-from.js'
import { useOpen, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { useReadOnly } from '../state/use-read-only.js'
import type { Shown } from '../state/use-shown.js'
import { countNoun, momentOf } from '../time/format-time.js'
import { ListTime, useDays } from '../time/list-time.js'
import { Author } from '../value/author.js'
import { Id } from '../value/id.js'
import { Value } from '../value/value.js'
import { FieldEditor } from './field-editor.js'
import { useItemAt } from './item-list.js'
import { titleOf } from './item-title.js'
import { Sparkline } from './sparkline.js'

/** Changes of an item that are looked at for its sparklines. */
const MOST = 1000

export interface ItemFieldsProps {
  readonly past: Past
  readonly schema: AnySchema
  readonly id: string
  readonly shown: Shown
}

export function ItemFields({ past, schema, id, shown }: ItemFieldsProps): ReactNode {
  const open = useOpen()
  const session = useSession()
  const item = useItemAt(past, schema, id)
  const version = useLive(open.version)
  const chosen = useLive(session.item)
  const readOnly = useReadOnly(session.store)
  const [edited, setEdited] = useState<string | null>(null)
  const timeline = useMemo(
    () => open.history.timeline({ schema: schema.name, item: id, limit: MOST }),
    [open, schema, id],
  )
  // oxlint-disable-next-line react/exhaustive-deps
  const entries = useMemo(() => timeline.get(), [timeline, version])
  const times = useMemo(() => timesByField(entries), [entries])
  const blame = useMemo(
    () => open.history.blame(schema, id, { at: shown.moment }) as Readonly<Record<string, FieldBlame | undefined>>,
    // oxlint-disable-next-line react/exhaustive-deps
    [open, schema, id, shown.moment, version],
  )
  const { time } = shown.place
  // What is pending is a part of the present, and later than its last commit.
  const to = shown.live ? Math.max(time, entries[0]?.at ?? 0) : time
  const from = open.history.commits.count > 0 ? open.history.commits.at(0).at : 0
  // Not of `entries`, which may be the newest of more.
  const changes = firstFrom(timeline, to + 1)

  return (
    <article className="detail" aria-label={`${schema.name} ${id}`}>
      <header className="detail-head">
        <h2 className="clip">{(item && titleOf(schema, item)) ?? id}</h2>
        <p className="detail-line soft">
          <span>
            <span className="mono">{schema.name}/</span>
            <Id id={id} />
          </span>
          <span>{countNoun(changes, 'change')}</span>
        </p>
      </header>
      {item ? (
        <dl className="fields">
          {schema.names.map((field) => (
            <div key={field} className="item-field" data-chosen={chosen?.field === field}>
              <dt>
                <button
                  type="button"
                  className="field-name"
                  aria-expanded={chosen?.field === field}
                  title="History of this field"
                  onClick={() =>
                    session.item.set({ schema: schema.name, id, field: chosen?.field === field ? undefined : field })
                  }
                >
                  {field}
                </button>
                <span className="faint kind">{schema.fields[field]!.kind}</span>
              </dt>
              <dd>
                {shown.live && edited === field ? (
                  <FieldEditor
                    schema={schema}
                    id={id}
                    field={field}
                    value={item[field]}
                    onClose={() => setEdited(null)}
                  />
                ) : (
                  <div className="field-value">
                    <Value value={item[field]} />
                    {shown.live && (
                      <button
                        type="button"
                        className="tool is-quiet"
                        disabled={readOnly !== undefined}
                        title={readOnly ?? 'Edit it in the app, as it is now'}
                        aria-label={`Edit ${field}`}
                        onClick={() => setEdited(field)}
                      >
                        <Icon name="pencil" />
                      </button>
                    )}
                  </div>
                )}
                <Blamed blame={blame[field]} />
              </dd>
              <dd className="spark">
                <Sparkline field={field} times={times.get(field) ?? []} from={from} to={to} />
              </dd>
              {chosen?.field === field && (
                <dd className="item-story">
                  <FieldStory schema={schema.name} id={id} field={field} />
                </dd>
              )}
            </div>
          ))}
        </dl>
      ) : (
        <Absent entries={entries} shown={shown} id={id} />
      )}
      {item && <System item={item} />}
    </article>
  )
}

/** Who wrote what a field holds. A click shows it being written. */
function Blamed({ blame }: { blame: FieldBlame | undefined }): ReactNode {
  const { history } = useOpen()
  const session = useSession()
  const days = useDays()
  if (!blame) return null
  const { action, label, verified } = blame
  const title = `${momentOf(blame.at)}${label === undefined ? '' : `, “${label}”`}: ${VERIFIED[verified]}`
  return (
    <button
      type="button"
      className="blame"
      disabled={action === undefined}
      title={title}
      onClick={() => action !== undefined && session.pick(history.entry(action))}
    >
      <Author by={blame.by} /> <ListTime at={blame.at} days={days} title={title} />
    </button>
  )
}

const VERIFIED = {
  seal: 'covered by a seal of the authority',
  signature: 'signed by its session',
  pending: 'in no commit yet',
} as const

interface AbsentProps {
  /** The newest first. */
  readonly entries: readonly TimelineEntry[]
  readonly shown: Shown
  readonly id: string
}

function Absent({ entries, shown, id }: AbsentProps): ReactNode {
  const session = useSession()
  const { time } = shown.place
  const first = entries.at(-1)
  const isEarlier = first !== undefined && first.at > time
  const why = isEarlier
    ? first
    : entries.find(({ at, items }) => at <= time && items.some((item) => item.id === id && item.did === 'delete'))
  return (
    <p className="detail-text soft">
      {isEarlier ? 'It did not exist yet. ' : 'It is deleted at this moment. '}
      {why && (
        <button type="button" className="link" onClick={() => session.pick(why)}>
          {isEarlier ? 'Show how it came to be' : 'Show how it was deleted'}
        </button>
      )}
    </p>
  )
}

function System({ item }: { item: AnySnapshot }): ReactNode {
  return (
    <dl className="facts">
      <dt>Created</dt>
      <dd>
        <time>{momentOf(item.$createdAt)}</time>
        <Author by={item.$createdBy} />
      </dd>
      <dt>Changed</dt>
      <dd>
        <time>{momentOf(item.$updatedAt)}</time>
        <Author by={item.$updatedBy} />
      </dd>
    </dl>
  )
}

function timesByField(entries: readonly TimelineEntry[]): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>()
  for (const { at, items } of entries) {
    for (const { fields } of items) {
      for (const field of fields) {
        const own = times.get(field)
        if (own) own.push(at)
        else times.set(field, [at])
      }
    }
  }
  return times
}
