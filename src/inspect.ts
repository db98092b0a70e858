/** The door `ibex-state/inspect`: opens a store to devtools in production. */
export { inspectable, type InspectOptions } from './inspect/inspectable.js'
export type { Redact, Where } from './inspect/masks.js'
export type { Inspectable } from './store/options.js'
