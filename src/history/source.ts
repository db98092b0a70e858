/** Where history gets commits from: the log here, or a peer; that is all the same to it. */
import type { Commit, LoadedCommit } from '../graph/commit.js'
import type { Graph } from '../graph/graph.js'
import type { CommitId } from '../ids.js'
import type { Unsubscribe } from '../signal.js'
import type { Standing } from './deed.js'
import type { RepositoryState } from './state.js'

/** Commits in a graph, whose bodies lie somewhere. */
export interface HistorySource {
  /** Every commit that history shows; what is below has been folded into {@link base}. */
  readonly graph: Graph
  /** What everything below the first commits of the graph comes to; undefined where, or as soon as, the graph is whole. */
  readonly base: RepositoryState | undefined
  standingOf(id: CommitId): Exclude<Standing, 'pending'>
  /** Calls `each` with those of these commits that can be had, in any order. Others run in between: nothing stutters. */
  load(ids: readonly CommitId[], each: (commit: LoadedCommit) => void): Promise<void>
  /**
   * The same with every hash computed anew; or with what is wrong, or keeps the commit from being read. What `each` answers
   * is waited for.
   */
  audit(
    ids: readonly CommitId[],
    each: (id: CommitId, found: Commit | Error) => Promise<void> | undefined | void,
  ): Promise<void>
  /** Hears of commits that came into the graph, parents first. */
  onAdmitted(listener: (ids: readonly CommitId[]) => void): Unsubscribe
  /** Hears of commits that were taken out again. */
  onWithdrawn(listener: (ids: readonly CommitId[]) => void): Unsubscribe
  /** Hears of commits that stand in another way from now on. */
  onJudged(listener: (ids: readonly CommitId[]) => void): Unsubscribe
}
