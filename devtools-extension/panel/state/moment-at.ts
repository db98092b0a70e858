import type { History, Moment } from '../../../src/index.js'

/** The moment at a time, or the first that can be shown. Milliseconds since 1970. */
export function momentAt(history: History, time: number): Moment {
  try {
    return history.at(time)
  } catch (error) {
    if (history.complete) throw error
    return history.begin
  }
}
