/** Time and chance that a test owns: nothing happens before it says so, and the same happens every time. */
import type { Clock, Random, Scheduler, TimerHandle } from '../ports.js'

interface Timer extends TimerHandle {
  readonly at: number
  readonly order: number
  /** Undefined once it was cancelled. */
  fn: (() => void) | undefined
}

/** Identity: one for all nodes of a simulated world. */
export class VirtualTime implements Clock, Scheduler {
  /** A binary heap: no timer is due before that at half its place. */
  private readonly timers: Timer[] = []
  private readonly quiet: () => Promise<void>
  private order = 0
  private present: number

  /**
   * Begins at `start`, in milliseconds since 1970. `quiet` lets every promise that can go on do so. The default counts
   * turns; where the platform has tasks that wait for the end of all promise work, a wait for one is exact, and faster.
   */
  constructor(start: number = Date.UTC(2026, 0, 1), quiet: () => Promise<void> = manyTurns) {
    this.present = start
    this.quiet = quiet
  }

  now(): number {
    return this.present
  }

  after(ms: number, fn: () => void): TimerHandle {
    const timer: Timer = { timer: undefined, at: this.present + Math.max(0, Math.ceil(ms)), order: this.order++, fn }
    const { timers } = this
    let place = timers.push(timer) - 1
    for (let above = (place - 1) >> 1; place > 0 && isBefore(timer, timers[above]!); above = (place - 1) >> 1) {
      timers[place] = timers[above]!
      place = above
    }
    timers[place] = timer
    return timer
  }

  cancel(handle: TimerHandle): void {
    const timer = handle as Timer
    timer.fn = undefined
  }

  frame(fn: () => void): TimerHandle {
    return this.after(16, fn)
  }

  /** Lets `ms` milliseconds pass, with everything that is due and all that follows from it. */
  async pass(ms: number): Promise<void> {
    const end = this.present + ms
    await this.quiet()
    for (let next = this.next(end); next; next = this.next(end)) {
      this.present = Math.max(this.present, next.at)
      next.fn?.()
      await this.quiet()
    }
    this.present = end
  }

  /** Takes out the first timer that is due by `end`. */
  private next(end: number): Timer | undefined {
    for (let first = this.timers[0]; first && (first.at <= end || !first.fn); first = this.timers[0]) {
      this.removeFirst()
      if (first.fn) return first
    }
    return undefined
  }

  private removeFirst(): void {
    const { timers } = this
    const last = timers.pop()!
    if (timers.length === 0) return
    let place = 0
    for (;;) {
      let below = 2 * place + 1
      if (below + 1 < timers.length && isBefore(timers[below + 1]!, timers[below]!)) below++
      if (below >= timers.length || !isBefore(timers[below]!, last)) break
      timers[place] = timers[below]!
      place = below
    }
    timers[place] = last
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

/** Nothing in a simulated world waits for anything but promises and its timers. */
async function manyTurns(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve()
}

/** Pseudo-random bytes by a seed: mulberry32. Not for secrets. */
export function seededRandom(seed: number): Random & { /** Uniform in [0, 1). */ fraction(): number } {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  return {
    fraction: () => next() / 2 ** 32,
    bytes(length) {
      const bytes = new Uint8Array(length)
      for (let i = 0; i < length; i++) bytes[i] = next() & 255
      return bytes
    },
  }
}
