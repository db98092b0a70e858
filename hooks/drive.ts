'use client'
/** Shows a moment of a repository's past to everything below the store's providers, because devtools say so. */
import type { History, Moment, Past, Store } from '../src/index.js'
import { storeOfPast } from './travelled.js'

/** Is told which store is to be shown in place of its own; undefined: its own again. */
export type Viewer = (driven: Store | undefined) => void

export interface Drive {
  /** Shows a moment in place of the present; null: the present again. The newest word counts. */
  show(repository: string, moment: string | null): void
}

interface Shown {
  readonly repository: string
  readonly history: History
  readonly past: Past
}

export function createDrive(store: Store, viewers: ReadonlySet<Viewer>): Drive {
  let wanted: { readonly repository: string; readonly moment: Moment } | undefined
  let shown: Shown | undefined
  let opening = false

  function tell(driven: Store | undefined): void {
    for (const viewer of Array.from(viewers)) viewer(driven)
  }

  function end(): void {
    if (!shown) return
    const { history, past } = shown
    shown = undefined
    tell(undefined)
    // Whoever rendered it reads it until the next render.
    setTimeout(() => {
      past.close()
      history.close()
    })
  }

  /** A moment that is not here leaves shown what is shown. */
  function seek(): void {
    try {
      if (wanted) shown?.past.seek(wanted.moment)
    } catch {
      // The panel knows of it: it asked for a moment that this page never had.
    }
  }

  async function open(): Promise<void> {
    if (opening) return
    opening = true
    try {
      while (wanted && wanted.repository !== shown?.repository) {
        end()
        const { repository } = wanted
        const history = await store.history({ in: repository })
        if (wanted?.repository !== repository) {
          history.close()
          continue
        }
        const past = history.checkout(history.now())
        shown = { repository, history, past }
        seek()
        tell(storeOfPast(store, repository, past, true))
      }
    } catch {
      // A history that cannot be opened cannot be shown.
      wanted = undefined
    } finally {
      opening = false
    }
  }

  return {
    show(repository, moment) {
      wanted = moment === null ? undefined : { repository, moment: moment as Moment }
      if (!wanted || shown?.history.closed) end()
      if (!wanted) return
      if (shown?.repository === repository) seek()
      else void open()
    },
  }
}
