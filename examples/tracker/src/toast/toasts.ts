/** Short news at the edge of the window. */
import { createCell } from '../shell/cell.js'

export interface Toast {
  readonly key: number
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void } | undefined
  /** What it is about, where only the newest is of interest. */
  readonly topic?: string | undefined
}

export const toasts = createCell<readonly Toast[]>([])

let last = 0

/** Shows `text`, in the place of what was said of the same `topic`. Without one, others stay, so that each can be undone. */
export function toast(text: string, action?: Toast['action'], topic?: string): void {
  const others = toasts.get().filter((one) => topic === undefined || one.topic !== topic)
  toasts.set([...others.slice(-2), { key: ++last, text, action, topic }])
}

export function dismiss(key: number): void {
  toasts.set(toasts.get().filter((one) => one.key !== key))
}
