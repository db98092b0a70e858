/** Which flushes of this node's session have become commits, in this process or an earlier one (I-3). */
import type { Graph } from '../graph/graph.js'
import type { CommitHeader } from '../graph/header.js'
import type { CommitId, Lane } from '../ids.js'
import type { Chunk } from '../item/change.js'
import type { Fates } from './fates.js'
import type { Repository } from './repository.js'
import type { WindowAction } from './window.js'

/** See {@link Flushes.mayYield}. */
const MAX_YIELDS = 3
/** So many commits, or up to twice as many, are known by their flushes, and those of which the authority has not spoken yet. */
const MAX_KNOWN = 2048

/** Names a flush of a session. */
export interface Flush {
  readonly lane: Lane
  readonly flush: number
}

/** What was written in a flush. */
export interface WrittenFlush extends Flush {
  readonly actions: readonly WindowAction[]
  readonly chunks: readonly Chunk[]
}

/** Identity: one for each journal. */
export class Flushes {
  /** Lanes of which the log held a commit whose past it lacked: of these a newer flush says nothing about an older one. */
  readonly holed: Set<Lane> = new Set()
  /** The newest of each lane, for a checkpoint. */
  readonly newest: Map<Lane, number> = new Map()
  /** The commits of the latest, as far as they came since the log was opened: oldest first. */
  private readonly ids = new Map<string, CommitId>()
  /** How often one commit of a flush has made way for another. */
  private readonly yields = new Map<string, number>()
  private readonly graph: Graph
  private readonly fates: Fates
  private readonly repository: Repository

  constructor(graph: Graph, fates: Fates, repository: Repository) {
    this.graph = graph
    this.fates = fates
    this.repository = repository
  }

  has({ lane, flush }: Flush): boolean {
    return flush <= (this.newest.get(lane) ?? 0)
  }

  /** Notes what a commit's header, or a checkpoint, says. */
  note(flush: Flush & { readonly session: string }): void {
    if (flush.session === this.repository.session && !this.has(flush)) this.newest.set(flush.lane, flush.flush)
  }

  /** A commit has come into the graph. */
  add(id: CommitId, header: CommitHeader): void {
    this.note(header)
    if (this.isOwnChange(header)) this.ids.set(nameOf(header), id)
    if (this.ids.size <= 2 * MAX_KNOWN) return
    // Whoever stands for another comes soon after it: what is long decided needs not be known for ever (I-17).
    for (const [name, oldest] of this.ids) {
      if (this.ids.size <= MAX_KNOWN || this.fates.of(oldest) === 'provisional') break
      this.ids.delete(name)
    }
  }

  /** Whether a commit has changes of this session, so that another may stand for it. */
  isOwnChange({ kind, session }: Pick<CommitHeader, 'kind' | 'session'>): boolean {
    return kind === 'change' && session === this.repository.session
  }

  /** The commit of a flush, if it is in the graph and came since the log was opened, and not too long ago. */
  commitOf(flush: Flush): CommitId | undefined {
    const id = this.ids.get(nameOf(flush))
    return id !== undefined && this.graph.has(id) ? id : undefined
  }

  /** The commit in the graph that has what one that came from elsewhere has. */
  rivalOf(header: CommitHeader): CommitId | undefined {
    return this.isOwnChange(header) ? this.commitOf(header) : undefined
  }

  /** Whether among these is a commit of this session whose flush another has, here or among them. */
  haveRivals(commits: readonly { readonly header: CommitHeader }[]): boolean {
    const own = commits.flatMap(({ header }) => (this.isOwnChange(header) ? [header] : []))
    return hasDoubles(own) || own.some((header) => this.commitOf(header) !== undefined)
  }

  /** Whether one commit of a flush may make way for another. Where both keep coming, both stay. */
  mayYield(flush: Flush): boolean {
    const name = nameOf(flush)
    const count = (this.yields.get(name) ?? 0) + 1
    this.yields.set(name, count)
    return count <= MAX_YIELDS
  }
}

/** Among those of one session. */
export function nameOf({ lane, flush }: Flush): string {
  return `${lane} ${flush}`
}

/** Whether two of these are the same flush. */
export function hasDoubles(flushes: readonly Flush[]): boolean {
  return new Set(flushes.map(nameOf)).size < flushes.length
}
