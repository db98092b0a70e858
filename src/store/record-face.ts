/** What an app says of a recording: the types of `store.record()`. */
import type { Moment } from '../history/moment.js'
import type { Redact } from '../history/redact.js'

/** Between which moments, or times; without one end from the beginning, or up to now. */
export interface RecordRange {
  readonly from?: Moment | Date | number | undefined
  readonly to?: Moment | Date | number | undefined
}

export interface RecordOptions {
  /** The repository, if not the store's own. */
  readonly in?: string | undefined
  /** What it shows, in a few words. */
  readonly title?: string | undefined
  /**
   * True for a value hides all that its action did to that item, and the item where it lies before the range. Labels and
   * times of actions stay readable, and so does who wrote.
   */
  readonly redact?: Redact | undefined
}
