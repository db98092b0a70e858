import { useItem, useStore } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { deleteIssues, setAssignee, setPriority, setStatus, setTag, toggleLock } from '../data/changes.js'
import { createLabel } from '../data/create.js'
import { Issue, type Priority, type Status } from '../data/issue.js'
import { personOf } from '../data/people.js'
import { codeOf, PRIORITY_NAMES, STATUS_NAMES } from '../data/terms.js'
import { Avatar } from '../look/avatar.js'
import { Icon, PriorityIcon, StatusIcon } from '../look/icons.js'
import { FieldButton } from '../pick/field-button.js'
import { valuesOf } from '../pick/issue-picker.js'
import { TextArea } from '../text/text-input.js'
import { toast } from '../toast/toasts.js'
import { openIssue } from '../view/use-view.js'
import { NOBODY, toggled } from '../view/view-state.js'
import { exactDate } from './dates.js'
import { Tags } from './tags.js'
import { VoteButton } from './vote-button.js'

/** One issue whole, beside the list. */
export function IssuePanel({ id }: { id: string }): ReactNode {
  const [issue, setIssue, status] = useItem(Issue, id)
  return (
    <aside className="panel" aria-label="Issue">
      <PanelBar id={id} issue={issue} />
      {issue ? (
        <div className="panel-body">
          <TextArea
            className="panel-title"
            value={issue.title}
            onText={(title) => setIssue({ title })}
            isOneLine
            aria-label="Title"
            placeholder="Title"
            readOnly={issue.locked}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== 'Escape') return
              event.preventDefault()
              event.stopPropagation()
              event.currentTarget.blur()
            }}
          />
          <Fields issue={issue} />
          <TextArea
            className="panel-description"
            value={issue.description}
            onText={(description) => setIssue({ description })}
            aria-label="Description"
            placeholder="Add a description…"
            readOnly={issue.locked}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return
              event.stopPropagation()
              event.currentTarget.blur()
            }}
          />
          <p className="panel-news">
            <Avatar id={issue.author} />
            <span>
              {personOf(issue.author).name} opened this on {exactDate(issue.opened)}
            </span>
          </p>
          <p className="panel-news">
            <span className="news-dot" />
            <span>Last change {exactDate(issue.$updatedAt)}</span>
          </p>
        </div>
      ) : (
        <p className="nothing">{status === 'deleted' ? 'This issue was deleted.' : 'There is no such issue here.'}</p>
      )}
    </aside>
  )
}

function PanelBar({ id, issue }: { id: string; issue: Issue | undefined }): ReactNode {
  const store = useStore()
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

function Fields({ issue }: { issue: Issue }): ReactNode {
  const store = useStore()
  const { $id: id, status, priority, assignee, tags, locked } = issue
  return (
    <div className="fields">
      <FieldButton
        field="status"
        isDisabled={locked}
        values={valuesOf(issue, 'status')}
        onPick={(value) => setStatus(store, [id], value as Status)}
      >
        <StatusIcon status={status} />
        {STATUS_NAMES[status]}
      </FieldButton>
      <FieldButton
        field="priority"
        isDisabled={locked}
        values={valuesOf(issue, 'priority')}
        onPick={(value) => setPriority(store, [id], Number(value) as Priority)}
      >
        <PriorityIcon priority={priority} />
        {PRIORITY_NAMES[priority as Priority]}
      </FieldButton>
      <FieldButton
        field="assignee"
        isDisabled={locked}
        values={valuesOf(issue, 'assignee')}
        onPick={(value) => setAssignee(store, [id], value === NOBODY ? undefined : value)}
      >
        <Avatar id={assignee} />
        {assignee ? personOf(assignee).name : 'Nobody'}
      </FieldButton>
      <FieldButton
        field="tags"
        isDisabled={locked}
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
