/** The picker over the window: changes a field of the issues that it was opened for. */
import { useQuery, useStore } from 'ibex-state/react'
import { type ReactNode, useMemo } from 'react'
import { setAssignee, setPriority, setStatus, setTag } from '../data/changes.js'
import { Issue, type Priority, type Status } from '../data/issue.js'
import { createLabel } from '../data/create.js'
import { useCell } from '../shell/cell.js'
import { closeOverlay, overlay, type PickField } from '../shell/overlay.js'
import { NOBODY } from '../view/view-state.js'
import { OptionList, type Standing } from './option-list.js'
import { useOptions } from './options.js'
import { FloatingPicker } from './floating-picker.js'

export const FIELD_LABELS: Readonly<Record<PickField, string>> = {
  status: 'Change status',
  priority: 'Change priority',
  assignee: 'Assign to',
  tags: 'Change labels',
}

export function IssuePicker(): ReactNode {
  const shown = useCell(overlay)
  const picking = shown?.kind === 'pick' ? shown : null
  return (
    <FloatingPicker isOpen={picking !== null} anchor={picking?.anchor ?? null}>
      {picking && <Choices field={picking.field} ids={picking.ids} />}
    </FloatingPicker>
  )
}

/** How one of the values stands among the issues' own. */
export function valuesOf(issue: Issue, field: PickField): readonly string[] {
  if (field === 'tags') return issue.tags
  if (field === 'assignee') return [issue.assignee ?? NOBODY]
  return [String(issue[field])]
}

function Choices({ field, ids }: { field: PickField; ids: readonly string[] }): ReactNode {
  const store = useStore()
  const options = useOptions(field)
  // Of very many only the first are looked at: the marks are a hint.
  const issues = useQuery(Issue, { where: { $id: { in: ids.slice(0, 200) } } })
  const counts = useMemo(() => {
    const found = new Map<string, number>()
    for (const issue of issues) {
      for (const value of valuesOf(issue, field)) found.set(value, (found.get(value) ?? 0) + 1)
    }
    return found
  }, [issues, field])
  const standing = (value: string): Standing => {
    const count = counts.get(value) ?? 0
    return count === 0 ? 'none' : count === issues.length ? 'all' : 'some'
  }
  const choose = (value: string): void => {
    if (field === 'tags') return setTag(store, ids, value, standing(value) !== 'all')
    closeOverlay()
    if (field === 'status') setStatus(store, ids, value as Status)
    else if (field === 'priority') setPriority(store, ids, Number(value) as Priority)
    else setAssignee(store, ids, value === NOBODY ? undefined : value)
  }
  const many = ids.length > 1 ? ` of ${ids.length.toLocaleString('en')} issues` : ''
  return (
    <OptionList
      label={FIELD_LABELS[field] + many}
      options={options}
      standing={standing}
      onPick={choose}
      isMany={field === 'tags'}
      onCreate={field === 'tags' ? (name) => setTag(store, ids, createLabel(store, name), true) : undefined}
    />
  )
}
