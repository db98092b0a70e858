/** The other half of the step: what the peer lacks. Summaries, answers to its questions, and where the reconcile stands. */
import { IbexError } from '../errors.js'
import { hashOfHeads, ladder, since } from '../graph/ancestry.js'
import type { Entry } from '../graph/graph.js'
import { type CommitId, toHex } from '../ids.js'
import { equalBytes } from '../value/bytes.js'
import { createFilter, readFilter, SALT_BYTES } from './bloom.js'
import { ZERO_TIME } from '../graph/time.js'
import { acknowledge, ask, commonPast, findMissing, isApart, remember } from './lack.js'
import type { AskMessage, PingMessage, Shallow, SummaryMessage } from './messages.js'
import { MAX_IDS, MAX_NEEDED, WINDOW_BYTES } from './messages.js'
import type { Effects, Incoming, Peer, View } from './peer.js'

/** Bytes of commits in one answer. */
const ANSWER_BYTES: number = 1024 * 1024
/** Questions between two ticks, besides those that follow a partial answer. */
const MAX_QUESTIONS = 32
/** Where no common past is known, all but so many of the newest commits are guessed to be it. */
const GUESS = 128
/** Commits that follow a summary unasked. */
const MAX_FOLLOWING = 256

/** Says what is held here, and begins a reconcile; if `eager`, what the peer surely lacks follows at once. */
export function summarise<C extends Incoming>(peer: Peer<C>, view: View<C>, out: Effects<C>, eager: boolean): void {
  const { graph } = view
  const resumes = peer.common.length > 0 && peer.common.every((id) => graph.has(id))
  let frontier: readonly CommitId[] = peer.common.slice(0, MAX_IDS)
  if (!resumes) frontier = view.boundary?.frontier ?? (graph.size > GUESS ? [graph.idAt(graph.size - 1 - GUESS)] : [])
  const mine = since(graph, frontier)
  const follows =
    resumes && eager && mine.length > 0 && mine.length <= MAX_FOLLOWING && cut(mine, peer.window).length === mine.length
  const filter =
    follows || mine.length === 0
      ? undefined
      : createFilter(
          mine.map(({ id }) => id),
          peer.random(SALT_BYTES),
        )
  peer.heads = undefined
  peer.owesAnswer = peer.expecting = peer.synced = peer.joined = false
  peer.asked = 0
  peer.introduced.clear()
  sendSummary(peer, view, out, {
    answer: false,
    follows,
    ladder: resumes ? [] : ladder(graph),
    // A wrong guess costs its filter, so that may not be large.
    resume: resumes || mine.length <= 4 * GUESS ? { frontier, filter } : undefined,
  })
  if (follows) deliver(peer, out, mine, 0)
  peer.phase = 'reconciling'
}

function sendSummary<C extends Incoming>(
  peer: Peer<C>,
  { graph, seal, boundary }: View<C>,
  out: Effects<C>,
  parts: Pick<SummaryMessage, 'answer' | 'follows' | 'ladder' | 'resume'>,
): void {
  const { repository } = peer
  const credit = Math.max(0, WINDOW_BYTES - peer.uncredited)
  const heads = graph.heads().slice(0, MAX_IDS)
  out.send.push({
    type: 'summary',
    repository,
    heads,
    count: graph.size,
    seal,
    boundary: boundary?.frontier,
    credit,
    ...parts,
  })
}

/** Takes a summary: learns what is common, and answers it if it began a reconcile. */
export function takeSummary<C extends Incoming>(
  peer: Peer<C>,
  view: View<C>,
  summary: SummaryMessage,
  out: Effects<C>,
): void {
  const { graph } = view
  const { answer, resume, heads } = summary
  const resumable = resume?.frontier.every((id) => graph.has(id)) ?? false
  const rungs = summary.ladder.map((rung) => graph.numberOfPrefix(toHex(rung))).filter((n) => n >= 0)
  peer.boundary = summary.boundary ?? []
  peer.hints = rungs
    .map((n) => graph.idAt(n))
    .concat(resumable ? resume!.frontier : [])
    .concat(peer.boundary.filter((id) => graph.has(id)))
  peer.heads = heads
  peer.ladderShown = summary.ladder.length > 0
  peer.window = Math.min(WINDOW_BYTES, summary.credit)
  for (const id of heads) {
    remember(peer.has, id)
    // It holds this; perhaps it does not know that we do. (In an answer: it will know, by what came of the summary.)
    if (!answer && graph.has(id) && !resume?.frontier.includes(id)) remember(peer.unacked, id)
  }
  if (!answer) {
    count(peer)
    peer.phase = 'reconciling'
    peer.owesAnswer = true
    peer.offer = resumable && resume!.filter ? { base: resume!.frontier, filter: resume!.filter } : undefined
    peer.synced = peer.joined = false
    peer.asked = 0
    peer.declined.clear()
    peer.introduced.clear()
  }
  if (!peer.asked) {
    peer.expecting = summary.follows && (answer || resumable)
    peer.fetched = false
  }
  advance(peer, view, out)
  // Last: a peer that is about to begin where this one did must not take anything for accepted before it has.
  acknowledge(peer, view, out)
}

/** Does what is due in a reconcile: answers, asks, sends what is then known to be lacking there. */
export function advance<C extends Incoming>(peer: Peer<C>, view: View<C>, out: Effects<C>): void {
  if (!peer.heads || peer.expecting) return
  const { graph } = view
  const apart = isApart(peer, view)
  if (peer.apart !== apart) peer.apart = out.apart = apart
  const missing = apart ? [] : findMissing(peer, view)
  const base = commonPast(peer, view)
  // Whoever knows all heads of the peer knows all that it has; else its filter says so, if it gave one.
  let entries: readonly Entry[] | undefined
  if (apart) peer.phase = 'behind'
  else if (peer.phase === 'reconciling' && missing.length === 0 && !out.deliver) entries = since(graph, base)
  else if (peer.owesAnswer && peer.offer) entries = lacking(peer, view, { type: 'want', ...peer.offer, ids: [] })
  // The question goes first: its base is of use to the peer when it reads the summary.
  if (!apart && (missing.length || peer.hungry) && !peer.asked) ask(peer, view, missing, out)
  if (peer.owesAnswer) {
    const follows = entries !== undefined && entries.length > 0
    const resume = peer.boundary.length > 0 && !apart ? { frontier: peer.boundary } : undefined
    sendSummary(peer, view, out, { answer: true, follows, ladder: base.length ? [] : ladder(graph), resume })
    peer.owesAnswer = false
    peer.offer = undefined
  }
  if (entries) deliver(peer, out, entries, 0)
  if (missing.length === 0 && !apart) {
    // What is missing from now on is a gap.
    peer.fetched = true
    if (!peer.asked) peer.fruitless = 0
    if (!peer.synced) peer.synced = out.synced = true
  }
}

/** Answers a question. */
export function answer<C extends Incoming>(peer: Peer<C>, view: View<C>, message: AskMessage, out: Effects<C>): void {
  const { cutAt, phase } = peer
  peer.hints = [...peer.hints, ...message.base]
  peer.hints = commonPast(peer, view)
  const entries = isApart(peer, view) ? [] : lacking(peer, view, message)
  // Whoever has the last commit of a partial answer comes for the next part.
  if (!cutAt || entries.some(({ id }) => id === cutAt)) count(peer)
  const shallow = peer.boundary.length > 0 ? below(view, message) : []
  if (shallow.length > 0) out.send.push({ type: 'shallow', repository: peer.repository, commits: shallow })
  deliver(peer, out, entries, message.round)
  if (message.type === 'need') peer.phase = phase
  advance(peer, view, out)
}

/** What an honest peer lacks that asks like this (see `AskMessage`), parents first; not much more than fits in an answer. */
function lacking<C extends Incoming>(
  peer: Peer<C>,
  { graph }: View<C>,
  { type, base, filter, ids }: Pick<AskMessage, 'type' | 'base' | 'filter' | 'ids'>,
): Entry[] {
  const has = readFilter(filter)
  if (!has) throw new IbexError('protocol', 'A filter that no replica makes.')
  const entries = since(graph, peer.boundary.length > 0 ? [...base, ...peer.boundary] : base)
  const chosen = new Set(ids.slice(0, MAX_NEEDED).map((id) => graph.numberOf(id)))
  const found: Entry[] = []
  if (type === 'need') {
    for (let i = entries.length - 1; i >= 0; i--) {
      const { n, parents } = entries[i]!
      if (chosen.has(n)) for (const parent of parents) if (!has(graph.idAt(parent))) chosen.add(parent)
    }
  }
  let bytes = 0
  for (const entry of entries) {
    const { n, id, parents, size } = entry
    if (type === 'want' && (!has(id) || parents.some((parent) => chosen.has(parent)))) chosen.add(n)
    if (!chosen.has(n)) continue
    found.push(entry)
    bytes += size
    if (bytes > ANSWER_BYTES) break
  }
  return found
}

/** What is asked for and lies below the base: a shallow peer learns so that it is not to wait for it. */
function below<C extends Incoming>({ graph, boundary }: View<C>, { base, ids }: AskMessage): Shallow[] {
  const asked = ids.slice(0, MAX_NEEDED)
  const above = new Set(
    since(
      graph,
      base,
      asked.filter((id) => graph.has(id)),
    ).map(({ id }) => id),
  )
  return asked.flatMap((id) => {
    const entry = graph.get(id)
    if (entry ? above.has(id) : !boundary?.has(id)) return []
    return [{ id, time: entry?.time ?? ZERO_TIME }]
  })
}

/** Gives commits to the driver to send, as many as may be sent now; of more the peer is told, so that it asks. */
export function deliver<C extends Incoming>(
  peer: Peer<C>,
  out: Effects<C>,
  entries: readonly Entry[],
  round: number,
): void {
  const some = round ? cutAnswer(entries) : cut(entries, peer.window)
  const partial = some.length < entries.length
  if (!round) for (const { size } of some) peer.window -= size
  peer.phase = partial ? 'behind' : 'live'
  peer.cutAt = partial ? some.at(-1)?.id : undefined
  if (round || entries.length) out.deliver = { ids: some.map(({ id }) => id), round, partial }
}

/** As many of the first entries as fit. */
function cut(entries: readonly Entry[], bytes: number): readonly Entry[] {
  const end = entries.findIndex(({ size }) => (bytes -= size) < 0)
  return end < 0 ? entries : entries.slice(0, end)
}

/** An answer that does not hold all ends with a seal, where one is near: whoever lost it all can believe it (I-10). */
function cutAnswer(entries: readonly Entry[]): readonly Entry[] {
  const some = cut(entries, ANSWER_BYTES)
  if (some.length === entries.length) return some
  const isSeal = ({ kind }: Entry): boolean => kind === 'seal'
  const end = some.findLastIndex(isSeal) + 1 || cut(entries, 4 * ANSWER_BYTES).findIndex(isSeal) + 1
  return end ? entries.slice(0, end) : some
}

/** Compares heads. Equal: nothing can be missing on either side. Else, or if something was never acknowledged: once more. */
export function takePing<C extends Incoming>(peer: Peer<C>, view: View<C>, ping: PingMessage, out: Effects<C>): void {
  const equal = equalBytes(ping.heads, headsHash(view))
  if (equal) {
    peer.phase = 'live'
    peer.asked = 0
    peer.owesAnswer = peer.expecting = peer.hungry = false
    peer.offer = undefined
    peer.orphans.clear()
    peer.orphanBytes = 0
    // What was lost of pushes and credit is no longer under way.
    peer.window = WINDOW_BYTES
    if (!peer.synced) peer.synced = out.synced = true
  }
  if (!equal || since(view.graph, peer.common).length > 0) summarise(peer, view, out, false)
}

/** What a keep-alive says of the heads. */
export function headsHash<C extends Incoming>({ graph, sha256 }: View<C>): Uint8Array {
  return hashOfHeads(graph, sha256).slice(0, 8)
}

function count<C extends Incoming>(peer: Peer<C>): void {
  if (++peer.questions > MAX_QUESTIONS) throw new IbexError('limit', 'Too many questions.')
}
