/** Which moment this window shows: the present, unless somebody has the film open and moves it. */
import type { Moment } from 'ibex-state'
import { createCell, useCell } from '../shell/cell.js'
import { toast } from '../toast/toasts.js'

interface Shown {
  readonly isOpen: boolean
  /** Null: the present. */
  readonly at: Moment | null
}

const LIVE: Shown = { isOpen: false, at: null }

export const film = createCell<Shown>(LIVE)

export const isPast = (): boolean => film.get().at !== null
export const useIsPast = (): boolean => useCell(film, ({ at }) => at !== null)

export function openFilm(): void {
  film.set({ ...film.get(), isOpen: true })
}

export function closeFilm(): void {
  film.set(LIVE)
}

export function showMoment(at: Moment | null): void {
  const shown = film.get()
  if (shown.at !== at) film.set({ ...shown, at })
}

export function backToLive(): void {
  showMoment(null)
}

/** Whether nothing can be changed, because the past is shown; then says so. */
export function refusePast(): boolean {
  if (!isPast()) return false
  toast('This is the past: nothing can be changed in it.', { label: 'Back to live', run: backToLive }, 'past')
  return true
}
