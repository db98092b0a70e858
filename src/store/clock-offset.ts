/** What is to be added to this device's clock to get the authority's, learnt from what that says of the time. */

/** Less than this is the network's delay. Milliseconds. */
const TOLERANCE = 2000

/** Identity: one for each replica. */
export class ClockOffset {
  ms = 0
  private suspected: number | undefined
  /** What our clock said at the last word. */
  private heardAt = 0

  /** The first word on a connection. */
  begin(time: number, now: number): void {
    this.ms = time - now
    this.suspected = undefined
    this.heardAt = now
  }

  /** Whether it still holds: not where our clock was set back since the last word, until the next. */
  holds(now: number): boolean {
    return now >= this.heardAt
  }

  /**
   * A later word. It may have been under way for long, and then seems to be of an earlier time; so one that says that our
   * clock has gone ahead counts when the next agrees with it. Answers whether that changed anything.
   */
  hear(time: number, now: number): boolean {
    const heard = time - now
    this.heardAt = now
    const before = this.suspected
    this.suspected = undefined
    if (heard >= this.ms - TOLERANCE) {
      if (heard <= this.ms) return false
    } else if (before === undefined || Math.abs(heard - before) > TOLERANCE) {
      this.suspected = heard
      return false
    }
    this.ms = heard
    return true
  }
}
