/**
 * What two replicas say to each other (protocol.md, section 5). A connection begins with `nonce`, `hello` and `welcome`;
 * then every repository has its own conversation of `summary`, `want`, `need`, `commits`, `ack`, `reject`, `credit`,
 * `ping` and `presence`, begun by the `summary` of the side that wants it. Whoever holds nothing may ask for a `keyframe`
 * before; whoever began from one asks for what lies below it by `history?`. Between equals (tabs, WebRTC) both sides may
 * send `nonce` and `hello`. Plain data; `message-codec.ts` has the bytes.
 */
import type { HybridTime } from '../graph/time.js'
import type { CommitId, RepositoryPath } from '../ids.js'
import { concatBytes } from '../value/bytes.js'

export const PROTOCOL_VERSION = 1

/** Bytes of a message, and of what a deflated one inflates to. */
export const MAX_FRAME_BYTES: number = 1024 * 1024
/** Ids in any list; heads are fewer by far, as the authority seals above eight. */
export const MAX_IDS = 4096
/** Ids that one `want` or `need` may name. */
export const MAX_NEEDED = 256
/** Bytes that a peer may push without being asked, until it gets credit. */
export const WINDOW_BYTES: number = 1024 * 1024
export const MAX_PRESENCE_BYTES = 1024

/** The server's first word. */
export interface NonceMessage {
  readonly type: 'nonce'
  /** Protocol versions that the sender speaks. */
  readonly versions: readonly number[]
  /** 32 random bytes, never used twice. */
  readonly nonce: Uint8Array
  /** Public key of the authority; absent: a replica without one. */
  readonly authority?: Uint8Array | undefined
}

/** Who the sender is: the owner of a session's key, and perhaps somebody whom the app's server knows. */
export interface HelloMessage {
  readonly type: 'hello'
  readonly version: number
  readonly publicKey: Uint8Array
  /** Signature of {@link proofBytes} by that key. */
  readonly proof: Uint8Array
  /** The session's certificate, if it has one. */
  readonly certificate?: Uint8Array | undefined
  /** For the app's `authenticate`. */
  readonly token?: string | undefined
}

/** The answer to a hello. After a refusal the connection closes. */
export interface WelcomeMessage {
  readonly type: 'welcome'
  /** The sender's clock, ms since 1970. */
  readonly time: number
  readonly authority?: Uint8Array | undefined
  /** A certificate for the session, new or as it was. */
  readonly certificate?: Uint8Array | undefined
  readonly refusal?: Refusal | undefined
}

export interface Refusal {
  readonly code: string
  readonly message: string
}

/** Something cannot be done: for one repository (may not be read, …), or for the connection, which then closes. */
export interface ErrorMessage {
  readonly type: 'error'
  readonly repository?: RepositoryPath | undefined
  readonly code: string
  readonly message: string
}

/** What the sender holds of a repository. Whoever gets one that is no answer, answers. */
export interface SummaryMessage {
  readonly type: 'summary'
  readonly repository: RepositoryPath
  readonly answer: boolean
  /** Commits follow at once, and nothing need be asked before their last. */
  readonly follows: boolean
  readonly heads: readonly CommitId[]
  /** Commits held. */
  readonly count: number
  /** Eight-byte prefixes of ids by which a common past is found; empty where it is known by other means. */
  readonly ladder: readonly Uint8Array[]
  readonly seal?: CommitId | undefined
  /**
   * A shallow replica began at this frontier, which it holds; of what is below it lacks some or all. In the answer the
   * other side names the frontier in `resume` if it holds it.
   */
  readonly boundary?: readonly CommitId[] | undefined
  /** Reserved: commits of which chunks are missing. */
  readonly incomplete?: readonly CommitId[] | undefined
  readonly resume?: Resume | undefined
  /** Bytes that may be pushed unasked from now on, instead of what was left before. */
  readonly credit: number
}

/** Commits that both sides are believed to hold, and a filter of what the sender has since; no filter: nothing, or what follows. */
export interface Resume {
  readonly frontier: readonly CommitId[]
  readonly filter?: Uint8Array | undefined
}

/**
 * `want`: send what I lack. I hold `base` and its ancestors, what `filter` contains, and nothing that descends from what I
 * lack. `need`: send these, and of their ancestors what I lack; descendants I may have.
 */
export interface AskMessage {
  readonly type: 'want' | 'need'
  readonly repository: RepositoryPath
  /** Counts up; the answer repeats it. Above 0. */
  readonly round: number
  readonly base: readonly CommitId[]
  readonly filter: Uint8Array
  readonly ids: readonly CommitId[]
}

/** Commits as stored, parents first. */
export interface CommitsMessage {
  readonly type: 'commits'
  readonly repository: RepositoryPath
  /** Of the question; 0: unasked. */
  readonly round: number
  /** More of the same answer follows. */
  readonly more: boolean
  /** The answer was cut: ask again, if you like, once you have these. */
  readonly partial: boolean
  /** Certificates, or bare public keys (32 bytes), of sessions whose commits this peer gets for the first time. */
  readonly credentials: readonly Uint8Array[]
  /** Bytes of the payload before it was deflated; 0: it was not. */
  readonly inflated: number
  /** Each commit after its length. */
  readonly payload: Uint8Array
}

/** The sender holds these commits and all below durably; the authority: has accepted them, save those that are void. */
export interface AckMessage {
  readonly type: 'ack'
  readonly repository: RepositoryPath
  readonly frontier: readonly CommitId[]
  readonly seal?: CommitId | undefined
  /** What of it is void, except what seals say that are known to be held by whoever gets this. */
  readonly voids: readonly CommitId[]
}

export interface Rejection {
  readonly id: CommitId
  readonly code: string
  /** True: void for ever; false: send the same bytes later. */
  readonly final: boolean
  /** What a rule said, for the author; may be empty. */
  readonly message: string
  /** The seal that lists it as void. */
  readonly seal?: CommitId | undefined
}

/** Believed only from the authority. */
export interface RejectMessage {
  readonly type: 'reject'
  readonly repository: RepositoryPath
  readonly rejections: readonly Rejection[]
}

/** So many more bytes may be pushed unasked. */
export interface CreditMessage {
  readonly type: 'credit'
  readonly repository: RepositoryPath
  readonly bytes: number
}

/** Keep-alive. */
export interface PingMessage {
  readonly type: 'ping'
  readonly repository: RepositoryPath
  /** The sender's clock, ms since 1970. */
  readonly time: number
  /** First 8 bytes of the hash of its heads. */
  readonly heads: Uint8Array
}

/** Ephemeral state; opaque here. */
export interface PresenceMessage {
  readonly type: 'presence'
  readonly repository: RepositoryPath
  readonly data: Uint8Array
}

/**
 * Asks for a part of what was accepted at some frontier, so that who holds nothing need not fold all commits. Answered by a
 * `keyframe`; by an older build with an error.
 */
export interface KeyframeQuestion {
  readonly type: 'keyframe?'
  readonly repository: RepositoryPath
  /** The frontier; empty: whichever there is. */
  readonly at: readonly CommitId[]
  /** From 0. */
  readonly part: number
}

/** One part of a keyframe; see `parts.ts`. It may be another than was asked for, and then the first of its parts. */
export interface KeyframeMessage {
  readonly type: 'keyframe'
  readonly repository: RepositoryPath
  /** The frontier where it was taken. From the authority: one seal, that names its hash. Empty: there is none for the asker. */
  readonly at: readonly CommitId[]
  /** With the first part: these commits, in the same order. */
  readonly commits: readonly Uint8Array[]
  readonly part: number
  readonly parts: number
  /** Bytes of all parts together. */
  readonly size: number
  /** SHA-256 of the part. */
  readonly hash: Uint8Array
  /** Bytes of the payload before it was deflated; 0: it was not. */
  readonly inflated: number
  readonly payload: Uint8Array
}

/** Asks for commits that lie below what the asker has; see `older.ts`. Answered by a `history` of the same round. */
export interface HistoryQuestion {
  readonly type: 'history?'
  readonly repository: RepositoryPath
  /** Above 0. */
  readonly round: number
  /** Their ancestors follow, newest first, as many as fit. */
  readonly deep: boolean
  /** Not the commits, but what an index says of each. */
  readonly brief: boolean
  readonly ids: readonly CommitId[]
  /** The same by the first eight bytes of an id, which is all that an index says of it. */
  readonly prefixes: readonly Uint8Array[]
}

/** Commits as stored, or an index of them, newest first. */
export interface HistoryMessage {
  readonly type: 'history'
  readonly repository: RepositoryPath
  readonly round: number
  /** As in `commits`. */
  readonly credentials: readonly Uint8Array[]
  /** Commits that should be among these, and are not here or cannot be read. */
  readonly lacking: readonly CommitId[]
  /** What follows: ask for these next. Empty: that was all. */
  readonly next: readonly CommitId[]
  readonly inflated: number
  readonly payload: Uint8Array
}

/** Before the answer to a `need`: these lie below the base that was named, and are not among what follows. */
export interface ShallowMessage {
  readonly type: 'shallow'
  readonly repository: RepositoryPath
  readonly commits: readonly Shallow[]
}

/** A commit below a boundary, as far as it must be known of to take in what descends from it. */
export interface Shallow {
  readonly id: CommitId
  /** Zero where the sender does not know it either. */
  readonly time: HybridTime
}

/** A message of a newer build, or one that is reserved: answer it with an error of code `protocol`, and go on. */
export interface UnknownMessage {
  readonly type: 'unknown'
  readonly number: number
}

/** What the step takes. */
export type StepMessage =
  | SummaryMessage
  | AskMessage
  | CommitsMessage
  | AckMessage
  | RejectMessage
  | CreditMessage
  | PingMessage
  | PresenceMessage
  | ShallowMessage

/** Questions and answers beside the step. */
export type PastMessage = KeyframeQuestion | KeyframeMessage | HistoryQuestion | HistoryMessage

export type RepositoryMessage = StepMessage | PastMessage

const PAST: readonly string[] = ['keyframe?', 'keyframe', 'history?', 'history'] satisfies PastMessage['type'][]

export function isPast(message: { readonly type: string }): message is PastMessage {
  return PAST.includes(message.type)
}

export type Message = NonceMessage | HelloMessage | WelcomeMessage | ErrorMessage | RepositoryMessage

/**
 * What the session's key signs in a `hello`: the peer's nonce, so that it is no replay, and the authority key that the
 * peer showed, so that a server in the middle cannot pass the proof on to another.
 */
export function proofBytes(nonce: Uint8Array, authority: Uint8Array | undefined): Uint8Array {
  const context = Uint8Array.from('ibex hello 1', (character) => character.charCodeAt(0))
  return concatBytes(context, nonce, authority ?? new Uint8Array(0))
}
