/**
 * What lies below a boundary, on request (protocol.md, section 5). Whoever asks names the commits at its lower edge; the
 * answer goes down from there, children before parents. So each commit of it must be one that is named by what the asker
 * holds already: the chain of hashes is checked as it comes, and needs no memory at the side that answers.
 */
import type { Entry, Graph } from '../graph/graph.js'
import type { CommitId } from '../ids.js'

/** Bytes of commits in one answer, and how many. With one commit more it fits into a frame, however little it deflates. */
export const OLDER_BYTES: number = 384 * 1024
export const OLDER_COMMITS = 4096
/** Ids of a lower edge. It is as wide as commits were written beside each other between two seals: a few dozen. */
export const MAX_EDGE = 16_384

export interface Older {
  /** Children before parents. */
  readonly entries: readonly Entry[]
  /** What follows. */
  readonly next: readonly CommitId[]
}

/**
 * Commits and their ancestors, newest first, as many as fit. Unknown ids are passed over. Costs what it finds, not what is
 * below. `parentsBeyond`: of a shallow graph, the parents of an entry that are not in it.
 */
export function walkDown(
  graph: Graph,
  ids: readonly CommitId[],
  most: { readonly bytes: number; readonly commits: number },
  parentsBeyond: (entry: Entry) => readonly CommitId[] = () => [],
): Older {
  // Ascending, so that the newest is taken from the end.
  const open: number[] = []
  const note = (n: number): void => {
    let low = 0
    for (let high = open.length; low < high;) {
      const middle = (low + high) >> 1
      if (open[middle]! < n) low = middle + 1
      else high = middle
    }
    if (open[low] !== n) open.splice(low, 0, n)
  }
  const known = ids.map((id) => graph.numberOf(id)).filter((n) => n >= 0)
  open.push(...[...new Set(known)].sort((a, b) => a - b))
  const entries: Entry[] = []
  const beyond = new Set<CommitId>()
  let bytes = 0
  while (open.length > 0 && bytes < most.bytes && entries.length < most.commits) {
    const entry = graph.at(open.pop()!)
    entries.push(entry)
    bytes += entry.size
    for (const parent of entry.parents) note(parent)
    for (const id of parentsBeyond(entry)) beyond.add(id)
  }
  return { entries, next: [...open.map((n) => graph.idAt(n)), ...beyond] }
}
