/**
 * The frontiers of the prefixes of a list of commits that ascends by stamps, and what a frontier leaves out of a prefix.
 * Every prefix is closed under ancestry, because a parent's stamp is smaller than its child's.
 */
import type { PastCommit } from './deed.js'

const BLOCK = 256

/** Identity: one for each list. */
export class Frontiers {
  private readonly commits: readonly PastCommit[]
  /** The frontier of the first `i * BLOCK` commits. */
  private readonly blocks: ReadonlySet<PastCommit>[] = [new Set()]

  constructor(commits: readonly PastCommit[]) {
    this.commits = commits
  }

  /** The list changed from a place on. */
  forget(from: number): void {
    this.blocks.length = Math.min(this.blocks.length, Math.floor(from / BLOCK) + 1)
  }

  /** Those of the first `count` commits that are no ancestors of others of them. */
  of(count: number): Set<PastCommit> {
    const { blocks } = this
    const wanted = Math.floor(count / BLOCK)
    for (let block = blocks.length; block <= wanted; block++) {
      blocks.push(this.extend(blocks[block - 1]!, (block - 1) * BLOCK, block * BLOCK))
    }
    return this.extend(blocks[wanted]!, wanted * BLOCK, count)
  }

  /** Those of the first `count` commits that are neither in a frontier nor ancestors of it. */
  missing(frontier: ReadonlySet<PastCommit>, count: number): Set<PastCommit> {
    const found = new Set<PastCommit>()
    const whole = this.of(count)
    // The usual case: nothing came late.
    if (whole.size === frontier.size && [...whole].every((commit) => frontier.has(commit))) return found
    const reached = new Set(frontier)
    const wanted = new Set(whole)
    for (const commit of frontier) wanted.delete(commit)
    for (let i = count - 1; wanted.size > 0 && i >= 0; i--) {
      const commit = this.commits[i]!
      const isReached = reached.delete(commit)
      if (!wanted.delete(commit) && !isReached) continue
      if (!isReached) found.add(commit)
      for (const parent of commit.parents) {
        if (isReached) {
          reached.add(parent)
          wanted.delete(parent)
        } else if (!reached.has(parent)) wanted.add(parent)
      }
    }
    return found
  }

  /** Those of some commits, which ascend, that are ancestors of others of them. */
  below(of: readonly PastCommit[]): Set<PastCommit> {
    const wanted = new Set(of)
    const found = new Set<PastCommit>()
    const open = new Set<PastCommit>()
    const lowest = of[0]?.index ?? 0
    for (let i = of.at(-1)?.index ?? -1; i >= lowest; i--) {
      const commit = this.commits[i]!
      const isBelow = open.delete(commit)
      const isWanted = wanted.has(commit)
      if (isBelow && isWanted) found.add(commit)
      if (!isBelow && !isWanted) continue
      // A commit that joins everything before it: all of that is below.
      if (open.size === 0 && i % BLOCK === 0 && this.of(i + 1).size === 1) {
        for (const each of of) if (each.index < i) found.add(each)
        break
      }
      for (const parent of commit.parents) open.add(parent)
    }
    return found
  }

  private extend(frontier: ReadonlySet<PastCommit>, from: number, to: number): Set<PastCommit> {
    const extended = new Set(frontier)
    for (let i = from; i < to; i++) {
      const commit = this.commits[i]!
      for (const parent of commit.parents) extended.delete(parent)
      extended.add(commit)
    }
    return extended
  }
}
