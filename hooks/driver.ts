'use client'
/**
 * Lets devtools show the past in place of the present: `src/inspect/driving.ts` finds a driver on the store, under a symbol of
 * the whole page. What it takes to drive is loaded when somebody does.
 */
import type { Store } from '../src/index.js'
import type { Drive, Viewer } from './drive.js'

const DRIVER: unique symbol = Symbol.for('ibex-state.driver') as never

interface Driver {
  show(repository: string, moment: string | null): void
  readonly viewers: Set<Viewer>
}

/** Until what is returned is called. */
export function letDrive(store: Store & { [DRIVER]?: Driver }, viewer: Viewer): () => void {
  const { viewers } = (store[DRIVER] ??= createDriver(store))
  viewers.add(viewer)
  return () => {
    viewers.delete(viewer)
    if (viewers.size === 0) delete store[DRIVER]
  }
}

function createDriver(store: Store): Driver {
  const viewers = new Set<Viewer>()
  let drive: Promise<Drive> | undefined
  return {
    viewers,
    show(repository, moment) {
      drive ??= import('./drive.js').then(({ createDrive }) => createDrive(store, viewers))
      void drive.then((loaded) => loaded.show(repository, moment))
    },
  }
}
