/** What is needed where OPFS does not work, or once did not, in one part; see `on-demand.ts`. */
import { absorb } from './absorb.js'
import { openIndexedDbLog } from './indexeddb-log.js'
import { createMemoryStorage, createMemoryValues } from './memory.js'

export interface Fallback {
  readonly absorb: typeof absorb
  readonly openIndexedDbLog: typeof openIndexedDbLog
  readonly createMemoryStorage: typeof createMemoryStorage
  readonly createMemoryValues: typeof createMemoryValues
}

export const fallback: Fallback = { absorb, openIndexedDbLog, createMemoryStorage, createMemoryValues }
