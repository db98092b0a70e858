'use client'
import { type ReactNode, useEffect } from 'react'
import { addDevtools, type DevtoolsOptions } from './corner.js'

/**
 * A button in a corner of the page, and behind it the devtools: timeline, graph, items and all else of every Ibex store in
 * the page. Nothing of it is loaded before somebody asks for it, and a production build has none of it.
 */
export function IbexDevtools({ button, keys }: DevtoolsOptions): ReactNode {
  useEffect(() => {
    // Written so that bundlers see that in production nothing of it is needed; where there is none there is no `process`.
    try {
      if (process.env.NODE_ENV !== 'production') return addDevtools({ button, keys })
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error
    }
    return undefined
  }, [button, keys])
  return null
}

/**
 * The same in a production build too. A store shows itself there only if the app opts in by
 * `createStore({ …, devtools: inspectable() })`.
 */
export function IbexDevtoolsInProduction({ button, keys }: DevtoolsOptions): ReactNode {
  useEffect(() => addDevtools({ button, keys }), [button, keys])
  return null
}
