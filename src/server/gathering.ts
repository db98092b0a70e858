/**
 * The authority looks at the frames of one answer together: a seal at its end vouches for what precedes it, and is all that
 * can be said for commits whose rules or certificates have changed since.
 */
import { decodeCommit } from '../graph/commit.js'
import type { CommitId } from '../ids.js'
import type { Journal } from '../repository/journal.js'
import type { Gathering } from '../store/conversation.js'
import type { Batch } from '../sync/batch.js'

/** An answer holds four mebibytes of commits at most. */
const MAX_GATHERED_BYTES = 5 * 1024 * 1024

/** To be made for each conversation. */
export function createGathering({ graph, options }: Journal): Gathering {
  let gathered: Batch | undefined
  let bytes = 0
  /** The newest seal of the other end. */
  let claimedSeal: CommitId | undefined

  /**
   * Where an answer was cut before a seal that is still to come, what no seal in it covers is left for the next answer:
   * judging it now could void what was accepted long ago (I-10).
   */
  function vouchedPart(batch: Batch): Batch {
    if (!batch.partial || !claimedSeal || graph.has(claimedSeal)) return batch
    const covered = new Set<CommitId>()
    const kept = [...batch.commits]
    for (let i = kept.length - 1; i >= 0; i--) {
      const { id, header } = decodeCommit(kept[i]!, options.crypto.sha256)
      if (header.kind !== 'seal' && !covered.has(id)) kept.splice(i, 1)
      else for (const known of [id, ...header.parents]) covered.add(known)
    }
    return kept.length > 0 ? { ...batch, commits: kept } : batch
  }

  return {
    expect(seal) {
      claimedSeal = seal
    },
    take(batch) {
      const before = gathered
      gathered = undefined
      // What waited for more of another answer waits no longer.
      const ready = before && before.round !== batch.round ? [before] : []
      const first = before?.round === batch.round ? before : undefined
      const whole = first
        ? {
            ...batch,
            credentials: first.credentials.concat(batch.credentials),
            commits: first.commits.concat(batch.commits),
          }
        : batch
      bytes = (first ? bytes : 0) + batch.commits.reduce((sum, { length }) => sum + length, 0)
      if (!batch.more || bytes > MAX_GATHERED_BYTES) return [...ready, vouchedPart(whole)]
      gathered = whole
      return ready
    },
    get held() {
      return gathered ? bytes : 0
    },
  }
}
