/** What lies over the window: one thing at a time. */
import type { Status } from '../data/issue.js'
import { createCell } from './cell.js'

export type PickField = 'status' | 'priority' | 'assignee' | 'tags'

export type Overlay =
  | { readonly kind: 'create'; readonly status?: Status | undefined }
  | { readonly kind: 'menu' }
  | { readonly kind: 'help' }
  | {
      readonly kind: 'pick'
      readonly field: PickField
      readonly ids: readonly string[]
      readonly anchor: DOMRect | null
    }
  | { readonly kind: 'filter'; readonly anchor: DOMRect | null }
  | { readonly kind: 'sort'; readonly anchor: DOMRect | null }

export const overlay = createCell<Overlay | null>(null)

export const closeOverlay = (): void => overlay.set(null)

/** Opens the picker of a field beside what shows that field of the first issue. */
export function pick(field: PickField, ids: readonly string[], at?: Element): void {
  if (ids.length === 0) return
  const shown = at ?? document.querySelector(`[data-issue="${ids[0]!}"] [data-field="${field}"]`)
  const box = shown?.getBoundingClientRect()
  const isVisible = box !== undefined && box.width > 0 && box.bottom > 0 && box.top < innerHeight
  overlay.set({ kind: 'pick', field, ids, anchor: isVisible ? box : null })
}
