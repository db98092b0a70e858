/** What an app needs that shows or records the past, in one part; see `on-demand.ts`. */
import { SharedHistory } from './history.js'
import { record } from './record.js'

export interface HistoryPart {
  readonly SharedHistory: typeof SharedHistory
  readonly record: typeof record
}

export const historyPart: HistoryPart = { SharedHistory, record }
