import { useStore } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { deleteIssues } from '../data/changes.js'
import { Icon, type IconName } from '../look/icons.js'
import { pick, type PickField } from '../shell/overlay.js'
import { clearSelection, targetIds, useSelectedCount } from './selection.js'

const FIELDS: readonly (readonly [PickField, string, IconName])[] = [
  ['status', 'Status', 'bolt'],
  ['priority', 'Priority', 'sort'],
  ['assignee', 'Assignee', 'person'],
  ['tags', 'Labels', 'tag'],
]

/** What can be done to all that is selected. */
export function SelectionBar(): ReactNode {
  const store = useStore()
  const count = useSelectedCount()
  if (count === 0) return null
  return (
    <div className="selection-bar" role="toolbar" aria-label="Selected issues">
      <span className="selection-count">{count.toLocaleString('en')} selected</span>
      {FIELDS.map(([field, name, icon]) => (
        <button key={field} type="button" onClick={(event) => pick(field, targetIds(), event.currentTarget)}>
          <Icon name={icon} />
          {name}
        </button>
      ))}
      <button type="button" onClick={() => deleteIssues(store, targetIds())}>
        <Icon name="trash" />
        Delete
      </button>
      <button type="button" aria-label="Clear selection" onClick={clearSelection}>
        <Icon name="close" />
      </button>
    </div>
  )
}
