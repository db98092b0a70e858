/** When the checkpoints of a replica's logs are written. They are a convenience: without one, opening takes longer. */
import type { Journal } from '../repository/journal.js'
import { loadSeldomOfRepository } from '../repository/on-demand.js'
import type { Scheduler, TimerHandle } from '../ports.js'

/** Once so many commits came since the last, one is written. */
const COMMITS = 5000
/** A log that takes this many commits to replay gets one when the app has started. */
const COMMITS_AT_OPENING = 1000
/** Which is so many milliseconds after it was opened. */
const STARTED_MS = 3000

/** Identity: one for each replica. */
export class Checkpoints {
  private readonly scheduler: Scheduler
  private readonly timers: TimerHandle[] = []

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler
  }

  /** From now on, as commits come. */
  watch(journal: Journal): void {
    let since = 0
    journal.onAdmitted.subscribe((ids) => {
      since += ids.length
      if (since < COMMITS || !journal.storage.log || journal.options.follows()) return
      since = 0
      void write(journal)
    })
  }

  /** A log was opened, and so many commits of it had to be read. */
  opened(journal: Journal, tail: number): void {
    if (tail > COMMITS_AT_OPENING) this.timers.push(this.scheduler.after(STARTED_MS, () => void write(journal)))
  }

  stop(): void {
    for (const timer of this.timers) this.scheduler.cancel(timer)
  }
}

async function write(journal: Journal): Promise<void> {
  // They are not in the graph, and would not be read again.
  if (journal.stranded.size > 0) return
  try {
    await journal.flush()
    const { writeCheckpoint } = await loadSeldomOfRepository()
    await writeCheckpoint(journal)
  } catch {
    // The next one will be.
  }
}
