/** What a trace of Chromium says about the frames of a page. */

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly ts: number
  readonly dur?: number
  /** The same in time of the processor, which others on the machine do not make longer. */
  readonly tdur?: number
  readonly pid: number
  readonly tid: number
  readonly cat: string
  readonly args?: { readonly name?: string; readonly data?: { readonly url?: string; readonly frames?: unknown } }
}

export interface Trace {
  readonly traceEvents: readonly TraceEvent[]
}

export interface Frames {
  readonly frames: number
  /** Frames in which there was something to draw. */
  readonly busy: number
  /** Frames in which the main thread worked more than {@link LONG_MS}. */
  readonly long: number
  /** Milliseconds of work in a frame: the median, and what all but one of a hundred take less than. */
  readonly median: number
  readonly p99: number
}

/** Milliseconds. */
export const LONG_MS = 20
/** Less is done for a moment of the pointer that is the same as before. */
const BUSY_MS = 2
/** Sixty frames a second. Microseconds. */
const FRAME_US = 1_000_000 / 60

/** The frames between two marks that the page itself has set by `performance.mark`. */
export function framesBetween({ traceEvents }: Trace, from: string, to: string): Frames {
  const mark = (name: string): TraceEvent => {
    const found = traceEvents.find((event) => event.name === name && event.cat.includes('blink.user_timing'))
    if (!found) throw new Error(`The trace has no mark "${name}".`)
    return found
  }
  const begin = mark(from)
  const end = mark(to)
  // The marks are set by the page's main thread: its tasks are what keeps a frame waiting.
  const tasks = traceEvents
    .filter(({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && pid === begin.pid && tid === begin.tid)
    .filter(({ ts }) => ts >= begin.ts && ts < end.ts)
  const work = new Float64Array(Math.max(1, Math.ceil((end.ts - begin.ts) / FRAME_US)))
  for (const { ts, dur = 0, tdur = dur } of tasks) {
    // A task counts whole for the frame in which it begins: nothing else comes to the screen before it ends.
    work[Math.floor((ts - begin.ts) / FRAME_US)]! += tdur / 1000
  }
  const sorted = work.slice().sort()
  return {
    frames: work.length,
    busy: work.filter((ms) => ms > BUSY_MS).length,
    long: work.filter((ms) => ms > LONG_MS).length,
    median: sorted[work.length >> 1]!,
    p99: sorted[Math.floor(work.length * 0.99)]!,
  }
}
