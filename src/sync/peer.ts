/**
 * One conversation: one connection, one repository, one side. What both ends of the interface owe:
 *
 * The step (`step.ts`) keeps a {@link Peer} and is told what happens; it answers with {@link Effects}. It does no input or
 * output, knows no clock, and never waits. It decides what to send, what is missing, and when a peer has gone too far; it
 * checks neither signatures nor rules.
 *
 * The driver
 * - takes one message of a conversation at a time: `receive`, carry out the effects, and if there was something to
 *   `admit`, `settled` after that; only then the next message. Bounded by it, not here: frames that wait for their turn,
 *   bytes and messages a second (by session and address).
 * - carries out the effects of *every* call, in this order: `violation` (close, and nothing else), `credentials`, `admit`
 *   (each in the order given: verify, judge, add to the graph; a commit that the graph has by now, from another peer, is
 *   done), `rejections`, `acked`, then `send`, then `deliver` behind earlier deliveries of this conversation.
 * - calls `admitted` on every conversation of the repository, this one too, in the same task in which commits came into
 *   the graph: from a peer, from the app, from another tab. Nobody else tells the peers.
 * - calls `settled` with the ids that it did *not* admit and does not hold against the peer (retryable refusals, a time in
 *   the future, an unknown session, and what descends from those). A commit that proves the peer a liar (signature, hash,
 *   parents) closes the connection instead.
 * - calls `durable` when more has become durable, after `rejected` where the authority refused something of it.
 * - calls `tick` every 10 to 30 s, idle or not: it renews what a peer may ask for in that time, and gives the keep-alive.
 */
import type { CommitId, RepositoryPath, SessionId } from '../ids.js'
import type { Sha256 } from '../graph/body.js'
import type { Commit } from '../graph/commit.js'
import type { Graph } from '../graph/graph.js'
import type { HybridTime } from '../graph/time.js'
import type { AskMessage, Rejection, RepositoryMessage, Shallow } from './messages.js'
import { WINDOW_BYTES } from './messages.js'

/** What the step must know of a commit that came. */
export interface Incoming {
  readonly id: CommitId
  readonly header: { readonly parents: readonly CommitId[]; readonly time: HybridTime }
  readonly bytes: Uint8Array
}

/** What this replica holds, as the step sees it; read at each call, never kept. */
export interface View<C extends Incoming = Commit> {
  readonly graph: Graph
  readonly sha256: Sha256
  /** Throws an IbexError for what is no commit of this repository: then the peer is cut off. */
  decode(bytes: Uint8Array): C
  /** Whether a commit is on disk to stay; at the authority: and judged. False for unknown ones. */
  isDurable(id: CommitId): boolean
  /** The last seal relied upon. */
  readonly seal?: CommitId | undefined
  /** At the authority, and who speaks for it: the void commits below `frontier` that no seal below `held` tells of. */
  voids?(frontier: readonly CommitId[], held: readonly CommitId[]): readonly CommitId[]
  /** Of a replica that began from a keyframe, as long as something below that is not here. */
  readonly boundary?: ViewBoundary | undefined
}

/** What a shallow replica knows of what it does not hold. */
export interface ViewBoundary {
  /** Where it began. All that is not here, and is known to be, is below; of the rest everything is here. */
  readonly frontier: readonly CommitId[]
  /** Whether a commit that is not here is known to lie below. */
  has(id: CommitId): boolean
}

/** Commits to be sent with `sendDelivery`. */
export interface Delivery {
  readonly ids: readonly CommitId[]
  readonly round: number
  readonly partial: boolean
}

/** What the driver has to do now. */
export interface Effects<C extends Incoming = Commit> {
  /** Control messages, in this order. */
  send: RepositoryMessage[]
  /** Commits, after `send`. */
  deliver?: Delivery
  /** Certificates or bare public keys (32 bytes) of sessions whose commits may be in `admit`. */
  credentials: readonly Uint8Array[]
  /** New commits, each with its parents in the graph or before it; then call `settled`. */
  admit: C[]
  /** The peer holds these and all below durably; the authority has accepted what it does not reject. Known commits only. */
  acked?: readonly CommitId[]
  /** The frontier both sides hold has moved: keep it for `PeerOptions.resume` of the next connection, lazily. */
  resume?: readonly CommitId[]
  /** The authority's refusals. */
  rejections: readonly Rejection[]
  /** Once for each reconcile: all that the peer listed is here, and what it lacked was sent or is asked for. */
  synced?: boolean
  presence?: Uint8Array
  /** Whether the two exchange nothing, because one began where the other has never been; told when that changes. */
  apart?: boolean
  /** These lie below the boundary: note it, and call `admitted` with no ids. */
  below?: readonly Shallow[]
  /** Close the connection with this error. The commits that came are not to blame. */
  violation?: Violation
}

export interface Violation {
  readonly code: string
  readonly message: string
}

export interface PeerOptions {
  readonly repository: RepositoryPath
  /** This peer has proved that it is the pinned authority: its rejections are believed. */
  readonly authority?: boolean | undefined
  /** Its word on what lies below this replica's boundary is believed: the authority's, or another tab's. */
  readonly vouches?: boolean | undefined
  /** The last `Effects.resume` of an earlier connection to the same replica. */
  readonly resume?: readonly CommitId[] | undefined
  readonly random: (length: number) => Uint8Array
}

/** Where this side stands towards the other. */
export type Phase =
  | 'reconciling' // what it lacks is not known yet: nothing is pushed
  | 'behind' // it lacks more than was sent, and will ask: nothing is pushed
  | 'live' // it has, or is being sent, all that is here: new commits are pushed

/** The state of a conversation: the step's own, changed in place. Bounded whatever the peer does. */
export interface Peer<C extends Incoming = Commit> {
  readonly repository: RepositoryPath
  readonly authority: boolean
  readonly vouches: boolean
  readonly random: (length: number) => Uint8Array
  closed: boolean
  /** Nothing was sent since the last tick. */
  quiet: boolean

  // ── What the peer has and lacks ──
  phase: Phase
  /** Held by both, and durable with one of them at least. */
  common: readonly CommitId[]
  /** More that both hold, as far as this reconcile has shown. */
  hints: readonly CommitId[]
  /** Its heads, by its last summary; undefined while the first, or the answer to ours, is awaited. */
  heads: readonly CommitId[] | undefined
  /** Where it began, if it is shallow, by its last summary. */
  boundary: readonly CommitId[]
  /** Whether it is known in this reconcile that what one side sends cannot lie below where the other began. */
  joined: boolean
  /** Nothing but an earlier connection says what is in `common`: whether it is still so is not known. */
  resumed: boolean
  /** Whether the last that was told is that the two exchange nothing. */
  apart: boolean
  /** Its last summary had a ladder. */
  ladderShown: boolean
  /** Ids that came from it lately. */
  readonly has: Set<CommitId>
  /** Held here, and not acknowledged to it yet. */
  readonly unacked: Set<CommitId>
  /** It sent a summary, perhaps with a filter of what it has, and has no answer yet. */
  owesAnswer: boolean
  offer: Pick<AskMessage, 'base' | 'filter'> | undefined
  /** Sessions whose credential it got. */
  readonly introduced: Set<SessionId>

  // ── What is lacking here ──
  /** Commits follow its summary; before the last, nothing is asked for. */
  expecting: boolean
  round: number
  /** The round whose answer is awaited, or 0. */
  asked: number
  /** All was asked for once: what is still missing is a gap. */
  fetched: boolean
  /** A part was left out for its size. */
  hungry: boolean
  /** The last message of an answer has come, and is to be looked at when its commits are settled. */
  ended: boolean
  /** Whether something could be admitted since the last question, and how many questions brought nothing. */
  progress: boolean
  fruitless: number
  synced: boolean
  /** Commits that wait for their parents, oldest arrival first. */
  readonly orphans: Map<CommitId, C>
  orphanBytes: number
  /** Refused here for now. */
  readonly declined: Set<CommitId>

  // ── Limits ──
  /** Bytes that may be pushed to it. */
  window: number
  /** Bytes that it pushed and that were not credited yet. */
  uncredited: number
  /** Questions of it since the last tick. */
  questions: number
  /** The last commit of a partial answer to it. */
  cutAt: CommitId | undefined
}

/** A conversation that has not begun. Whoever wants the repository calls `start`; the other side waits for its summary. */
export function createPeer<C extends Incoming = Commit>(options: PeerOptions): Peer<C> {
  return {
    repository: options.repository,
    authority: options.authority ?? false,
    vouches: options.vouches ?? false,
    random: options.random,
    closed: false,
    quiet: true,
    phase: 'reconciling',
    common: options.resume ?? [],
    hints: [],
    heads: undefined,
    boundary: [],
    joined: false,
    resumed: true,
    apart: false,
    ladderShown: false,
    has: new Set(),
    unacked: new Set(),
    owesAnswer: false,
    offer: undefined,
    introduced: new Set(),
    expecting: false,
    round: 0,
    asked: 0,
    fetched: false,
    hungry: false,
    ended: false,
    progress: false,
    fruitless: 0,
    synced: false,
    orphans: new Map(),
    orphanBytes: 0,
    declined: new Set(),
    window: WINDOW_BYTES,
    uncredited: 0,
    questions: 0,
    cutAt: undefined,
  }
}
