/**
 * Verification: whether what is here is what was signed. Every commit is hashed anew from its bytes; its signature, its
 * parents and its time are checked, and of seals what they say of what is below them.
 */
import type { CryptoPort } from '../crypto/port.js'
import { IbexError, type IbexErrorCode } from '../errors.js'
import { covers, since } from '../graph/ancestry.js'
import { checkParents, type Commit, signedMessage } from '../graph/commit.js'
import type { Graph } from '../graph/graph.js'
import type { CommitId, RepositoryPath, SessionId } from '../ids.js'
import { equalBytes } from '../value/bytes.js'
import { chunksOf, foldAccepted } from './fold.js'
import { encodeKeyframe, hashKeyframe } from './keyframe.js'
import type { HistorySource } from './source.js'
import { RepositoryState } from './state.js'

/** So many signatures are checked at once. */
const AT_ONCE = 64

/** What is wrong with a commit. */
export interface Fault {
  readonly commit: string
  readonly code: IbexErrorCode
  readonly message: string
  /** When it says it was made; milliseconds since 1970. */
  readonly at: number
}

export interface VerifyContext {
  readonly source: HistorySource
  readonly crypto: Pick<CryptoPort, 'verify' | 'sha256'>
  readonly path: RepositoryPath
  /** The session that signs seals, if it is known. */
  readonly authority: SessionId | undefined
  keyOf(session: SessionId): Uint8Array | undefined
  /** Undefined, or something to await so that others run. */
  pause(): Promise<void> | undefined
  progress(done: number, of: number): void
  /** Throws to end it. */
  check(): void
}

export interface Verified {
  readonly commits: number
  readonly sealed: number
  /** Parents before children. */
  readonly faults: readonly Fault[]
}

export async function verifyCommits(context: VerifyContext): Promise<Verified> {
  const { source } = context
  const { graph } = source
  const ids = Array.from({ length: graph.size }, (_, n) => graph.idAt(n))
  const faults = new Map<CommitId, Fault>()
  const unsigned: CommitId[] = []
  const seals: Commit[] = []
  const checks = new Set<Promise<void>>()
  let done = 0

  const blame = (id: CommitId, error: unknown): void => {
    if (faults.has(id)) return
    const code = error instanceof IbexError ? error.code : 'storage'
    const message = error instanceof Error ? error.message : String(error)
    faults.set(id, { commit: id, code, message, at: graph.get(id)?.time.ms ?? 0 })
  }

  await source.audit(ids, (id, found) => {
    context.check()
    context.progress(++done, ids.length)
    if (found instanceof Error) {
      blame(id, found)
      return
    }
    try {
      checkCommit(context, graph, id, found)
    } catch (error) {
      blame(id, error)
    }
    if (found.header.kind === 'seal') seals.push(found)
    if (!found.signature) {
      unsigned.push(id)
      return
    }
    const checked: Promise<void> = checkSignature(context, found)
      .catch((error: unknown) => blame(id, error))
      .finally(() => checks.delete(checked))
    checks.add(checked)
    return checks.size < AT_ONCE ? undefined : Promise.race(checks)
  })
  await Promise.all(checks)

  const good = seals.filter(({ id }) => !faults.has(id)).sort((a, b) => graph.numberOf(a.id) - graph.numberOf(b.id))
  const covered = new Set<CommitId>()
  let before: { readonly id: CommitId; readonly below: number } | undefined
  for (const seal of good) {
    // Nearly every seal descends from the one before.
    const descends: boolean = before !== undefined && covers(graph, [seal.id], before.id)
    const found = since(graph, descends ? [before!.id] : [], [seal.id])
    for (const { id } of found) covered.add(id)
    const below = found.length - 1 + (descends ? before!.below + 1 : 0)
    try {
      checkSeal(source, seal, below)
    } catch (error) {
      blame(seal.id, error)
    }
    before = { id: seal.id, below }
    await context.pause()
  }
  for (const id of unsigned) {
    if (!covered.has(id))
      blame(id, new IbexError('bad-signature', `The commit ${id} is not signed, and no seal covers it.`))
  }
  // What is altered is named already, and would only be named once more.
  if (faults.size === 0) await checkKeyframes(context, good, blame)
  const list = [...faults.values()].sort(
    (a, b) => graph.numberOf(a.commit as CommitId) - graph.numberOf(b.commit as CommitId),
  )
  return { commits: ids.length, sealed: covered.size, faults: list }
}

/** What can be said of a commit without its signature. */
function checkCommit({ path, authority, source }: VerifyContext, graph: Graph, id: CommitId, commit: Commit): void {
  const { header } = commit
  if (commit.id !== id) throw new IbexError('bad-hash', `What is stored as the commit ${id} is another.`)
  if (header.repository !== path) {
    throw new IbexError('wrong-repository', `The commit ${id} was signed for ${header.repository}.`)
  }
  // Below what is here there may be a state instead of commits.
  const parents = source.base ? header.parents.filter((parent) => graph.has(parent)) : header.parents
  checkParents(
    { ...header, parents },
    parents.map((parent) => graph.get(parent)),
  )
  const entry = graph.get(id)!
  if (entry.session !== header.session || entry.time.ms !== header.time.ms || entry.kind !== header.kind) {
    throw new IbexError('storage-damaged', `What is known of the commit ${id} is not what it says.`)
  }
  if (header.kind === 'seal' && authority !== undefined && header.session !== authority) {
    throw new IbexError('bad-signature', `The seal ${id} is not the authority's.`)
  }
  chunksOf(commit)
}

async function checkSignature({ crypto, path, keyOf }: VerifyContext, commit: Commit): Promise<void> {
  const { id, header, signature } = commit
  const key = keyOf(header.session)
  if (!key) throw new IbexError('unknown-session', `The commit ${id} is of a session whose key is not here.`)
  if (!(await crypto.verify(key, signedMessage(path, id), signature!))) {
    throw new IbexError('bad-signature', `The signature of the commit ${id} is not its session's.`)
  }
}

/** What a seal says of what is below it: so many commits are here. */
function checkSeal({ graph, base, standingOf }: HistorySource, { id, header }: Commit, below: number): void {
  const seal = header.seal!
  if (!base && below < seal.count) {
    throw new IbexError('bad-parents', `The seal ${id} covers ${seal.count} commits, of which ${below} are here.`)
  }
  for (const voided of seal.void) {
    if (!covers(graph, [id], voided)) {
      throw new IbexError('bad-parents', `The seal ${id} lists ${voided}, which is not below it.`)
    }
    if (standingOf(voided) !== 'void') {
      throw new IbexError('storage-damaged', `The seal ${id} lists ${voided} as void, but it counts here.`)
    }
  }
}

/**
 * Whether the state that seals name, from which new devices begin, is what everything below them comes to. Where some of that is
 * not here, or is withheld from this reader, nothing is said.
 */
async function checkKeyframes(
  { source, crypto, pause, check }: VerifyContext,
  seals: readonly Commit[],
  blame: (id: CommitId, error: IbexError) => void,
): Promise<void> {
  const { graph, base, standingOf } = source
  if (base) return
  let state = new RepositoryState()
  let before: CommitId | undefined
  for (const { id, header } of seals) {
    const named = header.seal!.keyframe
    if (!named) continue
    if (before !== undefined && !covers(graph, [id], before)) {
      state = new RepositoryState()
      before = undefined
    }
    const ids = since(graph, before === undefined ? [] : [before], [id]).flatMap((entry) =>
      entry.kind === 'change' && standingOf(entry.id) !== 'void' ? entry.id : [],
    )
    let read = 0
    await source.load(ids, (commit) => {
      check()
      if (commit.chunks.some(({ bytes }) => bytes === null)) return
      foldAccepted(state, commit)
      read++
    })
    if (read < ids.length) return
    before = id
    if (!equalBytes(hashKeyframe(encodeKeyframe(state), crypto.sha256), named)) {
      blame(id, new IbexError('bad-hash', `The seal ${id} names another state than all that is below it comes to.`))
    }
    await pause()
  }
}
