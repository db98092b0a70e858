/**
 * Where changes come from, as items see it: an ordered thing, one object a commit, shared by all that it wrote. A change's
 * stamp is its origin and its place among the commit's changes of the item; the changes of one origin are always applied
 * together and in that order, so that the later of two with one origin simply wins.
 */
import type { CommitId, SessionId } from '../ids.js'

/** Compared by {@link compareOrigins}. Made by {@link settledOrigin} or {@link pendingOrigin} only. */
export interface Origin {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly ms: number
  readonly counter: number
  /** Empty while the changes are in no commit yet. */
  readonly id: CommitId | ''
  readonly session: SessionId
}

/** The part of a hybrid time that an origin needs. */
interface Time {
  readonly ms: number
  readonly counter: number
}

/** The origin of a commit's changes. */
export function settledOrigin(time: Time, id: CommitId, session: SessionId): Origin {
  return make(time.ms, time.counter, id, session)
}

/**
 * The origin of changes that no commit holds yet; later than every settled one. `now` is only shown, not compared. Of
 * several at once, the one with the greater `sequence` is later.
 */
export function pendingOrigin(session: SessionId, now: number, sequence: number = 0): Origin {
  return make(now, sequence, '', session)
}

/**
 * Makes a pending origin, in place, that of its commit. The time must be greater than that of all that was folded
 * (which I-5 demands of every commit), and pending origins settle in their order: then no comparison changes its answer.
 */
export function settleOrigin(origin: Origin, time: Time, id: CommitId): void {
  const writable = origin as { -readonly [K in keyof Origin]: Origin[K] }
  writable.ms = time.ms
  writable.counter = time.counter
  writable.id = id
}

/** Negative, zero or positive: by time, then by commit id, so that ties fall neither to an author nor to who came first. */
export function compareOrigins(a: Origin, b: Origin): number {
  if (a === b) return 0
  const aPending = a.id === ''
  if (aPending !== (b.id === '')) return aPending ? 1 : -1
  if (aPending) return a.counter - b.counter
  return a.ms - b.ms || a.counter - b.counter || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

function make(ms: number | undefined, counter: number, id: CommitId | '', session: SessionId): Origin {
  return { ms: ms!, counter, id, session }
}

// Shows V8 once that `ms` need not be a number: then it keeps a pointer to the number, which all snapshots of a commit's
// items share, where it would otherwise copy the number into each (16 bytes a field).
make(undefined, 0, '', '' as SessionId)
