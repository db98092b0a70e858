/**
 * What the code below floor 7 asks of its surroundings. Everything that could make two runs differ is one of these, so
 * that a whole fleet can run inside one seeded simulation.
 */

/** Wall-clock time. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC, whole. */
  now(): number
}

/** Unpredictable bytes. */
export interface Random {
  bytes(length: number): Uint8Array
}

/** Running something later. A handle is opaque. */
export interface Scheduler {
  /** Calls `fn` once, at least `ms` milliseconds from now. */
  after(ms: number, fn: () => void): TimerHandle
  cancel(handle: TimerHandle): void
  /** Calls `fn` before the next paint, or soon where nothing is painted. */
  frame(fn: () => void): TimerHandle
}

/** Names a timer to its scheduler; an object of the scheduler's own. */
export interface TimerHandle {
  readonly timer: unknown
}

/** Clock, chance and scheduling together, as most parts take them. */
export interface Surroundings {
  readonly clock: Clock
  readonly random: Random
  readonly scheduler: Scheduler
  /** Set while somebody looks on. */
  probe?: Probe | undefined
}

/** Whoever looks on: devtools. It is told, and changes nothing. */
export interface Probe {
  /** An action has begun, as `window.actions[action]`. */
  acted(window: object, action: number): void
  /** A link is about to speak over `transport`: answers that, or one around it. */
  linked<T>(transport: T, link: object): T
}
