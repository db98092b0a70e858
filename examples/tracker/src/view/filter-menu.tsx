/** The menu that filters, and the one that sorts. */
import { type ReactNode, useState } from 'react'
import type { Priority, Status } from '../data/issue.js'
import type { Sort } from './view-state.js'
import { Icon, type IconName } from '../look/icons.js'
import { FloatingPicker } from '../pick/floating-picker.js'
import { OptionList } from '../pick/option-list.js'
import { type Option, useOptions } from '../pick/options.js'
import { useCell } from '../shell/cell.js'
import { closeOverlay, overlay, type PickField } from '../shell/overlay.js'
import { showView, useView } from './use-view.js'
import { SORTS, toggled, type Filters } from './view-state.js'

const KEYS = { status: 'statuses', priority: 'priorities', assignee: 'assignees', tags: 'tags' } as const

const FIELDS: readonly (Option & { readonly value: PickField })[] = (
  [
    ['status', 'Status', 'bolt'],
    ['priority', 'Priority', 'sort'],
    ['assignee', 'Assignee', 'person'],
    ['tags', 'Label', 'tag'],
  ] as const satisfies readonly (readonly [PickField, string, IconName])[]
).map(([value, name, icon]) => ({ value, name, icon: <Icon name={icon} /> }))

export const SORT_NAMES: Readonly<Record<Sort, string>> = {
  priority: 'Priority',
  updated: 'Last change',
  opened: 'Newest',
  votes: 'Votes',
  title: 'Title',
  assignee: 'Assignee',
}
const SORT_OPTIONS: readonly Option[] = SORTS.map((sort) => ({
  value: sort,
  name: SORT_NAMES[sort],
  icon: <Icon name="sort" />,
}))

/** What a view filters a field by. */
export function filterValues(filters: Filters, field: PickField): readonly string[] {
  return filters[KEYS[field]].map(String)
}

/** The change of a view that filters a field by other values. */
export function filterBy(field: PickField, values: readonly string[]): Partial<Filters> {
  if (field === 'status') return { statuses: values as readonly Status[] }
  if (field === 'priority') return { priorities: values.map((value) => Number(value) as Priority) }
  return { [KEYS[field]]: values }
}

export function FilterMenu(): ReactNode {
  const shown = useCell(overlay)
  const isFilter = shown?.kind === 'filter'
  const isSort = shown?.kind === 'sort'
  return (
    <FloatingPicker isOpen={isFilter || isSort} anchor={isFilter || isSort ? shown.anchor : null}>
      {isFilter && <FilterChoices />}
      {isSort && <SortChoices />}
    </FloatingPicker>
  )
}

function FilterChoices(): ReactNode {
  const [field, setField] = useState<PickField | null>(null)
  if (field) return <ValueChoices field={field} />
  return (
    <OptionList
      label="Filter by"
      options={FIELDS}
      standing={() => 'none'}
      onPick={(value) => setField(value as PickField)}
    />
  )
}

function ValueChoices({ field }: { field: PickField }): ReactNode {
  const view = useView()
  const options = useOptions(field)
  const values = filterValues(view, field)
  return (
    <OptionList
      label={FIELDS.find(({ value }) => value === field)!.name}
      options={options}
      standing={(value) => (values.includes(value) ? 'all' : 'none')}
      onPick={(value) => showView(filterBy(field, toggled(values, value)), { replace: true })}
      isMany
    />
  )
}

function SortChoices(): ReactNode {
  const { sort } = useView()
  return (
    <OptionList
      label="Sort by"
      options={SORT_OPTIONS}
      standing={(value) => (value === sort ? 'all' : 'none')}
      onPick={(value) => {
        closeOverlay()
        showView({ sort: value as Sort })
      }}
    />
  )
}
