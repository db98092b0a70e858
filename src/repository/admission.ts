/**
 * Taking in commits from elsewhere. Every replica checks what is a function of the commit and its ancestry alone: hash,
 * signature, session, repository, time, parents (I-9). Only the authority judges more.
 */
import { IbexError, type IbexErrorCode } from '../errors.js'
import { type Commit, checkParents, signedMessage } from '../graph/commit.js'
import { since } from '../graph/ancestry.js'
import type { CommitId, SessionId } from '../ids.js'
import { chunksOf, foldProvisional } from '../history/fold.js'
import type { Judge } from './judge.js'
import type { Chunk } from '../item/change.js'
import type { Journal } from './journal.js'
import { loadSeldomOfRepository } from './on-demand.js'
import type { Work } from './remake.js'
import type { Refusal } from './verdicts.js'

/** Where a batch comes from. */
export interface Source {
  /** The authority on its pinned key, or another tab of this device: its word on the fate of commits is believed. */
  readonly trusted: boolean
  /** The session at the other end. */
  readonly session: SessionId | undefined
  /** The other end is nearer to the authority: of two commits of one flush its own counts. */
  readonly upstream?: boolean
}

/** A commit that was not taken in. */
export interface Turned {
  readonly id: CommitId
  readonly code: IbexErrorCode
  readonly message: string
  /** The same bytes may be taken later. Otherwise they are a lie, and so is whoever sent them. */
  readonly retry: boolean
}

/** What passes with time: a session that is not certified yet, a clock that is ahead, a rule that a trusted peer vouches for. */
const RETRYABLE: ReadonlySet<IbexErrorCode> = new Set(['unknown-session', 'sign-in', 'clock-ahead', 'rate', 'full'])

export interface Admission {
  /** New in the graph, parents first. */
  readonly admitted: readonly CommitId[]
  /** Refused for good by this node, which is the authority: in the graph, but void. */
  readonly refused: readonly Refusal[]
  /** Not taken: they broke what every replica checks, or may be sent again later. */
  readonly turned: readonly Turned[]
  /** Resolves when what was admitted is durable here. */
  readonly stored: Promise<void>
}

/**
 * Takes in a batch whose parents are known or precede. Nothing of a commit that fails is applied; the others are.
 * `judge` is given by the authority only.
 */
export async function admit(
  journal: Journal,
  batch: readonly Commit[],
  source: Source,
  judge?: Judge,
): Promise<Admission> {
  const turned: Turned[] = []
  const commits = batch.filter(({ id }) => !journal.graph.has(id))
  const vouched = await findVouched(journal, commits)
  const valid = await Promise.all(
    commits.map(async (commit) => vouched.covered.has(commit.id) || isSigned(journal, commit)),
  )

  // What could not be loaded leaves the rivals for later.
  const seldom = journal.flushes.haveRivals(commits) ? await loadSeldomOfRepository().catch(() => undefined) : undefined
  const heirs = source.upstream && seldom && (await seldom.readHeirs(journal, commits))

  // From here to the end nothing waits: nobody sees half a batch.
  const { graph, repository, options } = journal
  const admitted: Commit[] = []
  const refused: Refusal[] = []
  const accepted: CommitId[] = []
  const condemned: { commit: Commit; chunks: readonly Chunk[] }[] = []
  const yielded: Work[] = []
  const declined = new Set<CommitId>()
  commits.forEach((commit, index) => {
    const { id, header } = commit
    if (graph.has(id)) return
    const obstacle = header.parents.find((parent) => declined.has(parent))
    if (obstacle) {
      declined.add(id)
      turned.push({ ...turned.find((other) => other.id === obstacle)!, id })
      return
    }
    try {
      const certain = valid[index]
      if (certain instanceof IbexError) throw certain
      checkParents(
        header,
        header.parents.map((parent) => graph.get(parent) ?? journal.boundary?.get(parent)),
      )
      const whole = commit.chunks.every((chunk) => chunk.bytes)
      const voided = vouched.voided.has(id) || journal.verdicts.isDoomed(id)
      if (!whole && !voided && !source.trusted && header.session !== source.session && !vouched.covered.has(id)) {
        throw new IbexError('protocol', 'A new commit must come whole.')
      }
      const isVouched = vouched.covered.has(id)
      const chunks = chunksOf(commit)
      requireOrder(chunks)
      if (judge && !isVouched) judge.checkTime(commit)
      const rival = journal.flushes.rivalOf(header)
      if (rival !== undefined) {
        const works = heirs && seldom && (journal.flushes.mayYield(header) ? seldom.yieldTo(journal, rival, heirs) : [])
        // One that is void makes nobody wait.
        if (works ? !journal.hasParents(commit) : !voided) {
          declined.add(id)
          turned.push({ id, code: 'protocol', message: 'Another commit of this flush is here.', retry: true })
          return
        }
        if (works) yielded.push(...works)
      }
      journal.addToGraph(commit, voided ? 'void' : 'provisional')
      admitted.push(commit)
      if (voided) {
        condemned.push({ commit, chunks })
        return
      }
      if (judge && !isVouched && header.kind === 'change') {
        const refusal = whole
          ? judge.judge(commit, chunks)
          : { id, code: 'forbidden' as const, message: 'It came without its content.' }
        if (refusal) {
          refused.push(refusal)
          return
        }
      } else {
        repository.touch(foldProvisional(repository.state, commit, chunks))
      }
      if (options.authority !== 'remote') accepted.push(id)
    } catch (error) {
      const { code, message } = requireIbexError(error)
      // What came without its content may be meant well: another will bring it whole, or a seal that lists it as void.
      const retry = RETRYABLE.has(code) || (judge !== undefined && code === 'protocol')
      turned.push({ id, code, message, retry })
      if (retry) declined.add(id)
    }
  })
  for (const { id } of refused) {
    journal.fates.set(graph.numberOf(id), 'void')
    journal.fates.unsealedVoids.add(id)
  }
  if (yielded.length > 0) seldom?.settleRivals(journal, yielded)
  if (accepted.length > 0) journal.verdicts.accept(accepted)
  for (const { commit, chunks } of condemned) journal.verdicts.condemn(commit, chunks)
  for (const seal of vouched.seals) if (graph.has(seal.id)) journal.verdicts.obey(seal)
  journal.onAdmitted.emit(admitted.map(({ id }) => id))
  for (const refusal of refused) journal.verdicts.onVoid.emit(refusal, graph.get(refusal.id)!.session)
  repository.publishRemote()
  return {
    admitted: admitted.map((commit) => commit.id),
    refused,
    turned,
    stored: journal.storage.store(
      admitted,
      refused.map((refusal) => ({ kind: 'void', ...refusal })),
    ),
  }
}

/** What the authority's seals within a batch say of the rest of it (I-10): needs no signature check, or is void. */
async function findVouched(
  journal: Journal,
  commits: readonly Commit[],
): Promise<{ seals: Commit[]; covered: Set<CommitId>; voided: Set<CommitId> }> {
  const seals: Commit[] = []
  const covered = new Set<CommitId>()
  const voided = new Set<CommitId>()
  const byId = new Map(commits.map((commit) => [commit.id, commit]))
  for (const commit of commits) {
    if (commit.header.kind !== 'seal' || (await isSigned(journal, commit)) !== true) continue
    seals.push(commit)
    covered.add(commit.id)
    for (const id of commit.header.seal?.void ?? []) voided.add(id)
    const open = [...commit.header.parents]
    for (let id = open.pop(); id; id = open.pop()) {
      const below = byId.get(id)
      if (!below || covered.has(id)) continue
      covered.add(id)
      open.push(...below.header.parents)
    }
  }
  return { seals, covered, voided }
}

/** True, or why not. */
async function isSigned(journal: Journal, commit: Commit): Promise<true | IbexError> {
  const { header, id, signature } = commit
  const { sessions, crypto } = journal.options
  const session = sessions.get(header.session)
  if (!session) {
    return new IbexError('unknown-session', `The commit ${id} is of an unknown session.`)
  }
  if (header.kind === 'seal' && (!sessions.authorityKey || sessions.authoritySession !== header.session)) {
    return new IbexError('bad-signature', `The seal ${id} is not the authority's.`)
  }
  const message = signedMessage(header.repository, id)
  if (!signature || !(await crypto.verify(session.publicKey, message, signature))) {
    return new IbexError('bad-signature', `The signature of the commit ${id} is not its session's.`)
  }
  return true
}

/** One chunk an item and version, ascending, so that a commit has one encoding. */
function requireOrder(chunks: readonly Chunk[]): void {
  for (let i = 1; i < chunks.length; i++) {
    const a = chunks[i - 1]!
    const b = chunks[i]!
    const ascends =
      a.item < b.item ||
      (a.item === b.item && (a.schema < b.schema || (a.schema === b.schema && a.version < b.version)))
    if (!ascends) throw new IbexError('malformed-bytes', 'The items of a commit are not in order.')
  }
}

function requireIbexError(error: unknown): IbexError {
  if (error instanceof IbexError) return error
  throw error
}

/** Own and foreign commits that no seal covers yet. */
export function unsealed(journal: Journal): number {
  const { graph } = journal
  return journal.fates.lastSeal ? since(graph, [journal.fates.lastSeal]).length : graph.size
}
