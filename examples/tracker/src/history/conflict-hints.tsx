import type { Conflict } from 'ibex-state'
import { useConflicts } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Issue } from '../data/issue.js'
import { refusePast } from '../film/film.js'
import { Avatar } from '../look/avatar.js'
import { Icon } from '../look/icons.js'
import { authorOf } from '../shell/session.js'
import { FIELD_NAMES, Value } from './sentence.js'

/** Where two wrote at once: what is shown, and what it could be instead. */
export function ConflictHints({ id }: { id: string }): ReactNode {
  const [conflicts] = useConflicts(Issue, id, { suspense: false })
  return conflicts.map((conflict) => <Hint key={conflict.field} conflict={conflict} />)
}

function Hint({ conflict }: { conflict: Conflict<typeof Issue> }): ReactNode {
  const { field, value, by, losing, keep } = conflict
  return (
    <section className="conflict" aria-label="Written twice at once">
      <header>
        <Icon name="warning" />
        The {FIELD_NAMES[field]} was written twice at once
        <button
          type="button"
          className="quiet-button end"
          aria-label="Keep what is shown"
          title="Leave it as it is, for everybody"
          onClick={() => refusePast() || keep()}
        >
          <Icon name="close" />
        </button>
      </header>
      <ul>
        <li>
          <Avatar id={authorOf(by.by).id} />
          <span className="clip">
            <Value field={field} value={value} />
          </span>
          <span className="conflict-shown">shown</span>
        </li>
        {losing.map((lost) => (
          <li key={lost.by.action}>
            <Avatar id={authorOf(lost.by.by).id} />
            <span className="clip">
              <Value field={field} value={lost.value} />
            </span>
            <button type="button" className="text-button end" onClick={() => refusePast() || lost.take()}>
              Take this one
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
