import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { setCustomNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview'
import { pointerOutsideOfPreview } from '@atlaskit/pragmatic-drag-and-drop/element/pointer-outside-of-preview'
import { useItem } from 'ibex-state/react'
import { memo, type MouseEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Issue } from '../data/issue.js'
import { personOf } from '../data/people.js'
import { codeOf, PRIORITY_NAMES } from '../data/terms.js'
import { refusePast, useIsPast } from '../film/film.js'
import { Tags } from '../issue/tags.js'
import { TitleEditor } from '../issue/title-editor.js'
import { VoteButton } from '../issue/vote-button.js'
import { Avatar } from '../look/avatar.js'
import { Icon, PriorityIcon } from '../look/icons.js'
import { editTitle, pointAt, selectTo, targetIds, toggleSelected, useMarks } from '../selection/selection.js'
import { pick, type PickField } from '../shell/overlay.js'
import { openIssue } from '../view/use-view.js'

/** An issue on the board. */
export const BoardCard = memo(function BoardCard({ id, top }: { id: string; top: number }): ReactNode {
  const [issue, setIssue] = useItem(Issue, id)
  const { isSelected, isCursor, isEditing } = useMarks(id)
  const isPast = useIsPast()
  const { card, isDragged } = useDraggable(id, issue?.status, issue?.locked ?? true)
  if (!issue) return null
  const { title, priority, assignee, tags, votes, locked } = issue
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
    <article
      ref={card}
      id={`card-${id}`}
      className="card"
      aria-label={title}
      data-issue={id}
      data-cursor={isCursor || undefined}
      data-selected={isSelected || undefined}
      data-dragged={isDragged || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onClick}
      onMouseMove={() => pointAt(id)}
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
    >
      <header>
        <span className="code">{codeOf(id)}</span>
        {locked && <Icon name="lock" />}
        <button
          type="button"
          className="cell-button end"
          data-field="assignee"
          aria-label={assignee ? `Assigned to ${personOf(assignee).name}` : 'Assigned to nobody'}
          tabIndex={-1}
          disabled={locked}
          onClick={picker('assignee')}
        >
          <Avatar id={assignee} />
        </button>
      </header>
      <div className="card-title" onDoubleClick={() => !locked && editTitle(id)}>
        {isEditing && !locked && !isPast ? (
          <TitleEditor title={title} onText={(text) => setIssue({ title: text })} />
        ) : (
          <span className="title">{title || 'Untitled'}</span>
        )}
      </div>
      <footer>
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
        <span className="card-tags" data-field="tags">
          <Tags ids={tags} most={2} />
        </span>
        <VoteButton id={id} votes={votes} />
      </footer>
      <span hidden data-field="status" />
    </article>
  )
})

/** Lets a card be dragged, with all that is selected if it is selected itself. */
function useDraggable(
  id: string,
  status: Issue['status'] | undefined,
  isFixed: boolean,
): { card: React.RefObject<HTMLElement | null>; isDragged: boolean } {
  const card = useRef<HTMLElement>(null)
  const [isDragged, setDragged] = useState(false)
  const isThere = status !== undefined
  useEffect(() => {
    if (!isThere || !card.current) return
    return combine(
      draggable({
        element: card.current,
        canDrag: () => !isFixed && !refusePast(),
        getInitialData: () => {
          const ids = targetIds()
          return { ids: ids.includes(id) ? ids : [id], status }
        },
        onGenerateDragPreview: ({ source, nativeSetDragImage }) => {
          const { length } = source.data['ids'] as readonly string[]
          if (length < 2) return
          setCustomNativeDragPreview({
            nativeSetDragImage,
            getOffset: pointerOutsideOfPreview({ x: '12px', y: '8px' }),
            render: ({ container }) => {
              const note = document.createElement('div')
              note.className = 'drag-note'
              note.textContent = `${length} issues`
              container.append(note)
            },
          })
        },
        onDragStart: () => setDragged(true),
        onDrop: () => setDragged(false),
      }),
    )
  }, [id, status, isThere, isFixed])
  return { card, isDragged }
}
