/** History's commits as a journal has them: in its log, or in memory. */
import { type Commit, decodeCommit } from '../graph/commit.js'
import { IbexError } from '../errors.js'
import type { HistorySource } from '../history/source.js'
import type { RepositoryState } from '../history/state.js'
import type { Journal } from './journal.js'
import { createPace } from './pace.js'

/** `below`: what a keyframe says that everything below the graph comes to, as long as that is not here. */
export function createHistorySource(journal: Journal, below?: RepositoryState): HistorySource {
  const { graph, repository, options, storage, fates, verdicts } = journal
  return {
    graph,
    get base() {
      return journal.boundary ? below : journal.base
    },
    standingOf: (id) => fates.of(id) ?? 'void',
    async load(ids, each) {
      const pause = createPace(repository.surroundings)
      await storage.readCommits(ids, (commit) => {
        each(commit)
        return pause()
      })
    },
    async audit(ids, each) {
      const pause = createPace(repository.surroundings)
      const unread = await storage.readCommits(ids, async (commit) => {
        await each(commit.id, decode(commit.bytes))
        await pause()
      })
      // Once more, to learn what is wrong.
      for (const id of unread) await each(id, await storage.bytesOf(id).then(decode, asError))
    },
    onAdmitted: (listener) => journal.onAdmitted.subscribe(listener),
    onWithdrawn: (listener) => journal.onWithdrawn.subscribe(listener),
    onJudged(listener) {
      const stops = [verdicts.onAccepted.subscribe(listener), verdicts.onVoid.subscribe(({ id }) => listener([id]))]
      return () => stops.forEach((stop) => stop())
    },
  }

  function decode(bytes: Uint8Array): Commit | Error {
    try {
      return decodeCommit(bytes, options.crypto.sha256)
    } catch (error) {
      return asError(error)
    }
  }
}

function asError(error: unknown): Error {
  if (error instanceof IbexError) return error
  throw error
}
