/** What was done to an issue, in words. */
import type { FieldChange } from 'ibex-state'
import type { ReactNode } from 'react'
import type { Priority, Status } from '../data/issue.js'
import { personOf } from '../data/people.js'
import { PRIORITY_NAMES, STATUS_NAMES } from '../data/terms.js'
import { Tag } from '../issue/tags.js'
import { PriorityIcon, StatusIcon } from '../look/icons.js'

export const FIELD_NAMES: Readonly<Record<string, string>> = {
  title: 'title',
  description: 'description',
  status: 'status',
  priority: 'priority',
  assignee: 'assignee',
  tags: 'labels',
  votes: 'votes',
  locked: 'lock',
}

/** One change as the end of a sentence that begins with a name. */
export function Sentence({ change }: { change: FieldChange }): ReactNode {
  const { did, field, from, to } = change
  if (did === 'create') return 'opened this'
  if (did === 'delete') return 'deleted this'
  if (did === 'restore') return 'brought this back'
  switch (field) {
    case 'title':
      return (
        <>
          renamed this <Value field={field} value={to} />
        </>
      )
    case 'description':
      return to === '' ? 'removed the description' : 'wrote the description'
    case 'status':
      return (
        <>
          moved this from <Value field={field} value={from} /> to <Value field={field} value={to} />
        </>
      )
    case 'priority':
      return (
        <>
          set the priority to <Value field={field} value={to} />
        </>
      )
    case 'assignee':
      return to === undefined ? (
        <>
          took it off <Value field={field} value={from} />
        </>
      ) : (
        <>
          assigned <Value field={field} value={to} />
        </>
      )
    case 'tags':
      return <Labels from={(from ?? []) as readonly string[]} to={(to ?? []) as readonly string[]} />
    case 'votes':
      return Number(to) >= Number(from) ? 'voted for this' : 'took a vote back'
    case 'locked':
      return to === true ? 'locked this' : 'unlocked this'
    default:
      return `changed the ${FIELD_NAMES[field] ?? field}`
  }
}

function Labels({ from, to }: { from: readonly string[]; to: readonly string[] }): ReactNode {
  const added = to.filter((id) => !from.includes(id))
  const removed = from.filter((id) => !to.includes(id))
  return (
    <>
      {added.length > 0 && 'added '}
      {added.map((id) => (
        <Tag key={id} id={id} />
      ))}
      {added.length > 0 && removed.length > 0 && ' and '}
      {removed.length > 0 && 'removed '}
      {removed.map((id) => (
        <Tag key={id} id={id} />
      ))}
    </>
  )
}

/** What a field held, small enough for a sentence. */
export function Value({ field, value }: { field: string; value: unknown }): ReactNode {
  switch (field) {
    case 'status':
      return (
        <span className="value">
          <StatusIcon status={value as Status} />
          {STATUS_NAMES[value as Status]}
        </span>
      )
    case 'priority':
      return (
        <span className="value">
          <PriorityIcon priority={value as Priority} />
          {PRIORITY_NAMES[value as Priority]}
        </span>
      )
    case 'assignee':
      return <span className="value">{value === undefined ? 'nobody' : personOf(value as string).name}</span>
    case 'tags':
      return (
        <span className="value">
          {(value as readonly string[]).length === 0
            ? 'no label'
            : (value as readonly string[]).map((id) => <Tag key={id} id={id} />)}
        </span>
      )
    case 'locked':
      return <span className="value">{value === true ? 'locked' : 'unlocked'}</span>
    default:
      return <q className="value">{typeof value === 'string' && value !== '' ? value : 'nothing'}</q>
  }
}
