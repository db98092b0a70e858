/** The authority's word on commits, and what follows from it: for the state, for the log, for those who wait for it. */
import { IbexError, type IbexErrorCode } from '../errors.js'
import type { Commit, CommitHead } from '../graph/commit.js'
import type { Graph } from '../graph/graph.js'
import { accept, chunkOf, voidCommit } from '../history/fold.js'
import type { CommitId, Lane, SessionId } from '../ids.js'
import type { Chunk } from '../item/change.js'
import { Signal } from '../signal.js'
import type { CommitStorage } from './commit-storage.js'
import type { Fates } from './fates.js'
import type { Repository } from './repository.js'
import type { FlushWindow } from './window.js'

/** Refusals of commits that never came are not collected without end. */
const MAX_DOOMED = 1000

/**
 * Whose word counts: `self`: this node is the authority and judges; `remote`: a server is; `none`: there is no server,
 * and the store trusts itself.
 */
export type AuthorityRole = 'self' | 'remote' | 'none'

/** Why a commit is void, as the authority said. */
export interface Refusal {
  readonly id: CommitId
  readonly code: IbexErrorCode
  readonly message: string
}

/** A commit of this session that is not accepted yet. */
export interface OwnCommit {
  /** How many actions it holds. */
  readonly actions: number
  /** What it was made of, and the lane, where this process made it. */
  readonly window?: FlushWindow
  readonly lane?: Lane
}

export interface VerdictsOptions {
  readonly graph: Graph
  readonly repository: Repository
  readonly fates: Fates
  readonly storage: CommitStorage
  readonly authority: AuthorityRole
  /** To be told after a verdict, and when a refusal was dealt with. */
  readonly onProgress: Signal
  /** Whether another tab owns the storage. */
  follows(): boolean
}

/** Identity: one for each journal. */
export class Verdicts {
  /** After commits were accepted by the authority. */
  readonly onAccepted: Signal<[readonly CommitId[]]> = new Signal()
  /** After a commit of a session was declared void. */
  readonly onVoid: Signal<[Refusal, SessionId]> = new Signal()
  readonly own: Map<CommitId, OwnCommit> = new Map()
  /** Refused commits of this session that nobody has dealt with yet, with what they wanted to change. */
  readonly refusals: Map<CommitId, Refusal & { readonly chunks: readonly Chunk[] }> = new Map()
  private readonly options: VerdictsOptions
  private readonly doomed = new Map<CommitId, Refusal>()

  constructor(options: VerdictsOptions) {
    this.options = options
  }

  /** The authority has accepted these commits and all their ancestors that are not void. */
  accept(frontier: readonly CommitId[]): void {
    const { graph, repository, fates } = this.options
    const ids = fates.accept(frontier).map((n) => graph.idAt(n))
    if (ids.length === 0) return
    for (const id of ids) {
      accept(repository.state, id)
      this.takeOwn(id)?.window?.reach('server')
    }
    repository.publishRemote()
    this.onAccepted.emit(ids)
    this.options.onProgress.emit()
  }

  /** Takes the authority's word on everything below one of its seals (I-10). */
  obey({ id, header }: CommitHead): void {
    const { fates } = this.options
    fates.lastSeal = id
    for (const voided of header.seal?.void ?? []) {
      fates.unsealedVoids.delete(voided)
      this.refuse(unexplained(voided))
    }
    this.accept([id])
  }

  /** The authority refused a commit, which may not have come here yet. */
  doom(refusal: Refusal): void {
    if (this.options.graph.has(refusal.id)) this.refuse(refusal)
    else if (this.doomed.size < MAX_DOOMED) this.doomed.set(refusal.id, refusal)
  }

  isDoomed(id: CommitId): boolean {
    return this.doomed.has(id)
  }

  /** A doomed commit has come, and was folded like any other. */
  fulfil(id: CommitId): void {
    const refusal = this.doomed.get(id)
    if (!refusal) return
    this.doomed.delete(id)
    this.refuse(refusal)
  }

  /** A void commit has come. It is not folded, unless it was stranded. */
  condemn({ id, header }: Commit, chunks: readonly Chunk[]): void {
    const { fates, storage, authority, follows } = this.options
    const refusal = this.doomed.get(id) ?? unexplained(id)
    if (this.doomed.delete(id)) fates.unsealedVoids.add(id)
    // Whoever wrote it had ended before the answer came, and its log is lost: it is told now.
    if (authority === 'remote') this.carryOut(refusal, header.session, follows() ? undefined : chunks)
    else storage.record([{ kind: 'void', ...refusal }])
  }

  /** Takes a commit's effects out of the state for good (I-11). */
  private refuse(refusal: Refusal): void {
    const { graph, fates } = this.options
    const entry = graph.get(refusal.id)
    if (!entry || fates.of(refusal.id) === 'void') return
    fates.set(entry.n, 'void')
    this.carryOut(refusal, entry.session, [])
  }

  /** `chunks`: what it changed, where that is not in the state; undefined: nobody is to be told here. */
  private carryOut(refusal: Refusal, session: SessionId, chunks: readonly Chunk[] | undefined): void {
    const { repository, storage } = this.options
    const { id, code, message } = refusal
    // Not from its bytes, which are not here where another tab has the log.
    const shown = repository.state.provisional.get(id)?.parts.map(chunkOf)
    repository.touch(voidCommit(repository.state, id))
    storage.record([{ kind: 'void', ...refusal }])
    if (chunks && session === repository.session) this.keep(refusal, shown ?? chunks)
    repository.publishRemote()
    this.takeOwn(id)?.window?.refuse(new IbexError(code, message))
    this.onVoid.emit(refusal, session)
    this.options.onProgress.emit()
  }

  /** Keeps what was refused of this session, until somebody deals with it. */
  keep(refusal: Refusal, chunks: readonly Chunk[] = []): void {
    this.refusals.set(refusal.id, { ...refusal, chunks })
  }

  /** Forgets a refusal: its changes were retried or given up. */
  settle(id: CommitId): void {
    if (!this.refusals.delete(id)) return
    this.options.storage.record([{ kind: 'void', id, code: 'closed', message: '' }])
    this.options.onProgress.emit()
  }

  private takeOwn(id: CommitId): OwnCommit | undefined {
    const own = this.own.get(id)
    this.own.delete(id)
    return own
  }
}

/** What a seal says of a commit that it lists. */
export function unexplained(id: CommitId): Refusal {
  return { id, code: 'forbidden', message: 'The authority declared this commit void.' }
}
