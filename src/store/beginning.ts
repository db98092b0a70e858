/**
 * A replica that holds nothing begins from a keyframe of whoever it talks to, instead of taking all commits
 * (protocol.md, section 5): pulls its parts, sees whether it is what the authority's seal says, and begins there. Loaded
 * where that may be: at the first contact.
 */
import { IbexError } from '../errors.js'
import { type Commit, decodeCommit, signedMessage } from '../graph/commit.js'
import { hashKeyframe } from '../history/keyframe.js'
import type { CommitId } from '../ids.js'
import { begin, isBlank } from '../repository/clone.js'
import type { Journal } from '../repository/journal.js'
import type { Compression } from '../sync/batch.js'
import type { KeyframeMessage, KeyframeQuestion } from '../sync/messages.js'
import { decodeGift, Intake } from '../sync/parts.js'
import { equalBytes } from '../value/bytes.js'

export interface BeginningOptions {
  readonly journal: Journal
  /** The other end is a tab of this device, whose word needs no seal. */
  readonly kin: boolean
  readonly compression: Compression | undefined
  send(question: KeyframeQuestion): void | Promise<void>
  /** Makes a session known by its certificate. */
  introduce(credential: Uint8Array): Promise<unknown>
}

/** Parts that are asked for before the first of them has come. */
const AHEAD = 4
/** So often it is asked again for what does not come, and begun anew with another keyframe. */
const MAX_TRIES = 4
/** Certificates that are checked before it begins: a quarter of a second's work. */
const MAX_AUTHORS = 1000

/** Identity: one for each attempt to begin. */
export class Beginning {
  private readonly options: BeginningOptions
  /** Where it is to begin, if only there. */
  private readonly wanted: readonly CommitId[]
  private intake: Intake | undefined
  private asked = 0
  private tries = 0
  private heard = false

  private constructor(options: BeginningOptions, wanted: readonly CommitId[] = []) {
    this.options = options
    this.wanted = wanted
  }

  /**
   * Asks for a keyframe, by default of whatever is accepted there; undefined where the replica holds something already. `wanted`:
   * where another tab of this device began.
   */
  static ask(options: BeginningOptions, wanted?: readonly CommitId[]): Beginning | undefined {
    const { journal, kin } = options
    // What another tab has accepted may hold what this one has written; where it began did not.
    if (!isBlank(journal) || (kin && !wanted && journal.graph.size > 0)) return undefined
    const beginning = new Beginning(options, wanted)
    beginning.request(beginning.wanted, 0)
    return beginning
  }

  /** A tab that has just begun offers the same to this one, unasked. */
  static accept(options: BeginningOptions): Beginning | undefined {
    return isBlank(options.journal) ? new Beginning(options) : undefined
  }

  /**
   * Takes an answer. Resolves with the commits at which the replica has begun, once that is durable or is known not to be
   * possible now; with none where there is no keyframe; undefined: more is to come. Throws an IbexError for a lie.
   */
  async take(message: KeyframeMessage): Promise<readonly CommitId[] | undefined> {
    const { journal, compression } = this.options
    const { sha256 } = journal.options.crypto
    this.heard = true
    // What is accepted elsewhere by now may hold what this one has written.
    const isOther = this.wanted.length > 0 && message.at.join() !== this.wanted.join()
    if (message.at.length === 0 || isOther) return []
    if (!this.intake || message.at.join() !== this.intake.at.join()) {
      // Another one has taken its place meanwhile.
      if (message.part > 0) return undefined
      if (++this.tries > MAX_TRIES) return []
      this.intake = new Intake(message)
      this.asked = 1
    }
    const { intake } = this
    await intake.take(message, sha256, compression)
    const { next } = intake
    if (next === undefined) return this.finish(intake)
    for (; this.asked < Math.min(next + AHEAD, intake.parts); this.asked++) this.request(intake.at, this.asked)
    return undefined
  }

  /** To be called from time to time: asks again for what was lost on its way. Answers false where that is in vain. */
  again(): boolean {
    if (this.heard) this.tries = 0
    else if (++this.tries > MAX_TRIES) return false
    this.heard = false
    const next = this.intake?.next ?? 0
    this.asked = next + 1
    this.request(this.intake?.at ?? this.wanted, next)
    return true
  }

  private request(at: readonly CommitId[], part: number): void {
    void this.options.send({ type: 'keyframe?', repository: this.options.journal.repository.path, at, part })
  }

  private async finish(intake: Intake): Promise<readonly CommitId[]> {
    const { journal, kin } = this.options
    const { keyframe, credentials } = decodeGift(intake.whole())
    const commits = intake.commits.map((bytes) => decodeCommit(bytes, journal.options.crypto.sha256))
    if (commits.some(({ id, header }, i) => id !== intake.at[i] || header.repository !== journal.repository.path)) {
      throw new IbexError('bad-hash', 'A keyframe with other commits than it names.')
    }
    if (!kin) await this.requireSealed(commits, keyframe)
    // So that the log has the names of authors with what they wrote. Of very many the rest follows with their commits.
    await Promise.all(credentials.slice(0, MAX_AUTHORS).map((one) => this.options.introduce(one).catch(() => {})))
    const begun = await journal.exclusive(async () => {
      if (!isBlank(journal)) return false
      await begin(journal, commits, keyframe)
      return true
    })
    if (!begun) return []
    for (const one of credentials.slice(MAX_AUTHORS)) void this.options.introduce(one).catch(() => {})
    return intake.at
  }

  /** The keyframe must be the one that a seal of the pinned authority names. */
  private async requireSealed(commits: readonly Commit[], keyframe: Uint8Array): Promise<void> {
    const { crypto, sessions } = this.options.journal.options
    const [commit] = commits
    const key = sessions.authorityKey
    if (!commit || commits.length > 1 || !key || commit.header.session !== sessions.authoritySession) throw unsealed()
    const message = signedMessage(commit.header.repository, commit.id)
    if (!commit.signature || !(await crypto.verify(key, message, commit.signature))) throw unsealed()
    const named = commit.header.seal?.keyframe
    if (!named || !equalBytes(named, hashKeyframe(keyframe, crypto.sha256))) {
      throw new IbexError('bad-hash', 'A keyframe is not the one that its seal names.')
    }
  }
}

function unsealed(): IbexError {
  return new IbexError('bad-signature', 'A keyframe without a seal of the authority.')
}
