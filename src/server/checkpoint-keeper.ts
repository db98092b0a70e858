/**
 * When a server writes a checkpoint, so that its next start is short (protocol.md, section 6), and with it takes a keyframe
 * for new replicas, if enough came since the last.
 */
import type { TimerHandle } from '../ports.js'
import { writeCheckpoint } from '../repository/checkpoint.js'
import type { Journal } from '../repository/journal.js'
import type { KeyframeKeeper } from './keyframe-keeper.js'

export interface Rhythm {
  /** A checkpoint is written after so many commits, or so many bytes of log. */
  readonly commits: number
  readonly bytes: number
  /** A keyframe is worth its work after so many commits: with a checkpoint, or when nothing came for so many milliseconds. */
  readonly worthwhile: number
  readonly idleMs: number
}

export const RHYTHM: Rhythm = { commits: 5000, bytes: 4 * 1024 * 1024, worthwhile: 500, idleMs: 30_000 }
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
export function keepCheckpoints(
  journal: Journal,
  tail: number,
  keyframes: KeyframeKeeper,
  rhythm: Rhythm = RHYTHM,
): CheckpointKeeper {
  const { clock, scheduler } = journal.repository.surroundings
  let commits = tail
  let bytes = journal.storage.log?.size().bytes ?? 0
  let newest = clock.now()
  let underway: Promise<void> | undefined
  let lull: TimerHandle | undefined
  let idle: TimerHandle | undefined
  let stopped = false

  async function run(): Promise<void> {
    let written: Promise<void> | undefined
    // Nothing is admitted meanwhile, so that everything in the graph is on disk; writing the file itself goes on beside it.
    await journal.exclusive(async () => {
      await journal.flush()
      if (isWorthwhile()) await keyframes.renew()
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

  function isWorthwhile(): boolean {
    return keyframes.fresh >= rhythm.worthwhile
  }

  /** Whoever comes first after a busy time should not have to read all of it. */
  function waitForIdleness(ms: number): void {
    if (stopped) return
    idle ??= scheduler.after(ms, () => {
      idle = undefined
      const left = newest + rhythm.idleMs - clock.now()
      if (left > 0 && left <= rhythm.idleMs) waitForIdleness(left)
      else if (isWorthwhile()) void start()
    })
  }

  const unsubscribe = journal.storage.onStored.subscribe((ids) => {
    commits += ids.length
    newest = clock.now()
    if (isWorthwhile()) waitForIdleness(rhythm.idleMs)
    const due = Math.max(commits / rhythm.commits, ((journal.storage.log?.size().bytes ?? 0) - bytes) / rhythm.bytes)
    if (due < 1) return
    if (lull) scheduler.cancel(lull)
    lull = due < 2 ? scheduler.after(LULL_MS, () => void start()) : void start()
  })
  if (tail >= LONG_TAIL) lull = scheduler.after(LULL_MS, () => void start())
  else if (isWorthwhile()) waitForIdleness(rhythm.idleMs)
  return {
    async write() {
      await underway
      if (commits > 0) await start()
    },
    stop() {
      stopped = true
      unsubscribe()
      for (const timer of [lull, idle]) if (timer) scheduler.cancel(timer)
    },
  }
}
