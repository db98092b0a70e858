/** Time and chance that a test owns: nothing happens before it says so, and the same happens every time. */
import type { Clock, Random, Scheduler, TimerHandle } from '../ports.js'

interface Timer extends TimerHandle {
  readonly at: number
  readonly order: number
  readonly fn: () => void
}

/** Identity: one for all nodes of a simulated world. */
export class VirtualTime implements Clock, Scheduler {
  private timers: Timer[] = []
  private order = 0
  private present: number

  /** Begins at `start`, in milliseconds since 1970. */
  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.present = start
  }

  now(): number {
    return this.present
  }

  after(ms: number, fn: () => void): TimerHandle {
    const timer: Timer = { timer: undefined, at: this.present + Math.max(0, Math.ceil(ms)), order: this.order++, fn }
    this.timers.push(timer)
    return timer
  }

  cancel(handle: TimerHandle): void {
    this.timers = this.timers.filter((timer) => timer !== handle)
  }

  frame(fn: () => void): TimerHandle {
    return this.after(16, fn)
  }

  /** Lets `ms` milliseconds pass, with everything that is due and all that follows from it. */
  async pass(ms: number): Promise<void> {
    const end = this.present + ms
    await quiet()
    for (let next = this.next(end); next; next = this.next(end)) {
      this.timers = this.timers.filter((timer) => timer !== next)
      this.present = Math.max(this.present, next.at)
      next.fn()
      await quiet()
    }
    this.present = end
  }

  private next(end: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.timers) {
      if (timer.at > end) continue
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
    }
    return first
  }
}

/** Lets every promise that can go on do so. Nothing in a simulated world waits for anything but promises and its timers. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await null
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
