/** The action that was done last at the shown moment: what it changed, in which commit, and what one can do about it. */
import { Fragment, type ReactNode, useMemo } from 'react'
import type { ActionId, CommitSummary, FieldChange, History, TimelineEntry } from '../../../src/index.js'
import { Note } from '../frame/note.js'
import { Icon } from '../look/icons.js'
import type { Open } from '../state/repository-session.js'
import { useColumns, useOpen, usePanel, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { useShown, useShownEntry } from '../state/use-shown.js'
import { bytesOf, countNoun, momentOf } from '../time/format-time.js'
import { summaryOf } from '../timeline/entry-text.js'
import { EntryAuthor } from '../value/author.js'
import { Change } from '../value/change.js'
import { Id } from '../value/id.js'
import { More, useMost } from '../value/more.js'
import { StandingBadge } from '../value/standing.js'
import { ActionButtons } from './action-buttons.js'
import { FieldStory } from './field-story.js'
import { verifiedBy } from './verified-by.js'

/** The same element each time, so that it is drawn again only when it says something else. */
export const ACTION_DETAIL: ReactNode = <ActionDetail />

function ActionDetail(): ReactNode {
  const open = useOpen()
  const entry = useShownEntry(open, useShown(open, 'readable'))
  if (!entry) return <NoAction open={open} />
  return (
    <article className="detail" aria-label="Action">
      <Head entry={entry} />
      <ActionButtons entry={entry} />
      {entry.kind === 'action' ? <Changes entry={entry} /> : <WithoutAction kind={entry.kind} />}
    </article>
  )
}

function NoAction({ open: { actions, history } }: { open: Open }): ReactNode {
  if (actions.count === 0) {
    return <Note title="No action is chosen.">What it changed, and in which commit, will stand here.</Note>
  }
  return history.complete ? (
    <Note title="Before the first action.">Nothing was there yet. → goes to the first one.</Note>
  ) : (
    <Note title="The first moment that is here.">What came before was not read yet. → goes on from it.</Note>
  )
}

function Head({ entry }: { entry: TimelineEntry }): ReactNode {
  const open = useOpen()
  const columns = useColumns()
  const index = entry.commit === undefined ? undefined : columns.indexOf.get(entry.commit)
  // What is known of a commit changes with it: where it stands.
  const version = useLive(open.version)
  const commit = useMemo(
    () => (index === undefined ? undefined : open.history.commits.at(index)),
    // oxlint-disable-next-line react/exhaustive-deps
    [open, index, version],
  )
  const verified = verifiedBy(columns, entry)
  return (
    <header className="detail-head">
      <h2 className="clip">{entry.label ?? summaryOf(entry)}</h2>
      <p className="detail-line">
        <EntryAuthor kind={entry.kind} by={entry.by} />
        <time className="soft">{momentOf(entry.at)}</time>
      </p>
      <p className="detail-line">
        <StandingBadge standing={entry.standing} />
        {verified && (
          <span className="badge is-good" title={verified.meaning}>
            <Icon name={verified.by === 'seal' ? 'seal' : 'check'} />
            {verified.by === 'seal' ? 'sealed' : 'signed'}
          </span>
        )}
        {entry.undone && <span className="badge">undone</span>}
        {(entry.undoes ?? entry.redoes) !== undefined && <UndoLink entry={entry} />}
      </p>
      {entry.commit !== undefined && <CommitLine id={entry.commit} commit={commit} />}
    </header>
  )
}

function CommitLine({ id, commit }: { id: string; commit: CommitSummary | undefined }): ReactNode {
  const isWhole = useOpen().history.complete
  return (
    <dl className="facts">
      <dt>Commit</dt>
      <dd>
        <Id id={id} label="commit" />
        {commit && (
          <span className="soft">
            {countNoun(commit.actions, 'action')}, {bytesOf(commit.size)}
          </span>
        )}
      </dd>
      {commit && (
        <>
          <dt>{commit.parents.length === 1 ? 'Parent' : 'Parents'}</dt>
          <dd>
            {commit.parents.length === 0 && (
              <span className="faint">{isWhole ? 'none: the first' : 'not read yet'}</span>
            )}
            {commit.parents.slice(0, 8).map((parent) => (
              <Fragment key={parent}>
                <Id id={parent} label="parent" />{' '}
              </Fragment>
            ))}
            {commit.parents.length > 8 && <span className="soft">and {commit.parents.length - 8} more</span>}
          </dd>
          <dt>Session</dt>
          <dd>
            <Id id={commit.session} label="session" />
          </dd>
        </>
      )}
    </dl>
  )
}

function UndoLink({ entry }: { entry: TimelineEntry }): ReactNode {
  const { history } = useOpen()
  const session = useSession()
  const of = entry.undoes ?? entry.redoes!
  const undone = useMemo(() => entryIn(history, of), [history, of])
  return (
    <button type="button" className="link" disabled={!undone} onClick={() => undone && session.pick(undone)}>
      {entry.undoes === undefined ? 'redoes' : 'undoes'} {undone ? `“${undone.label ?? summaryOf(undone)}”` : '…'}
    </button>
  )
}

/** Undefined: its commit is not here. */
function entryIn(history: History, action: ActionId): TimelineEntry | undefined {
  try {
    return history.entry(action)
  } catch {
    return undefined
  }
}

function WithoutAction({ kind }: { kind: 'join' | 'seal' }): ReactNode {
  return (
    <p className="detail-text soft">
      {kind === 'seal'
        ? 'The authority joined all heads, and vouches for everything below: nothing there is judged again.'
        : 'Joins heads, so that the next commit need not name them all. It changes nothing.'}
    </p>
  )
}

function Changes({ entry }: { entry: TimelineEntry }): ReactNode {
  const changes = useMemo(() => entry.changes(), [entry])
  const items = useMemo(() => byItem(changes), [changes])
  const [most, more] = useMost(MOST_ITEMS, entry.key)
  if (entry.known !== 'whole') {
    return <p className="detail-text soft">What it changed is known when all older commits have been read.</p>
  }
  if (items.length === 0) return <NothingHere standing={entry.standing} />
  return (
    <>
      {items.slice(0, most).map((own) => (
        <ItemChanges key={`${own[0]!.schema}/${own[0]!.id}`} changes={own} />
      ))}
      {items.length > most && (
        <p className="detail-text">
          <More left={items.length - most} noun="more item" onMore={more} />
        </p>
      )}
    </>
  )
}

function NothingHere({ standing }: Pick<TimelineEntry, 'standing'>): ReactNode {
  const panel = usePanel()
  if (standing !== 'void')
    return <p className="detail-text soft">What it changed was erased, or is withheld from this session.</p>
  return (
    <p className="detail-text soft">
      It was refused, and is without effect. What it wanted to change is kept by the device that wrote it:{' '}
      <button type="button" className="link" onClick={() => panel.view.set('rejected')}>
        show what was refused here
      </button>
    </p>
  )
}

/** Items that are shown at first of an action that changed many, and that each wish for more adds. */
const MOST_ITEMS = 50

function byItem(changes: readonly FieldChange[]): FieldChange[][] {
  const items = new Map<string, FieldChange[]>()
  for (const change of changes) {
    const key = `${change.schema}/${change.id}`
    const own = items.get(key)
    if (own) own.push(change)
    else items.set(key, [change])
  }
  return [...items.values()]
}

const NO_FIELDS: ReadonlySet<string> = new Set()

/** The fields of an item where two wrote at once and nobody has decided since; none while moments pass by. */
function useContested(name: string, id: string): ReadonlySet<string> {
  const session = useSession()
  const { history, schemas, version } = useOpen()
  const changed = useLive(version)
  const passing = useLive(session.passing)
  return useMemo(() => {
    const schema = schemas.find((each) => each.name === name)
    if (passing || !schema) return NO_FIELDS
    return new Set(history.conflicts(schema, id).map(({ field }) => field))
    // oxlint-disable-next-line react/exhaustive-deps
  }, [history, schemas, name, id, passing, changed])
}

function ContestedSign(): ReactNode {
  const panel = usePanel()
  return (
    <button
      type="button"
      className="badge is-wait contested"
      title="Two wrote this at once, and nobody has decided since"
      onClick={() => panel.view.set('conflicts')}
    >
      <Icon name="warning" />
      conflict
    </button>
  )
}

function ItemChanges({ changes }: { changes: readonly FieldChange[] }): ReactNode {
  const session = useSession()
  const chosen = useLive(session.item)
  const { schema, id } = changes[0]!
  const contested = useContested(schema, id)
  return (
    <section className="item-changes" aria-label={`${schema} ${id}`}>
      <h3 className="item-name mono">
        <span className="soft">{schema}/</span>
        <Id id={id} />
      </h3>
      <dl className="changes">
        {changes.map((change) => {
          const { field } = change
          const isChosen = chosen?.schema === schema && chosen.id === id && chosen.field === field
          return (
            <div key={`${field} ${change.key ?? ''} ${change.did}`} className="field-change">
              <dt>
                {field === '' ? (
                  <span className="faint">item</span>
                ) : (
                  <button
                    type="button"
                    className="field-name"
                    aria-expanded={isChosen}
                    title="History of this field"
                    onClick={() => session.item.set(isChosen ? null : { schema, id, field })}
                  >
                    {field}
                  </button>
                )}
              </dt>
              <dd>
                <Change change={change} />
                {contested.has(field) && <ContestedSign />}
                {isChosen && <FieldStory schema={schema} id={id} field={field} />}
              </dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}
