import { TimeTravel, useItem, useRepositoryHistory, useStore } from 'ibex-state/react'
import { type ReactNode, type SyntheticEvent, useState } from 'react'
import { deleteIssues, setAssignee, setPriority, setStatus, setTag, toggleLock } from '../data/changes.js'
import { createLabel } from '../data/create.js'
import { Issue, type Priority, type Status } from '../data/issue.js'
import { personOf } from '../data/people.js'
import { codeOf, PRIORITY_NAMES, STATUS_NAMES } from '../data/terms.js'
import { film, useIsPast } from '../film/film.js'
import { BlameLine, type BlamedField } from '../history/blame-line.js'
import { ConflictHints } from '../history/conflict-hints.js'
import { restoreIssue } from '../history/restore.js'
import { momentAfter, StoryList } from '../history/story-list.js'
import type { StoryLine } from '../history/story.js'
import { Avatar } from '../look/avatar.js'
import { Icon, PriorityIcon, StatusIcon } from '../look/icons.js'
import { FieldButton } from '../pick/field-button.js'
import { useNow } from '../shell/now.js'
import { useCell } from '../shell/cell.js'
import { authorOf } from '../shell/session.js'
import { valuesOf } from '../pick/issue-picker.js'
import { TextArea } from '../text/text-input.js'
import { toast } from '../toast/toasts.js'
import { openIssue } from '../view/use-view.js'
import { NOBODY, toggled } from '../view/view-state.js'
import { exactDate, momentName } from './dates.js'
import { Tags } from './tags.js'
import { VoteButton } from './vote-button.js'

/** One issue whole, beside the list, with its history. */
export function IssuePanel({ id }: { id: string }): ReactNode {
  const store = useStore()
  const history = useRepositoryHistory({ suspense: false })
  const [peeked, setPeeked] = useState<StoryLine | null>(null)
  const at = peeked && history ? momentAfter(history, peeked) : null
  const shown = useCell(film, (all) => all.at)
  return (
    <aside
      className="panel"
      aria-label="Issue"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !peeked) return
        event.preventDefault()
        setPeeked(null)
      }}
    >
      <PanelBar id={id} />
      {peeked && at && (
        <PeekBar
          line={peeked}
          close={() => setPeeked(null)}
          restore={() => {
            setPeeked(null)
            restoreIssue(store, history!, id, at)
          }}
        />
      )}
      <div className="panel-body">
        <TimeTravel at={at ?? shown}>
          <Body id={id} isPeeked={at !== null} />
        </TimeTravel>
        <h2 className="panel-heading">Activity</h2>
        <TimeTravel at={null}>
          <StoryList id={id} peeked={peeked?.key ?? null} onPeek={setPeeked} />
        </TimeTravel>
      </div>
    </aside>
  )
}

interface PeekBarProps {
  readonly line: StoryLine
  readonly close: () => void
  readonly restore: () => void
}

/** Says that another moment of the issue is shown than the present, and what can be done with it. */
function PeekBar({ line, close, restore }: PeekBarProps): ReactNode {
  const { by, at } = line.entries[0]!
  const now = useNow()
  return (
    <div className="peek-bar" role="status">
      <Icon name="clock" />
      <span className="clip">
        As {authorOf(by).name} left it, {momentName(at, now)}
      </span>
      <button type="button" className="text-button end" onClick={close}>
        Back to now
      </button>
      <button type="button" className="main-button" onClick={restore}>
        Restore this
      </button>
    </div>
  )
}

const BLAMED: ReadonlySet<string> = new Set(['title', 'description', 'status', 'priority', 'assignee', 'tags'])

/** What is shown of an issue, now or at the moment that is looked at. */
function Body({ id, isPeeked }: { id: string; isPeeked: boolean }): ReactNode {
  const [issue, setIssue, status] = useItem(Issue, id)
  const isPast = useIsPast() || isPeeked
  const [blamed, setBlamed] = useState<BlamedField | null>(null)
  const point = ({ target }: SyntheticEvent): void => {
    const field = (target as Element).closest('[data-field]')?.getAttribute('data-field')
    if (field && BLAMED.has(field)) setBlamed(field as BlamedField)
  }
  if (!issue) {
    return <p className="nothing">{WHY_NOT[status === 'deleted' ? 'deleted' : isPast ? 'not yet' : 'missing']}</p>
  }
  const isFixed = issue.locked || isPast
  return (
    <div className="issue-body" onMouseOver={point} onFocus={point}>
      <TextArea
        // Another field, with a caret and a text of its own.
        key={isPast ? 'title then' : 'title'}
        className="panel-title"
        data-field="title"
        value={issue.title}
        onText={(title) => setIssue({ title })}
        isOneLine
        aria-label="Title"
        placeholder="Title"
        readOnly={isFixed}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          event.currentTarget.blur()
        }}
      />
      <Fields issue={issue} isFixed={isFixed} />
      {!isPast && <ConflictHints id={id} />}
      <BlameLine id={id} field={blamed} />
      <TextArea
        key={isPast ? 'description then' : 'description'}
        className="panel-description"
        data-field="description"
        value={issue.description}
        onText={(description) => setIssue({ description })}
        aria-label="Description"
        placeholder="Add a description…"
        readOnly={isFixed}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          event.currentTarget.blur()
        }}
      />
      <p className="panel-news">
        <Avatar id={issue.author} />
        <span>
          {personOf(issue.author).name} reported this on {exactDate(issue.opened)}
        </span>
      </p>
    </div>
  )
}

const WHY_NOT = {
  deleted: 'This issue was deleted.',
  'not yet': 'This issue did not exist yet.',
  missing: 'There is no such issue here.',
} as const

function PanelBar({ id }: { id: string }): ReactNode {
  const store = useStore()
  const [issue] = useItem(Issue, id)
  const copy = (): void => {
    navigator.clipboard.writeText(location.href).then(
      () => toast('Link copied'),
      () => toast('The browser does not let this page copy.'),
    )
  }
  return (
    <header className="panel-bar">
      <span className="code">{codeOf(id)}</span>
      {issue?.locked && (
        <span className="locked-note">
          <Icon name="lock" /> Locked
        </span>
      )}
      <span className="grow" />
      {issue && (
        <>
          <VoteButton id={id} votes={issue.votes} />
          <button type="button" className="quiet-button" aria-label="Copy link" title="Copy link" onClick={copy}>
            <Icon name="link" />
          </button>
          <button
            type="button"
            className="quiet-button"
            aria-pressed={issue.locked}
            aria-label="Lock"
            title={issue.locked ? 'Unlock' : 'Lock'}
            onClick={() => toggleLock(store, [id])}
          >
            <Icon name="lock" />
          </button>
          <button
            type="button"
            className="quiet-button"
            aria-label="Delete"
            title="Delete"
            onClick={() => deleteIssues(store, [id])}
          >
            <Icon name="trash" />
          </button>
        </>
      )}
      <button type="button" className="quiet-button" aria-label="Close" title="Close" onClick={() => openIssue(null)}>
        <Icon name="close" />
      </button>
    </header>
  )
}

function Fields({ issue, isFixed }: { issue: Issue; isFixed: boolean }): ReactNode {
  const store = useStore()
  const { $id: id, status, priority, assignee, tags } = issue
  return (
    <div className="fields">
      <FieldButton
        field="status"
        isDisabled={isFixed}
        values={valuesOf(issue, 'status')}
        onPick={(value) => setStatus(store, [id], value as Status)}
      >
        <StatusIcon status={status} />
        {STATUS_NAMES[status]}
      </FieldButton>
      <FieldButton
        field="priority"
        isDisabled={isFixed}
        values={valuesOf(issue, 'priority')}
        onPick={(value) => setPriority(store, [id], Number(value) as Priority)}
      >
        <PriorityIcon priority={priority} />
        {PRIORITY_NAMES[priority as Priority]}
      </FieldButton>
      <FieldButton
        field="assignee"
        isDisabled={isFixed}
        values={valuesOf(issue, 'assignee')}
        onPick={(value) => setAssignee(store, [id], value === NOBODY ? undefined : value)}
      >
        <Avatar id={assignee} />
        {assignee ? personOf(assignee).name : 'Nobody'}
      </FieldButton>
      <FieldButton
        field="tags"
        isDisabled={isFixed}
        values={tags}
        onPick={(value) => setTag(store, [id], value, toggled(tags, value).includes(value))}
        onCreate={(name) => setTag(store, [id], createLabel(store, name), true)}
      >
        {tags.length > 0 ? (
          <Tags ids={tags} />
        ) : (
          <>
            <Icon name="tag" />
            Label
          </>
        )}
      </FieldButton>
    </div>
  )
}
