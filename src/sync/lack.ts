/** One half of the step: what is lacking here. Takes commits, keeps those that wait for their parents, asks for the rest. */
import { IbexError } from '../errors.js'
import { covers, frontierOf, since } from '../graph/ancestry.js'
import { compareTimes } from '../graph/time.js'
import type { CommitId } from '../ids.js'
import type { Batch } from './batch.js'
import { createFilter, SALT_BYTES } from './bloom.js'
import { MAX_IDS, MAX_NEEDED, WINDOW_BYTES } from './messages.js'
import type { Effects, Incoming, Peer, View } from './peer.js'

const MAX_ORPHANS = 2000
const MAX_ORPHAN_BYTES: number = 4 * 1024 * 1024
/** Questions that may be answered in a row without anything that could be admitted. */
const MAX_FRUITLESS = 4
/** A graph that is not larger is described whole rather than searched for a common past. */
const SMALL = 256

/** Takes a batch: gives to admit what can be, keeps the rest, and notes when it was the last of its answer. */
export function takeCommits<C extends Incoming>(peer: Peer<C>, view: View<C>, batch: Batch, out: Effects<C>): void {
  const { orphans } = peer
  out.credentials = batch.credentials
  for (const bytes of batch.commits) {
    if (!batch.round) peer.uncredited += bytes.length
    const commit = view.decode(bytes)
    const { id } = commit
    remember(peer.has, id)
    if (view.graph.has(id)) remember(peer.unacked, id)
    else if (!orphans.has(id)) {
      orphans.set(id, commit)
      peer.orphanBytes += bytes.length
    }
  }
  release(peer, view, out)
  dropDeclined(peer)
  for (const oldest of orphans.values()) {
    if (orphans.size <= MAX_ORPHANS && peer.orphanBytes <= MAX_ORPHAN_BYTES) break
    forget(peer, oldest)
  }
  if (out.admit.length) peer.progress = true
  if (batch.more) return

  if (batch.round ? batch.round === peer.asked : peer.expecting) {
    if (batch.round) {
      peer.asked = 0
      peer.fruitless = peer.progress ? 0 : peer.fruitless + 1
    } else peer.expecting = false
    peer.fetched = true
  }
  if (batch.partial) peer.hungry = true
  peer.ended = true
}

/** Gives to admit all that has its parents by now. Children are later than their parents, so one pass in time is enough. */
export function release<C extends Incoming>(peer: Peer<C>, view: View<C>, out: Effects<C>): void {
  const { graph, boundary } = view
  const ready = new Set<CommitId>()
  for (const commit of inTime(peer)) {
    const { id, header } = commit
    if (!graph.has(id)) {
      const { parents } = header
      const isHere = (parent: CommitId): boolean => graph.has(parent) || ready.has(parent)
      if (!parents.every((parent) => isHere(parent) || boundary?.has(parent))) continue
      // Without a parent here it could lie below the boundary, where all is folded already.
      if (boundary && !parents.some(isHere) && isApart(peer, view)) continue
      ready.add(id)
      out.admit.push(commit)
    }
    remember(peer.unacked, id)
    forget(peer, commit)
  }
}

/** What descends from what is not wanted is not either. */
export function dropDeclined<C extends Incoming>(peer: Peer<C>): void {
  if (peer.declined.size === 0) return
  for (const orphan of inTime(peer)) {
    if (!orphan.header.parents.some((parent) => peer.declined.has(parent))) continue
    remember(peer.declined, orphan.id)
    forget(peer, orphan)
  }
}

function inTime<C extends Incoming>({ orphans }: Peer<C>): C[] {
  return [...orphans.values()].sort((a, b) => compareTimes(a.header.time, b.header.time))
}

function forget<C extends Incoming>(peer: Peer<C>, orphan: C): void {
  peer.orphans.delete(orphan.id)
  peer.orphanBytes -= orphan.bytes.length
}

/**
 * Whether one side is shallow and the other is not known to hold where it began. Then neither can tell whether what the
 * other has lies below that or not: they exchange nothing until somebody brings what is between.
 */
export function isApart<C extends Incoming>(peer: Peer<C>, view: View<C>): boolean {
  if (peer.joined) return false
  const { graph, boundary } = view
  if (boundary) {
    const common = commonPast(peer, view, peer.resumed ? [] : peer.common)
    peer.joined = boundary.frontier.every((id) => covers(graph, common, id))
    if (peer.joined) peer.resumed = false
  } else peer.joined = peer.boundary.every((id) => graph.has(id))
  return !peer.joined
}

/** What is known to exist and is not here: heads of the peer, and parents of what waits. */
export function findMissing<C extends Incoming>(peer: Peer<C>, { graph, boundary }: View<C>): CommitId[] {
  const missing = new Set<CommitId>()
  const look = (id: CommitId): unknown =>
    graph.has(id) || boundary?.has(id) || peer.orphans.has(id) || peer.declined.has(id) || missing.add(id)
  peer.heads?.forEach(look)
  for (const { header } of peer.orphans.values()) header.parents.forEach(look)
  return [...missing]
}

/** Asks for what is lacking: at first for all of it, then for what is found to be missing. */
export function ask<C extends Incoming>(
  peer: Peer<C>,
  view: View<C>,
  missing: readonly CommitId[],
  out: Effects<C>,
): void {
  const { graph } = view
  const base = frontierOf(graph, [...commonPast(peer, view), ...(view.boundary?.frontier ?? [])]).slice(0, MAX_IDS)
  // Nothing in common is known, and no ladder was shown: the peer, who now sees ours, will name a base in its question.
  if (base.length === 0 && !peer.ladderShown && graph.size > SMALL) return
  if (peer.fruitless >= MAX_FRUITLESS) throw new IbexError('limit', 'It lists commits that it does not give.')
  // Whoever shows a ladder of which nothing is known here holds hardly anything that is: no filter is worth its bytes.
  const held = base.length || !peer.ladderShown ? since(graph, base).map(({ id }) => id) : []
  peer.asked = ++peer.round
  peer.progress = false
  out.send.push({
    type: peer.fetched && !peer.hungry ? 'need' : 'want',
    repository: peer.repository,
    round: peer.round,
    base,
    filter: createFilter([...held, ...peer.orphans.keys()], peer.random(SALT_BYTES)),
    ids: missing.slice(0, MAX_NEEDED),
  })
  peer.hungry = false
}

/** The frontier of all that both are known to hold. */
export function commonPast<C extends Incoming>(
  { common: known, hints, heads, unacked }: Peer<C>,
  { graph }: View<C>,
  common: readonly CommitId[] = known,
): CommitId[] {
  return frontierOf(graph, [...common, ...hints, ...(heads ?? []), ...unacked]).slice(0, MAX_IDS)
}

/** Gives credit for what was pushed, and acknowledges what has become durable. */
export function acknowledge<C extends Incoming>(peer: Peer<C>, view: View<C>, out: Effects<C>): void {
  const { repository, uncredited } = peer
  if (uncredited >= WINDOW_BYTES / 4) {
    out.send.push({ type: 'credit', repository, bytes: uncredited })
    peer.uncredited = 0
  }
  const kept = [...peer.unacked].filter((id) => view.isDurable(id))
  if (kept.length === 0) return
  const frontier = frontierOf(view.graph, kept)
  // Every acknowledgement says it, because the message that said it before may have been lost or overtaken (I-12).
  const voids = view.voids?.(frontier, peer.common) ?? []
  // So many are sealed soon, and then it is the seal that tells.
  if (voids.length > MAX_IDS) return
  for (const id of kept) peer.unacked.delete(id)
  out.send.push({ type: 'ack', repository, frontier, seal: view.seal, voids })
  share(peer, view, frontier, out)
}

/** Both hold these: moves the frontier from which a later connection resumes. */
export function share<C extends Incoming>(
  peer: Peer<C>,
  { graph }: View<C>,
  ids: readonly CommitId[],
  out: Effects<C>,
): void {
  const before = peer.common
  peer.common = frontierOf(graph, [...before, ...ids])
  if (peer.common.length !== before.length || peer.common.some((id, i) => id !== before[i])) out.resume = peer.common
}

/** A set that remembers only the newest. */
export function remember(set: Set<CommitId>, id: CommitId): void {
  set.add(id)
  if (set.size > MAX_IDS) for (const oldest of set) return void set.delete(oldest)
}
