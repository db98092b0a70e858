'use client'
/** The door `ibex-state/devtools`. */
export { addDevtools, type Corner, type DevtoolsOptions } from './corner.js'
export { IbexDevtools, IbexDevtoolsInProduction } from './ibex-devtools.js'
export { toggleDevtools } from './page-dock.js'
