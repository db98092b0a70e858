/** What the strip of time draws: the commits that were read, and before them those of which only an index is here. */
import type { History } from '../../../src/index.js'
import { createCell, type Live } from '../../../src/inspect/live.js'
import type { CommitColumns } from './commit-columns.js'

export interface Strip {
  readonly count: number
  /** When; never descends. Milliseconds since 1970. */
  readonly times: Float64Array
  /** As those of {@link CommitColumns}. */
  readonly standings: Uint8Array
  /** Moments of the first so many cannot be shown yet. */
  readonly begin: number
}

/** Until the history is closed. */
export function followStrip(history: History, columns: Live<CommitColumns>): Live<Strip> {
  const { commits } = history
  let older = commits.olderTimes()
  let read = columns.get()
  const strip = createCell(stripOf(older, read))
  const follow = (): void => {
    if (history.closed) return
    const [nextOlder, nextRead] = [commits.olderTimes(), columns.get()]
    if (nextOlder === older && nextRead === read) return
    // All that was below has come, and takes a while to be read: until then it stays as it is.
    if (nextOlder.length < older.length && nextRead.count < commits.count) return
    older = nextOlder
    read = nextRead
    strip.set(stripOf(older, read))
  }
  columns.subscribe(follow)
  history.subscribe(follow)
  return strip
}

export function stripOf(older: Float64Array, { count, times, standings }: CommitColumns): Strip {
  const begin = older.length
  if (begin === 0) return { count, times, standings, begin }
  const all = new Float64Array(begin + count)
  all.set(older)
  // Clocks differ.
  for (let i = 0; i < count; i++) all[begin + i] = Math.max(times[i]!, older[begin - 1]!)
  const allStandings = new Uint8Array(begin + count)
  allStandings.set(standings.subarray(0, count), begin)
  return { count: begin + count, times: all, standings: allStandings, begin }
}
