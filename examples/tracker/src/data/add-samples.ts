import type { Store } from 'ibex-state'
import { refusePast } from '../film/film.js'
import { toast } from '../toast/toasts.js'
import { addSample } from './seed.js'

/** Adds issues that nobody has seen before, and says so, or why it could not. */
export function addSamples(store: Store, count: number): void {
  if (refusePast()) return
  addSample(store, count, Date.now(), Date.now()).then(
    () => toast(`${count.toLocaleString('en')} issues added`),
    (error: unknown) => toast(error instanceof Error ? error.message : 'They could not be added.'),
  )
}
