/** Short news at the edge of the window. */
import { createCell } from '../shell/cell.js'

export interface Toast {
  readonly key: number
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void } | undefined
}

export const toasts = createCell<readonly Toast[]>([])

let last = 0

/** Shows `text`; a second toast with the same `action.label` leaves the first standing, so that both can be undone. */
export function toast(text: string, action?: Toast['action']): void {
  toasts.set([...toasts.get().slice(-2), { key: ++last, text, action }])
}

export function dismiss(key: number): void {
  toasts.set(toasts.get().filter((one) => one.key !== key))
}

/** Runs the action of the newest toast that has one: ctrl+z. */
export function runNewestAction(): void {
  const newest = toasts.get().findLast(({ action }) => action)
  if (!newest) return
  dismiss(newest.key)
  newest.action!.run()
}
