import type { History, TimelineEntry } from 'ibex-state'
import { useHistory, useRepositoryHistory, useStore } from 'ibex-state/react'
import { type ReactNode, useMemo, useState } from 'react'
import { Issue } from '../data/issue.js'
import { ago, exactDate } from '../issue/dates.js'
import { Avatar } from '../look/avatar.js'
import { Icon } from '../look/icons.js'
import { useNow } from '../shell/now.js'
import { authorOf } from '../shell/session.js'
import { restoreIssue } from './restore.js'
import { Sentence } from './sentence.js'
import { type StoryLine, storyOf } from './story.js'

/** So many actions are told at first, and more each time one asks. */
const FEW = 40

interface StoryProps {
  readonly id: string
  /** The line whose moment is shown above. */
  readonly peeked: string | null
  readonly onPeek: (line: StoryLine | null) => void
}

/** What happened to an issue, newest first. A line shows the issue as it was then, and brings it back. */
export function StoryList({ id, peeked, onPeek }: StoryProps): ReactNode {
  const store = useStore()
  const [limit, setLimit] = useState(FEW)
  const [entries, status] = useHistory(Issue, id, { limit, suspense: false })
  const history = useRepositoryHistory({ suspense: false })
  const lines = useMemo(() => storyOf(entries, id), [entries, id])
  if (status !== 'ready' || !history) {
    return (
      <p className="story-note">{status === 'loading' ? 'Reading the history…' : 'The history is not here yet.'}</p>
    )
  }
  return (
    <>
      <ol className="story">
        {lines.map((line, at) => (
          <Line
            key={line.key}
            line={line}
            isNewest={at === 0}
            isPeeked={line.key === peeked}
            onPeek={onPeek}
            restore={() => {
              onPeek(null)
              restoreIssue(store, history, id, momentAfter(history, line))
            }}
          />
        ))}
      </ol>
      {entries.length === limit && (
        <button type="button" className="text-button story-more" onClick={() => setLimit(limit * 4)}>
          Show earlier changes
        </button>
      )}
    </>
  )
}

/** The moment after a line; while it is in no commit yet that is the present. */
export function momentAfter(history: History, { entries }: StoryLine): NonNullable<TimelineEntry['moment']> {
  return entries[0]!.moment ?? history.now()
}

interface LineProps {
  readonly line: StoryLine
  readonly isNewest: boolean
  readonly isPeeked: boolean
  readonly onPeek: (line: StoryLine | null) => void
  readonly restore: () => void
}

function Line({ line, isNewest, isPeeked, onPeek, restore }: LineProps): ReactNode {
  const { entries, changes } = line
  const now = useNow()
  const { by, at, undone, undoes, redoes, standing } = entries[0]!
  const author = authorOf(by)
  return (
    <li className="story-line" data-undone={undone || undefined} data-peeked={isPeeked || undefined}>
      <Avatar id={author.id} />
      <button
        type="button"
        className="story-text"
        aria-pressed={isPeeked}
        title={isPeeked ? 'Back to the present' : 'Look at the issue as it was then'}
        onClick={() => onPeek(isPeeked ? null : line)}
      >
        <span className="story-words">
          <strong>{author.name}</strong>{' '}
          {(undoes || redoes) && <span className="story-mark">{undoes ? 'undid' : 'redid'}</span>}
          {changes.map((change, i) => (
            <span key={`${change.field}-${change.key ?? ''}`}>
              {i > 0 && ', '}
              <Sentence change={change} />
            </span>
          ))}
          {standing === 'void' && <span className="story-mark">refused</span>}
        </span>
        <time dateTime={new Date(at).toISOString()} title={exactDate(at)}>
          {ago(at, now)}
        </time>
      </button>
      {!isNewest && (
        <button
          type="button"
          className="quiet-button story-restore"
          title="Restore this"
          aria-label="Restore this"
          onClick={restore}
        >
          <Icon name="back" />
        </button>
      )}
    </li>
  )
}
