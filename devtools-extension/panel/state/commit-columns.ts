/**
 * All commits of a history as columns, oldest first: what the overview and the graph look at whole. Read in slices, so that
 * no frame is held up, and only once: later only what is new, and what was still to be judged.
 */
import type { CommitSummary, History } from '../../../src/index.js'
import { createCell, type Live } from '../../../src/inspect/live.js'

/** How commits stand. */
export const ACCEPTED = 0
export const WAITING = 1
export const REFUSED = 2

/** Kinds of commits. */
export const KINDS: readonly CommitSummary['kind'][] = ['change', 'join', 'seal']

/** Milliseconds that a slice takes. */
const SLICE_MS = 6

export interface CommitColumns {
  readonly count: number
  /** When; never descends, although clocks may. Milliseconds since 1970. */
  readonly times: Float64Array
  readonly standings: Uint8Array
  /** Indices of {@link KINDS}. */
  readonly kinds: Uint8Array
  /** 1: a seal that is accepted stands above it, and so vouches for it. */
  readonly sealed: Uint8Array
  /** Parents of commit `i`, as indices: `parents.subarray(firstParent[i], firstParent[i + 1])`; -1: is not here. */
  readonly firstParent: Int32Array
  readonly parents: Int32Array
  /** Sessions, and their authors, by small numbers: see {@link sessions}. */
  readonly sessionOf: Uint16Array
  readonly sessions: readonly { readonly session: string; readonly by: string }[]
  readonly ids: readonly string[]
  readonly indexOf: ReadonlyMap<string, number>
  /** Who wrote any. */
  readonly authors: ReadonlySet<string>
}

const EMPTY: CommitColumns = {
  count: 0,
  times: new Float64Array(0),
  standings: new Uint8Array(0),
  kinds: new Uint8Array(0),
  sealed: new Uint8Array(0),
  firstParent: new Int32Array(1),
  parents: new Int32Array(0),
  sessionOf: new Uint16Array(0),
  sessions: [],
  ids: [],
  indexOf: new Map(),
  authors: new Set(),
}

export interface CommitReader {
  readonly columns: Live<CommitColumns>
  stop(): void
}

/** Reads until it is stopped. */
export function readCommits(history: History): CommitReader {
  const { commits } = history
  let times = new Float64Array(1024)
  let standings = new Uint8Array(1024)
  let kinds = new Uint8Array(1024)
  let sealed = new Uint8Array(1024)
  let firstParent = new Int32Array(1025)
  let parents = new Int32Array(2048)
  let ids: string[] = []
  let indexOf = new Map<string, number>()
  let sessionOf = new Uint16Array(1024)
  const sessions: { session: string; by: string }[] = []
  const numbers = new Map<string, number>()
  const authors = new Set<string>()
  /** Commits that somebody still judges. */
  let waiting: number[] = []
  let reading = false
  let stopped = false
  const columns = createCell(EMPTY)

  function take(commit: CommitSummary, i: number): void {
    if (i >= times.length) {
      times = grown(times, new Float64Array(2 * times.length))
      standings = grown(standings, new Uint8Array(2 * standings.length))
      kinds = grown(kinds, new Uint8Array(2 * kinds.length))
      sealed = grown(sealed, new Uint8Array(2 * sealed.length))
      sessionOf = grown(sessionOf, new Uint16Array(2 * sessionOf.length))
      firstParent = grown(firstParent, new Int32Array(2 * firstParent.length))
    }
    const from = firstParent[i]!
    const end = from + commit.parents.length
    if (end > parents.length) parents = grown(parents, new Int32Array(2 * end))
    for (const [n, id] of commit.parents.entries()) parents[from + n] = indexOf.get(id) ?? -1
    firstParent[i + 1] = end
    times[i] = Math.max(commit.at, i > 0 ? times[i - 1]! : 0)
    standings[i] = standingOf(commit)
    kinds[i] = KINDS.indexOf(commit.kind)
    sealed[i] = 0
    if (standings[i] === WAITING) waiting.push(i)
    ids.push(commit.id)
    indexOf.set(commit.id, i)
    sessionOf[i] = numberOf(commit)
    authors.add(commit.by)
    if (commit.kind === 'seal' && commit.standing === 'accepted') cover(i)
  }

  /** Marks what is below a seal, down to what has been marked by another: each commit once. */
  function cover(seal: number): void {
    const stack = [seal]
    for (let commit = stack.pop(); commit !== undefined; commit = stack.pop()) {
      for (let i = firstParent[commit]!; i < firstParent[commit + 1]!; i++) {
        const parent = parents[i]!
        if (parent < 0 || sealed[parent] === 1) continue
        sealed[parent] = 1
        stack.push(parent)
      }
    }
  }

  function numberOf({ session, by }: CommitSummary): number {
    const known = numbers.get(session)
    if (known !== undefined) return known
    // Beyond so many all others look alike.
    const number = Math.min(sessions.length, 0xffff)
    numbers.set(session, number)
    sessions[number] = { session, by }
    return number
  }

  /** A commit that arrives late stands among older ones: what follows it is read anew. */
  function cut(): void {
    if (ids.length === 0 || (commits.count >= ids.length && commits.at(ids.length - 1).id === ids.at(-1))) return
    let low = 0
    let high = Math.min(ids.length, commits.count)
    while (low < high) {
      const middle = (low + high) >> 1
      if (commits.at(middle).id === ids[middle]) low = middle + 1
      else high = middle
    }
    for (const id of ids.splice(low)) indexOf.delete(id)
    waiting = waiting.filter((i) => i < low)
    // What was marked below them stays so: a seal is not taken back.
  }

  function judge(): void {
    waiting = waiting.filter((i) => {
      standings[i] = standingOf(commits.at(i))
      return standings[i] === WAITING
    })
  }

  async function read(): Promise<void> {
    if (reading) return
    reading = true
    judge()
    while (!stopped) {
      cut()
      const end = performance.now() + SLICE_MS
      while (ids.length < commits.count && performance.now() < end) {
        // A few at a time: asking the clock costs more than reading one.
        for (let n = 0; n < 64 && ids.length < commits.count; n++) take(commits.at(ids.length), ids.length)
      }
      columns.set({
        count: ids.length,
        times,
        standings,
        kinds,
        sealed,
        firstParent,
        parents,
        sessionOf,
        sessions,
        ids,
        indexOf,
        authors,
      })
      if (ids.length === commits.count) break
      await new Promise((resolve) => setTimeout(resolve))
    }
    reading = false
  }

  const unsubscribe = history.subscribe(() => void read())
  void read()
  return {
    columns,
    stop() {
      stopped = true
      unsubscribe()
      ids = []
      indexOf = new Map()
    },
  }
}

function standingOf({ standing }: CommitSummary): number {
  return standing === 'accepted' ? ACCEPTED : standing === 'void' ? REFUSED : WAITING
}

function grown<T extends Float64Array | Uint8Array | Uint16Array | Int32Array>(from: T, to: T): T {
  to.set(from)
  return to
}
