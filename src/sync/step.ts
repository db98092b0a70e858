/**
 * The pure sync step (protocol.md, section 5): tell each other what is held, find out what is missing on either side, then
 * push. It survives loss, duplication and reordering of messages: what was lost shows in the next keep-alive, whose hash
 * of heads differs, and the summaries are exchanged anew (I-12).
 *
 * Answers are pulled, so much a question; what is pushed unasked is limited by the peer's credit. Nothing here queues: a
 * peer that cannot keep up is behind, is told so, and asks when it can (I-14).
 *
 * Duties of both sides of this interface: `peer.ts`.
 */
import { IbexError } from '../errors.js'
import type { Commit } from '../graph/commit.js'
import type { CommitId } from '../ids.js'
import type { Batch } from './batch.js'
import { acknowledge, dropDeclined, release, remember, share, takeCommits } from './lack.js'
import type { CommitsMessage, Rejection, StepMessage } from './messages.js'
import { MAX_PRESENCE_BYTES, WINDOW_BYTES } from './messages.js'
import type { Effects, Incoming, Peer, View } from './peer.js'
import { advance, answer, deliver, headsHash, summarise, takePing, takeSummary } from './supply.js'

/** Begins the conversation, at the side that wants the repository. */
export function start<C extends Incoming = Commit>(peer: Peer<C>, view: View<C>): Effects<C> {
  return run(peer, (out) => summarise(peer, view, out, true))
}

/** Takes one message of the peer; `commits` opened as a batch. */
export function receive<C extends Incoming = Commit>(
  peer: Peer<C>,
  view: View<C>,
  message: Exclude<StepMessage, CommitsMessage> | Batch,
): Effects<C> {
  return run(peer, (out) => {
    switch (message.type) {
      case 'summary':
        return takeSummary(peer, view, message, out)
      case 'want':
      case 'need':
        return answer(peer, view, message, out)
      case 'batch':
        takeCommits(peer, view, message, out)
        if (out.admit.length === 0) settle(peer, view, out)
        return
      case 'ack':
        out.acked = message.frontier.filter((id) => view.graph.has(id))
        if (peer.authority)
          out.rejections = message.voids.map((id) => ({ id, code: 'forbidden', final: true, message: '' }))
        return share(peer, view, out.acked, out)
      case 'reject':
        if (peer.authority) out.rejections = message.rejections
        return
      case 'credit':
        peer.window = Math.min(WINDOW_BYTES, peer.window + message.bytes)
        return
      case 'ping':
        return takePing(peer, view, message, out)
      case 'presence':
        if (message.data.length > MAX_PRESENCE_BYTES) throw new IbexError('limit', 'Too much presence.')
        out.presence = message.data
        return
      case 'shallow':
        if (peer.vouches && view.boundary) out.below = message.commits
    }
  })
}

/**
 * To be called when what an effect gave to admit has been, or was not: `declined` are the ids that were refused for now,
 * and are not to be asked for until the peer speaks of them again.
 */
export function settled<C extends Incoming = Commit>(
  peer: Peer<C>,
  view: View<C>,
  declined: readonly CommitId[] = [],
): Effects<C> {
  return run(peer, (out) => {
    for (const id of declined) {
      remember(peer.declined, id)
      peer.unacked.delete(id)
    }
    settle(peer, view, out)
  })
}

function settle<C extends Incoming>(peer: Peer<C>, view: View<C>, out: Effects<C>): void {
  acknowledge(peer, view, out)
  if (!peer.ended) return
  peer.ended = false
  advance(peer, view, out)
}

/** Commits have come into the graph, from wherever, parents first: pushes those that the peer is not known to have. */
export function admitted<C extends Incoming = Commit>(
  peer: Peer<C>,
  view: View<C>,
  ids: readonly CommitId[],
): Effects<C> {
  return run(peer, (out) => {
    if (peer.orphans.size) release(peer, view, out)
    if (peer.phase !== 'live') return
    const fresh = ids.filter((id) => !peer.has.has(id)).flatMap((id) => view.graph.get(id) ?? [])
    if (fresh.length) deliver(peer, out, fresh, 0)
  })
}

/** Commits are no longer here, and others stand for them: what descends from them is not waited for. */
export function withdrawn<C extends Incoming = Commit>(peer: Peer<C>, ids: readonly CommitId[]): void {
  for (const id of ids) {
    remember(peer.declined, id)
    peer.unacked.delete(id)
  }
  dropDeclined(peer)
}

/** More has become durable: acknowledges what came from this peer. */
export function durable<C extends Incoming = Commit>(peer: Peer<C>, view: View<C>): Effects<C> {
  return run(peer, (out) => acknowledge(peer, view, out))
}

/** Tells this peer, as the authority, that commits of it are refused. Before `durable`, if they are void. */
export function rejected<C extends Incoming = Commit>(peer: Peer<C>, rejections: readonly Rejection[]): Effects<C> {
  return run(peer, (out) => {
    if (rejections.length) out.send.push({ type: 'reject', repository: peer.repository, rejections })
  })
}

/** Every 10 to 30 s; `now` in ms. A keep-alive, if nothing else was sent since the last or something is awaited. */
export function tick<C extends Incoming = Commit>(peer: Peer<C>, view: View<C>, now: number): Effects<C> {
  const effects = run(peer, (out) => {
    const waits = peer.phase !== 'live' || peer.asked > 0 || peer.expecting || peer.orphans.size > 0
    if (peer.quiet || waits) {
      out.send.push({ type: 'ping', repository: peer.repository, time: now, heads: headsHash(view) })
    }
    peer.questions = 0
  })
  peer.quiet = true
  return effects
}

/** The conversation is over: nothing more comes of it, and a delivery under way stops. */
export function close<C extends Incoming>(peer: Peer<C>): void {
  peer.closed = true
}

function run<C extends Incoming>(peer: Peer<C>, step: (out: Effects<C>) => void): Effects<C> {
  let out = nothing<C>()
  if (peer.closed) return out
  try {
    step(out)
  } catch (error) {
    if (!(error instanceof IbexError)) throw error
    peer.closed = true
    out = { ...nothing<C>(), violation: { code: error.code, message: error.message } }
  }
  if (out.deliver || out.send.length) peer.quiet = false
  return out
}

function nothing<C extends Incoming>(): Effects<C> {
  return { send: [], credentials: [], admit: [], rejections: [] }
}
