/**
 * Putting under a ledger what lay below its floor. Nothing that is shown becomes another by it, so that all but the last step
 * is done beside what is there.
 */
import type { Deed, PastCommit, Track } from './deed.js'
import { compareCommits, mergeCommits } from './stamp-order.js'
import { compareDeeds, forgetKept } from './track.js'

/** Identity: one for each time a ledger is deepened. */
export class Deepening {
  /** What is there and what comes, by ascending stamps. */
  merged: readonly PastCommit[] = []
  private readonly there: readonly PastCommit[]
  /** What comes, by what it was done to, ascending. */
  private readonly deeds = new Map<Track, Deed[]>()

  constructor(there: readonly PastCommit[]) {
    this.there = there
  }

  /** `older` ascends. `based`: those that are there and in no track. */
  *prepare(older: readonly PastCommit[], based: readonly PastCommit[]): Generator<void, void> {
    this.merged = yield* mergeCommits(older, this.there)
    const untracked = based.length > 0 ? [...older, ...based].sort(compareCommits) : older
    for (const { deeds, standing } of untracked) {
      for (const deed of standing === 'void' ? [] : deeds) {
        const own = this.deeds.get(deed.track)
        if (own) own.push(deed)
        else this.deeds.set(deed.track, [deed])
      }
      yield
    }
  }

  /** From now on these tracks begin with nothing. All commits have their places by now. */
  ground(tracks: Iterable<Track>): void {
    for (const track of tracks) {
      const older = this.deeds.get(track)
      if (!older && !track.base) continue
      track.base = undefined
      forgetKept(track)
      if (!older) continue
      const { deeds } = track
      const isMixed = deeds.length > 0 && compareDeeds(older.at(-1)!, deeds[0]!) > 0
      for (const deed of deeds) older.push(deed)
      if (isMixed) older.sort(compareDeeds)
      deeds.length = 0
      for (const deed of older) deeds.push(deed)
    }
  }
}
