/** What lies over the window: one thing at a time. */
import type { Status } from '../data/issue.js'
import { refusePast } from '../film/film.js'
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

/** Opens the form for a new issue. */
export function openForm(status?: Status): void {
  if (!refusePast()) overlay.set({ kind: 'create', status })
}

/** Opens the picker of a field beside what shows that field of the first issue. */
export function pick(field: PickField, ids: readonly string[], at?: Element): void {
  if (ids.length === 0 || refusePast()) return
  const shown = at ?? document.querySelector(`[data-issue="${ids[0]!}"] [data-field="${field}"]`)
  overlay.set({ kind: 'pick', field, ids, anchor: shown ? boxInSight(shown) : null })
}

/** Gives the focus to the issues, where nothing else has it. */
export function focusList(): void {
  const has = document.activeElement
  if (has && has !== document.body && !has.closest('.picker')) return
  document.querySelector<HTMLElement>('.list, .board')?.focus({ preventScroll: true })
}

/** Where an element is; null where it is not seen, or has been scrolled away. */
function boxInSight(element: Element): DOMRect | null {
  const box = element.getBoundingClientRect()
  const around = element.closest('.list, .cards')?.getBoundingClientRect()
  const isOut = around !== undefined && (box.bottom <= around.top || box.top >= around.bottom)
  return isOut || box.width === 0 ? null : box
}
