import { useBlame, useHistory, useRepositoryHistory, useStore } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Issue } from '../data/issue.js'
import { ago, exactDate } from '../issue/dates.js'
import { Avatar } from '../look/avatar.js'
import { Icon } from '../look/icons.js'
import { useNow } from '../shell/now.js'
import { authorOf } from '../shell/session.js'
import { restoreField } from './restore.js'
import { FIELD_NAMES, Value } from './sentence.js'
import { storyOf } from './story.js'

export type BlamedField = 'title' | 'description' | 'status' | 'priority' | 'assignee' | 'tags'

/** What an action stands on, and how that is shown. */
const VOUCHERS = {
  seal: 'Sealed by the server',
  signature: 'Signed by its author',
  pending: 'Not signed yet',
} as const

/** Who set a field, when, and what it was before. */
export function BlameLine({ id, field }: { id: string; field: BlamedField | null }): ReactNode {
  const store = useStore()
  const now = useNow()
  const history = useRepositoryHistory({ suspense: false })
  const [blame] = useBlame(Issue, field && id, field ?? 'title', { suspense: false })
  const [entries] = useHistory(Issue, field && id, { field: field ?? 'title', suspense: false })
  if (!field || !blame || !history) return <p className="blame" aria-hidden="true" />
  const author = authorOf(blame.by)
  const line = storyOf(entries, id).find((each) => each.entries.some((entry) => entry.id === blame.action))
  const change = line?.changes.find((each) => each.field === field && each.did !== 'create')
  return (
    <p className="blame">
      <Avatar id={author.id} />
      <span className="clip" title={exactDate(blame.at)}>
        {author.name} set the {FIELD_NAMES[field]} {ago(blame.at, now)}
      </span>
      <span className="voucher" data-by={blame.verified} title={VOUCHERS[blame.verified]}>
        <Icon name={blame.verified === 'pending' ? 'clock' : 'check'} />
        <span className="unseen">{VOUCHERS[blame.verified]}</span>
      </span>
      {change && (
        <button
          type="button"
          className="text-button end"
          title={`Restore the ${FIELD_NAMES[field]}`}
          onClick={() => restoreField(store, history, id, field, change.from)}
        >
          <Icon name="back" />
          <span className="unseen">Restore</span>
          <Value field={field} value={change.from} />
        </button>
      )}
    </p>
  )
}
