import { useItem } from 'ibex-state/react'
import { memo, type MouseEvent, type ReactNode } from 'react'
import { Issue } from '../data/issue.js'
import { personOf } from '../data/people.js'
import { codeOf, PRIORITY_NAMES, STATUS_NAMES } from '../data/terms.js'
import { useIsPast } from '../film/film.js'
import { exactDate, shortDate } from '../issue/dates.js'
import { Tags } from '../issue/tags.js'
import { TitleEditor } from '../issue/title-editor.js'
import { VoteButton } from '../issue/vote-button.js'
import { Avatar } from '../look/avatar.js'
import { Icon, PriorityIcon, StatusIcon } from '../look/icons.js'
import { editTitle, pointAt, selectTo, toggleSelected, useMarks } from '../selection/selection.js'
import { pick, type PickField } from '../shell/overlay.js'
import { openIssue } from '../view/use-view.js'

/** An issue in the list. It subscribes to its own issue: a change of one renders one row. */
export const IssueRow = memo(function IssueRow({ id, top, row }: { id: string; top: number; row: number }): ReactNode {
  const [issue, setIssue] = useItem(Issue, id)
  const { isSelected, isCursor, isEditing } = useMarks(id)
  const isPast = useIsPast()
  if (!issue) return null
  const { title, status, priority, assignee, tags, votes, opened, locked } = issue
  const picker = (field: PickField) => (event: MouseEvent) => {
    event.stopPropagation()
    pointAt(id)
    pick(field, [id], event.currentTarget)
  }
  const onClick = (event: MouseEvent): void => {
    if (event.shiftKey) selectTo(id)
    else if (event.ctrlKey || event.metaKey) toggleSelected(id)
    else {
      pointAt(id)
      openIssue(id)
    }
  }
  return (
    <div
      className="row"
      role="row"
      id={`row-${id}`}
      aria-rowindex={row}
      aria-selected={isSelected}
      data-issue={id}
      data-cursor={isCursor || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onClick}
      onMouseMove={() => pointAt(id)}
      // Else a range selected with shift would select text too.
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
    >
      <span role="gridcell" className="row-start">
        <button
          type="button"
          className="tick"
          role="checkbox"
          aria-checked={isSelected}
          aria-label={`Select ${title}`}
          tabIndex={-1}
          onClick={(event) => {
            event.stopPropagation()
            if (event.shiftKey) selectTo(id)
            else toggleSelected(id)
          }}
        >
          {isSelected && <Icon name="check" />}
        </button>
        <button
          type="button"
          className="cell-button"
          data-field="priority"
          aria-label={`Priority: ${PRIORITY_NAMES[priority as 0]}`}
          tabIndex={-1}
          disabled={locked}
          onClick={picker('priority')}
        >
          <PriorityIcon priority={priority} />
        </button>
        <span className="code">{codeOf(id)}</span>
        <button
          type="button"
          className="cell-button"
          data-field="status"
          aria-label={`Status: ${STATUS_NAMES[status]}`}
          tabIndex={-1}
          disabled={locked}
          onClick={picker('status')}
        >
          <StatusIcon status={status} />
        </button>
      </span>
      <span role="gridcell" className="row-title" onDoubleClick={() => !locked && editTitle(id)}>
        {isEditing && !locked && !isPast ? (
          <TitleEditor title={title} onText={(text) => setIssue({ title: text })} />
        ) : (
          <span className="title">{title || 'Untitled'}</span>
        )}
        {locked && (
          <span className="locked" title="Locked">
            <Icon name="lock" />
          </span>
        )}
      </span>
      <span role="gridcell" className="row-end">
        <span className="row-tags" data-field="tags">
          <Tags ids={tags} most={3} />
        </span>
        <VoteButton id={id} votes={votes} />
        <time dateTime={opened.toISOString()} title={`Opened ${exactDate(opened)}`}>
          {shortDate(opened)}
        </time>
        <button
          type="button"
          className="cell-button"
          data-field="assignee"
          aria-label={assignee ? `Assigned to ${personOf(assignee).name}` : 'Assigned to nobody'}
          tabIndex={-1}
          disabled={locked}
          onClick={picker('assignee')}
        >
          <Avatar id={assignee} />
        </button>
      </span>
    </div>
  )
})
