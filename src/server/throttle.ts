/** How fast one connection may speak: two token buckets. */

export interface Rate {
  /** What may come in a second, for ever. */
  readonly perSecond: number
  /** What may come at once after a pause. */
  readonly burst: number
}

export interface Throttle {
  /** Takes a message of so many bytes; answers for how many milliseconds nothing more should be read. */
  take(bytes: number, now: number): number
  /** The same for bytes that are given because they were asked for: whoever asks for much is listened to less. */
  charge(bytes: number, now: number): number
}

export function createThrottle(bytesRate: Rate, messageRate: Rate): Throttle {
  const byBytes = createBucket(bytesRate)
  const byMessages = createBucket(messageRate)
  return { take: (bytes, now) => Math.max(byBytes(bytes, now), byMessages(1, now)), charge: byBytes }
}

/** A bucket that may be overdrawn by one message, and then has to fill up again. */
function createBucket({ perSecond, burst }: Rate): (amount: number, now: number) => number {
  let tokens = burst
  let last: number | undefined
  return (amount, now) => {
    // A clock that was set back gives nothing.
    tokens = Math.min(burst, tokens + (Math.max(0, now - (last ?? now)) * perSecond) / 1000)
    last = now
    tokens -= amount
    return tokens >= 0 ? 0 : Math.ceil((-tokens * 1000) / perSecond)
  }
}
