/** The one dock of the page, which is loaded when somebody asks for it. */
import type { Dock } from './dock.js'

let dock: Promise<Dock> | undefined

/** Called after the dock opened or closed in the page. */
export const dockWatchers: Set<(isOpen: boolean) => void> = new Set()

/** Opens the devtools in the page, or closes them. In a window of their own they come to the front. */
export function toggleDevtools(): void {
  toggleDock(document.activeElement?.matches(':focus-visible') ?? false)
}

/** `byKeys`: whoever opens it goes on with the keyboard. */
export function toggleDock(byKeys: boolean): void {
  dock ??= import('./dock.js').then(({ createDock }) =>
    createDock((isOpen) => {
      for (const watcher of dockWatchers) watcher(isOpen)
    }),
  )
  void dock.then((opened) => opened.toggle(byKeys))
}

/** Whoever had it in the page is gone. */
export function closeDevtools(): void {
  void dock?.then((opened) => opened.close())
}
