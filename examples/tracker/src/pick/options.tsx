/** What can be picked for a field of an issue. */
import { useQuery } from 'ibex-state/react'
import type { CSSProperties, ReactNode } from 'react'
import { Label, PRIORITIES, STATUSES } from '../data/issue.js'
import { TEAM, personOf } from '../data/people.js'
import { PRIORITY_NAMES, STATUS_NAMES } from '../data/terms.js'
import { Avatar } from '../look/avatar.js'
import { PriorityIcon, StatusIcon } from '../look/icons.js'
import type { PickField } from '../shell/overlay.js'
import { me } from '../shell/session.js'
import { NOBODY } from '../view/view-state.js'

export interface Option {
  readonly value: string
  readonly name: string
  readonly icon: ReactNode
}

export const STATUS_OPTIONS: readonly Option[] = STATUSES.map((status) => ({
  value: status,
  name: STATUS_NAMES[status],
  icon: <StatusIcon status={status} />,
}))

export const PRIORITY_OPTIONS: readonly Option[] = PRIORITIES.map((priority) => ({
  value: String(priority),
  name: PRIORITY_NAMES[priority],
  icon: <PriorityIcon priority={priority} />,
}))

const isKnown = TEAM.some(({ id }) => id === me)

export const PERSON_OPTIONS: readonly Option[] = [
  { value: NOBODY, name: 'Nobody', icon: <Avatar id={undefined} /> },
  ...[...(isKnown ? [] : [personOf(me)]), ...TEAM].map(({ id, name }) => ({
    value: id,
    name: id === me ? `${name} (you)` : name,
    icon: <Avatar id={id} />,
  })),
]

export function LabelDot({ hue }: { hue: number }): ReactNode {
  return <span className="dot" style={{ '--hue': hue } as CSSProperties} />
}

/** The options of a field; labels as they are now. */
export function useOptions(field: PickField): readonly Option[] {
  const labels = useQuery(Label, field === 'tags' ? { orderBy: 'name' } : null)
  if (field === 'status') return STATUS_OPTIONS
  if (field === 'priority') return PRIORITY_OPTIONS
  if (field === 'assignee') return PERSON_OPTIONS
  return labels.map(({ $id, name, hue }) => ({ value: $id, name, icon: <LabelDot hue={hue} /> }))
}
