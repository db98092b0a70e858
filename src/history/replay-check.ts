/**
 * How far a replay file can be believed, without a server: every hash, parent, time and signature in it, and whether the
 * authority has certified who wrote. What the authority's seal covers needs neither signature nor certificate (I-10).
 */
import { verifyCertificate } from '../crypto/certificate.js'
import type { CryptoPort } from '../crypto/port.js'
import { sessionIdOfKey } from '../crypto/sha256.js'
import { IbexError } from '../errors.js'
import { checkParents, decodeCommit, signedMessage } from '../graph/commit.js'
import type { CommitHeader } from '../graph/header.js'
import type { CommitId, SessionId } from '../ids.js'
import type { SignedReplay } from './replay-file.js'

/** What is wrong with a replay, if anything, and how far its commits can be believed. */
export interface ReplayReport {
  /** The first thing that does not hold, and of which commit, if of one. */
  readonly failure: { readonly commit: CommitId | undefined; readonly error: IbexError } | undefined
  /** How many commits were checked. */
  readonly commits: number
  /** How many of them a seal of the authority covers. */
  readonly sealed: number
  /** Chunks that stand as their hashes. */
  readonly redacted: number
  /** Whose word it rests on: that of the authority which was asked for, of the one that the file names, or nobody's. */
  readonly authority: 'as asked' | 'as in the file' | 'none'
  /** The sessions whose users are who their certificates say. */
  readonly certified: ReadonlySet<SessionId>
}

/**
 * Checks every commit, and that the authority has certified the session of each and of who recorded: `authority`, if it is
 * given, or else the one that the file names. Never throws for what the file holds.
 */
export async function verifyReplay(
  replay: SignedReplay,
  crypto: CryptoPort,
  authority?: Uint8Array,
): Promise<ReplayReport> {
  const trusted = authority ?? replay.authority
  const authoritySession = trusted && sessionIdOfKey(trusted)
  const voids = new Set(replay.voids)
  const headers = new Map<CommitId, CommitHeader>()
  /** What nothing vouches for yet, and why: a seal may come. */
  const doubts = new Map<CommitId, IbexError>()
  const covered = new Set<CommitId>()
  const keys = new Map<SessionId, Uint8Array>()
  const certified = new Set<SessionId>()
  let redacted = 0
  const report = (error?: IbexError, commit?: CommitId): ReplayReport => ({
    failure: error && { commit, error },
    commits: headers.size,
    sealed: covered.size,
    redacted,
    authority: !trusted ? 'none' : authority ? 'as asked' : 'as in the file',
    certified,
  })

  for (const { publicKey, certificate } of replay.sessions) {
    const session = sessionIdOfKey(publicKey)
    keys.set(session, publicKey)
    const verified = trusted && certificate && (await verifyCertificate(crypto, trusted, certificate))
    if (verified && verified.session === session) certified.add(session)
  }
  /** Why a session is not to be believed, if it is not. */
  const strangerOf = (session: SessionId): IbexError | undefined => {
    if (!keys.has(session)) return new IbexError('unknown-session', `The session ${session} is not in the file.`)
    if (!trusted || session === authoritySession || certified.has(session)) return undefined
    return new IbexError(
      'bad-certificate',
      `The authority did not certify the session ${session}. Ask for the authority that it was recorded under.`,
    )
  }
  const recorder = strangerOf(sessionIdOfKey(replay.recorder))
  // Commits prove themselves; the state that they begin from, and that some have no effect, is only said.
  if (recorder && (replay.base || voids.size > 0)) return report(recorder)

  for (const bytes of replay.commits) {
    let id: CommitId | undefined
    try {
      const commit = decodeCommit(bytes, crypto.sha256)
      id = commit.id
      const { header, signature } = commit
      if (header.repository !== replay.repository) {
        throw new IbexError('wrong-repository', `A commit of ${header.repository} in a replay of ${replay.repository}.`)
      }
      requireParents(header, headers, replay.base !== undefined)
      const isSeal = header.kind === 'seal'
      if (isSeal && trusted && header.session !== authoritySession) {
        throw new IbexError('bad-signature', `The seal ${id} is not the authority's.`)
      }
      const doubt =
        strangerOf(header.session) ??
        (signature
          ? undefined
          : new IbexError('bad-signature', `The commit ${id} is not signed, and no seal covers it.`))
      const key = keys.get(header.session)
      if (signature && key && !(await crypto.verify(key, signedMessage(header.repository, id), signature))) {
        throw new IbexError('bad-signature', `The signature of the commit ${id} is not its session's.`)
      }
      // Nothing comes to vouch for what vouches; what is void has no effect.
      if (doubt && isSeal) throw doubt
      if (doubt && !voids.has(id)) doubts.set(id, doubt)
      redacted += commit.chunks.filter((chunk) => !chunk.bytes).length
      headers.set(id, header)
      if (isSeal && trusted) for (const below of coveredBy(header, headers, covered)) doubts.delete(below)
    } catch (error) {
      if (!(error instanceof IbexError)) throw error
      return report(error, id)
    }
  }
  for (const [id, doubt] of doubts) return report(doubt, id)
  return report()
}

/** What lies below the first commits is not in the file; without a base nothing does. */
function requireParents(header: CommitHeader, known: ReadonlyMap<CommitId, CommitHeader>, hasBase: boolean): void {
  const parents = header.parents.map((parent) => known.get(parent))
  const here = header.parents.filter((_, index) => !hasBase || parents[index])
  checkParents(
    { ...header, parents: here },
    parents.filter((parent) => !hasBase || parent),
  )
}

/** What a seal covers that no earlier one did; also put into `covered`. */
function coveredBy(seal: CommitHeader, known: ReadonlyMap<CommitId, CommitHeader>, covered: Set<CommitId>): CommitId[] {
  const found: CommitId[] = []
  const open = [...seal.parents]
  for (let id = open.pop(); id; id = open.pop()) {
    const header = known.get(id)
    if (!header || covered.has(id)) continue
    covered.add(id)
    found.push(id)
    open.push(...header.parents)
  }
  return found
}
