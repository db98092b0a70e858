/** What an app needs that shows or records the past, in one part; see `on-demand.ts`. */
import { SharedHistory } from './shared-history.js'

export interface HistoryPart {
  readonly SharedHistory: typeof SharedHistory
}

export const historyPart: HistoryPart = { SharedHistory }
