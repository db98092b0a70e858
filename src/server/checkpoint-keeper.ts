/** When a server writes a checkpoint, so that its next start is short (protocol.md, section 6). */
import type { TimerHandle } from '../ports.js'
import { writeCheckpoint } from '../repository/checkpoint.js'
import type { Journal } from '../repository/journal.js'

/** A checkpoint is written after so many commits, or so many bytes of log. */
export const CHECKPOINT_COMMITS = 5000
export const CHECKPOINT_BYTES: number = 4 * 1024 * 1024
/** Encoding a large state holds everything up: it waits for so many milliseconds without a write, but not for ever. */
const LULL_MS = 250
/** A log whose opening had this many commits to read gets one as soon as there is a lull. */
const LONG_TAIL = 2000

export interface CheckpointKeeper {
  /** Writes one if anything came since the last. */
  write(): Promise<void>
  stop(): void
}

/** `tail`: how many commits were read from the log when it was opened. */
export function keepCheckpoints(journal: Journal, tail: number): CheckpointKeeper {
  let commits = tail
  let bytes = journal.storage.log?.size().bytes ?? 0
  let underway: Promise<void> | undefined
  let lull: TimerHandle | undefined
  const { scheduler } = journal.repository.surroundings

  async function run(): Promise<void> {
    let written: Promise<void> | undefined
    // Nothing is admitted meanwhile, so that everything in the graph is on disk; writing the file itself goes on beside it.
    await journal.exclusive(async () => {
      await journal.flush()
      commits = 0
      bytes = journal.storage.log?.size().bytes ?? 0
      written = writeCheckpoint(journal)
    })
    await written
  }

  /** A checkpoint only saves time: without it the log is read. */
  function start(): Promise<void> {
    underway ??= run()
      .catch(() => {})
      .finally(() => (underway = undefined))
    return underway
  }

  const unsubscribe = journal.storage.onStored.subscribe((ids) => {
    commits += ids.length
    const due = Math.max(
      commits / CHECKPOINT_COMMITS,
      ((journal.storage.log?.size().bytes ?? 0) - bytes) / CHECKPOINT_BYTES,
    )
    if (due < 1) return
    if (lull) scheduler.cancel(lull)
    lull = due < 2 ? scheduler.after(LULL_MS, () => void start()) : void start()
  })
  if (tail >= LONG_TAIL) lull = scheduler.after(LULL_MS, () => void start())
  return {
    async write() {
      await underway
      if (commits > 0) await start()
    },
    stop() {
      unsubscribe()
      if (lull) scheduler.cancel(lull)
    },
  }
}
