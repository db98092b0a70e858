/**
 * What of the past of a replica's repositories is not here, and how it comes: in the background, or when somebody looks. What
 * goes down into it is loaded when a repository began from a keyframe.
 */
import type { IbexError } from '../errors.js'
import type { RepositoryPath } from '../ids.js'
import type { Descent, OlderAnswer, OlderQuestion } from '../repository/descent.js'
import type { Journal } from '../repository/journal.js'
import type { TimerHandle } from '../ports.js'
import type { HistoryStatus } from './face.js'
import { loadPast } from './past-on-demand.js'

export interface DescentsOptions {
  /** Whether all of the past comes to this device by itself. */
  readonly mode: 'full' | 'on-demand'
  /** Asks whoever has more: the server, or the tab that leads. */
  ask(path: RepositoryPath, question: OlderQuestion): Promise<OlderAnswer>
  introduce(credential: Uint8Array): Promise<unknown>
  distrusted(path: RepositoryPath, error: IbexError): void
  /** A status has changed; not more often than somebody can read it. */
  changed(): void
}

const CHANGED_MS = 200

/** Identity: one for each replica. */
export class Descents {
  private readonly options: DescentsOptions
  private readonly loading = new Map<Journal, Promise<Descent>>()
  private readonly loaded = new Map<Journal, Descent>()
  private told: TimerHandle | undefined

  constructor(options: DescentsOptions) {
    this.options = options
  }

  /** From now on commits that are not here are asked for where they are. */
  watch(journal: Journal): void {
    journal.storage.elsewhere = async (ids, each) => {
      const { readElsewhere } = await loadPast()
      const { path } = journal.repository
      const { ask, introduce } = this.options
      const others = { ask: (question: OlderQuestion) => ask(path, question), introduce }
      return readElsewhere(others, journal.options.crypto.sha256, ids, each)
    }
    journal.onBegun.subscribe(() => this.begun(journal))
    journal.onWhole.subscribe(() => this.change(journal))
  }

  /** A repository is shallow, since now or an earlier session. */
  begun(journal: Journal): void {
    // Other tabs cannot have the past from elsewhere: what gives it to them is loaded as long as it can be.
    loadPast().catch(() => {})
    this.change(journal)
  }

  /** Somebody who has more can be reached: goes on in the background, if it should. */
  resume(journal: Journal): void {
    if (this.options.mode === 'on-demand' || !lacks(journal)) return
    // What could not be loaded now may be at the next connection.
    this.of(journal).then(
      (descent) => descent.start(),
      () => {},
    )
  }

  /** Goes down into the past of a repository. */
  of(journal: Journal): Promise<Descent> {
    let descent = this.loading.get(journal)
    if (descent) return descent
    descent = loadPast().then(({ Descent }) => {
      const { ask, introduce, distrusted } = this.options
      const { path } = journal.repository
      const made = new Descent({
        journal,
        ask: (question) => ask(path, question),
        introduce,
        distrusted: (error) => distrusted(path, error),
      })
      made.onChange.subscribe(() => this.change(journal))
      this.loaded.set(journal, made)
      return made
    })
    this.loading.set(journal, descent)
    descent.catch(() => this.loading.delete(journal))
    return descent
  }

  /** Lets go of a repository. */
  stop(journal: Journal): void {
    this.loaded.get(journal)?.stop()
    this.loading.delete(journal)
    this.loaded.delete(journal)
  }

  statusOf(journal: Journal): HistoryStatus {
    const { boundary, graph } = journal
    const { running = false, firstBad } = this.loaded.get(journal) ?? {}
    const older = boundary?.size ?? 0
    const here = graph.size + older
    const total = boundary ? Math.max(here + boundary.edge.length, graph.size + (boundary.count ?? 0)) : here
    const verified = boundary ? graph.size : here - (journal.unchecked ?? 0)
    const state = firstBad ? 'damaged' : verified === total ? 'complete' : running ? 'verifying' : 'partial'
    return { state, here, verified, total, firstBad }
  }

  private change({ repository }: Journal): void {
    this.told ??= repository.surroundings.scheduler.after(CHANGED_MS, () => {
      this.told = undefined
      this.options.changed()
    })
  }
}

function lacks({ boundary, unchecked }: Journal): boolean {
  return boundary !== undefined || (unchecked ?? 0) > 0
}
