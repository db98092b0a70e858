import type { ReactNode } from 'react'
import { Icon } from '../look/icons.js'
import { useOptions } from '../pick/options.js'
import { overlay, type PickField } from '../shell/overlay.js'
import { filterBy, filterValues } from './filter-menu.js'
import { showView, useView } from './use-view.js'
import { isFiltered, NO_FILTERS } from './view-state.js'

const FIELDS: readonly (readonly [PickField, string])[] = [
  ['status', 'Status'],
  ['priority', 'Priority'],
  ['assignee', 'Assignee'],
  ['tags', 'Label'],
]

/** What the view filters by, each to be taken away. */
export function FilterBar(): ReactNode {
  const view = useView()
  if (!isFiltered(view)) return null
  return (
    <div className="filter-bar" role="group" aria-label="Filters">
      {FIELDS.map(([field, name]) => {
        const values = filterValues(view, field)
        return values.length > 0 && <FilterChip key={field} field={field} name={name} values={values} />
      })}
      {view.text !== '' && (
        <span className="filter-chip">
          <span className="filter-name">Title</span>
          <span className="filter-values">contains “{view.text}”</span>
          <button type="button" aria-label="Clear search" onClick={() => showView({ text: '' })}>
            <Icon name="close" />
          </button>
        </span>
      )}
      <button
        type="button"
        className="quiet-button"
        aria-label="Add a filter"
        onClick={(event) => overlay.set({ kind: 'filter', anchor: event.currentTarget.getBoundingClientRect() })}
      >
        <Icon name="plus" />
      </button>
      <button type="button" className="text-button end" onClick={() => showView({ ...NO_FILTERS, text: '' })}>
        Clear
      </button>
    </div>
  )
}

function FilterChip({ field, name, values }: { field: PickField; name: string; values: readonly string[] }): ReactNode {
  const options = useOptions(field).filter(({ value }) => values.includes(value))
  return (
    <span className="filter-chip">
      <span className="filter-name">{name}</span>
      <span className="filter-values">
        {options.map((option) => (
          <span key={option.value} className="filter-value">
            {option.icon}
            {option.name}
          </span>
        ))}
      </span>
      <button
        type="button"
        aria-label={`Clear the filter by ${name.toLowerCase()}`}
        onClick={() => showView(filterBy(field, []))}
      >
        <Icon name="close" />
      </button>
    </span>
  )
}
