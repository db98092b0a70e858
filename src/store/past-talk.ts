/**
 * What the two ends of a conversation say beside the ordinary exchange: one that holds nothing begins from a keyframe of the
 * other, and one that began so asks for what lies below. Loaded where that is said.
 */
import { IbexError } from '../errors.js'
import type { CommitId, SessionId } from '../ids.js'
import type { OlderAnswer, OlderQuestion } from '../repository/descent.js'
import type { Journal } from '../repository/journal.js'
import { type Compression, readBlobs, unpack } from '../sync/batch.js'
import type { HistoryMessage, KeyframeMessage, PastMessage } from '../sync/messages.js'
import type { Whole } from '../sync/parts.js'
import { Beginning } from './beginning.js'
import { Giving, type GivingOptions } from './giving.js'

export interface PastTalkOptions {
  readonly journal: Journal
  /** Who is at the other end. */
  readonly session: SessionId | undefined
  /** The other end is a tab of this device. */
  readonly kin: boolean
  /** Whether this end, if it holds nothing, begins from a keyframe of the other. */
  readonly begins: boolean
  /** A keyframe for who holds nothing; a tab gets one of what is accepted now, if there are so many commits. */
  readonly offered?: (() => Promise<Whole | undefined>) | undefined
  readonly offersFrom?: number | 'never' | undefined
  readonly further?: GivingOptions['further']
  readonly compression: Compression | undefined
  send(message: PastMessage | Uint8Array): void | Promise<void>
  /** So many bytes were given on request. */
  charge(bytes: number): void
  /** What was given does not hold: it was not taken. */
  distrusted(error: IbexError): void
  /** The attempt to begin has ended: at these commits; with none, nothing has begun. */
  begun(at: readonly CommitId[]): Promise<void>
  introduce(credential: Uint8Array): Promise<unknown>
}

/** Milliseconds after which an answer is no longer waited for. */
const ANSWER_MS = 20_000

/** Identity: one for each conversation. */
export class PastTalk {
  private readonly options: PastTalkOptions
  private readonly giving: Giving
  private beginning: Beginning | undefined
  private readonly asked = new Map<number, { resolve(answer: OlderAnswer): void; reject(error: unknown): void }>()
  private rounds = 0
  private followed = false
  private ended = false

  constructor(options: PastTalkOptions) {
    const { journal, session, kin, offersFrom, offered, further, compression } = options
    this.options = options
    this.giving = new Giving({
      journal,
      session,
      offered,
      kin: kin && offersFrom !== 'never' ? { from: offersFrom ?? Number.POSITIVE_INFINITY } : undefined,
      further,
      compression,
      send: (frame) => options.send(frame),
      charge: (bytes) => options.charge(bytes),
    })
  }

  /** Whether this end is about to begin: nothing else is taken meanwhile. */
  get begins(): boolean {
    return this.beginning !== undefined
  }

  /** Asks for a keyframe; answers whether there is a use for one. */
  tryToBegin(wanted?: readonly CommitId[]): boolean {
    this.beginning = this.ended ? undefined : Beginning.ask(this.options, wanted)
    return this.begins
  }

  /** A tab that has only what it wrote itself begins where the one that it follows began meanwhile: it tries once. */
  follow(at: readonly CommitId[]): boolean {
    const { kin, begins } = this.options
    if (this.followed || !kin || !begins || at.length === 0) return false
    this.followed = true
    return this.tryToBegin(at)
  }

  /** Offers what is here to a tab that holds nothing, unasked. */
  offer(): void {
    this.giving.offer().catch(() => {})
  }

  async take(message: PastMessage): Promise<void> {
    switch (message.type) {
      case 'keyframe?':
        await this.giving.answer(message)
        return
      case 'history?':
        // Who asks others first must not keep what else comes waiting.
        void this.giving.history(message)
        return
      case 'keyframe':
        await this.takeKeyframe(message)
        return
      default:
        await this.takeHistory(message)
    }
  }

  /** Asks for older commits. */
  ask(question: OlderQuestion): Promise<OlderAnswer> {
    const { journal, send } = this.options
    const { path, surroundings } = journal.repository
    if (this.ended) return Promise.reject(unreachable())
    const round = ++this.rounds
    return new Promise((resolve, reject) => {
      this.asked.set(round, { resolve, reject })
      surroundings.scheduler.after(ANSWER_MS, () => {
        if (this.asked.delete(round)) reject(unreachable())
      })
      void send({ type: 'history?', repository: path, round, ...question })
    })
  }

  /** To be called from time to time: what was lost on its way is asked for again. */
  tick(): void {
    if (this.beginning?.again() === false) this.giveUp()
  }

  /** The other end does not know something that it was asked. */
  misunderstood(): void {
    this.forget(new IbexError('protocol', 'The server is of a release that does not give older commits.'))
    if (this.beginning) this.giveUp()
  }

  end(): void {
    this.ended = true
    this.beginning = undefined
    this.forget(unreachable())
  }

  private async takeKeyframe(message: KeyframeMessage): Promise<void> {
    const { begins, kin, distrusted, begun } = this.options
    if (!this.beginning && begins && kin && message.part === 0) this.beginning = Beginning.accept(this.options)
    const { beginning } = this
    let at: readonly CommitId[] | undefined
    try {
      at = await beginning?.take(message)
    } catch (error) {
      if (!(error instanceof IbexError)) throw error
      distrusted(error)
      at = []
    }
    if (!at || this.beginning !== beginning) return
    this.beginning = undefined
    await begun(at)
  }

  private async takeHistory({ round, credentials, lacking, next, ...packed }: HistoryMessage): Promise<void> {
    const answer = this.asked.get(round)
    if (!answer) return
    this.asked.delete(round)
    try {
      answer.resolve({ blobs: readBlobs(await unpack(packed, this.options.compression)), credentials, lacking, next })
    } catch (error) {
      answer.reject(error)
    }
  }

  private giveUp(): void {
    this.beginning = undefined
    this.options.begun([]).catch(() => {})
  }

  private forget(error: IbexError): void {
    for (const { reject } of this.asked.values()) reject(error)
    this.asked.clear()
  }
}

function unreachable(): IbexError {
  return new IbexError('unreachable', 'Nobody who has older commits can be reached.')
}
