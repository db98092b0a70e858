/**
 * Group commit: while one batch is being made durable the next one gathers, so the number of syncs follows the disk's
 * speed, not the number of records, and a lone record never waits for a timer.
 */
import { closed } from './failure.js'
import type { Position } from './port.js'

/** One batch writes at most this much, so that nobody waits for another's megabytes. */
const BATCH_BYTES = 256 * 1024

export interface GroupCommit {
  append(payload: Uint8Array): Promise<Position>
  flush(): Promise<void>
  /** Refuses further appends; resolves when those that wait have succeeded or failed. */
  close(): Promise<void>
}

/**
 * `write` makes a batch durable and gives a position for each. It is not called again before it has settled, unless
 * `overlapping`: then every batch is handed on in the task that appended it.
 */
export function createGroupCommit(
  write: (payloads: readonly Uint8Array[]) => Promise<readonly Position[]>,
  overlapping: boolean = false,
): GroupCommit {
  interface Waiting {
    readonly payload: Uint8Array
    resolve(position: Position): void
    reject(error: unknown): void
  }
  const queue: Waiting[] = []
  let running: Promise<void> | undefined
  let open = true
  const outstanding = new Set<Promise<Position>>()

  async function pump(): Promise<void> {
    // One turn of the microtask queue: what a task appends in a row goes out together.
    await Promise.resolve()
    while (queue.length > 0) {
      let count = 1
      for (let bytes = queue[0]!.payload.length; count < queue.length; count++) {
        bytes += queue[count]!.payload.length
        if (bytes > BATCH_BYTES) break
      }
      const batch = queue.splice(0, count)
      const done = write(batch.map((waiting) => waiting.payload)).then(
        (positions) => batch.forEach((waiting, index) => waiting.resolve(positions[index]!)),
        (error) => batch.forEach((waiting) => waiting.reject(error)),
      )
      if (!overlapping) await done
    }
    running = undefined
  }

  return {
    append(payload) {
      if (!open) return Promise.reject(closed())
      const done = new Promise<Position>((resolve, reject) => queue.push({ payload, resolve, reject }))
      outstanding.add(done)
      const settled = (): void => void outstanding.delete(done)
      done.then(settled, settled)
      running ??= pump()
      return done
    },
    async flush() {
      await Promise.all(outstanding)
    },
    async close() {
      open = false
      await Promise.allSettled(outstanding)
    },
  }
}

/** Runs what it is given one after the other, whatever becomes of each. */
export function createTurns(): <T>(step: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (step) => {
    const done = last.then(step, step)
    last = done
    return done
  }
}
