/**
 * What a replica gives on request beside the ordinary exchange: a keyframe to who holds nothing, and older commits to who
 * began from one. Loaded where somebody asks.
 */
import { readHeader } from '../graph/header.js'
import { chunksOf } from '../history/fold.js'
import { encodeKeyframeInPieces, keyframeAuthors } from '../history/keyframe.js'
import { type CommitId, type SessionId, toHex } from '../ids.js'
import type { Boundary } from '../repository/boundary.js'
import { acceptedFrontier, baseBytesOf } from '../repository/clone.js'
import type { Descent, OlderAnswer, OlderQuestion } from '../repository/descent.js'
import type { Journal } from '../repository/journal.js'
import { createPace, type Pace } from '../repository/pace.js'
import { type Compression, pack } from '../sync/batch.js'
import { type Brief, encodeBriefs, MARKS, markOf } from '../sync/briefs.js'
import { encodeMessage } from '../sync/message-codec.js'
import { type HistoryQuestion, type KeyframeQuestion, MAX_NEEDED } from '../sync/messages.js'
import { MAX_EDGE, OLDER_BYTES, OLDER_COMMITS, walkDown } from '../sync/older.js'
import { encodeGift, partOf, type Whole } from '../sync/parts.js'
import { ByteReader, ByteWriter } from '../value/bytes.js'

export interface GivingOptions {
  readonly journal: Journal
  /** Who asks. */
  readonly session: SessionId | undefined
  /** What this node offers to those that are no tabs of this device. */
  readonly offered?: (() => Promise<Whole | undefined>) | undefined
  /** Who asks is a tab of this device, which gets what is accepted now, if there are so many commits. */
  readonly kin: { readonly from: number } | undefined
  readonly compression: Compression | undefined
  send(frame: Uint8Array): void | Promise<void>
  /** Goes further down than this replica has got, if somebody else can be asked. */
  readonly further?: (() => Promise<Pick<Descent, 'fetch' | 'relay'>>) | undefined
  /** So many bytes are given on request (I-14). */
  charge(bytes: number): void
}

/** An answer, and how many bytes were read for it. */
interface Found extends OlderAnswer {
  readonly read: number
}

interface Walked {
  readonly ids: readonly CommitId[]
  readonly next: readonly CommitId[]
}

type Parts = ReturnType<Boundary['graph']>

/**
 * A tab gets less at once than an answer can hold: whoever gives it to another has a page to draw, and neither is slowed by
 * one more question.
 */
const KIN_BYTES: number = 64 * 1024
const KIN_COMMITS = 512
/** Questions of one conversation that wait: an honest peer asks again when it has an answer. */
const MAX_WAITING = 16
/** Milliseconds: a pause of a page that one looks at is shorter. */
const SLOW_MS = 500
/** Milliseconds for which what is given part by part is kept. */
const KEPT_MS = 60_000

/** Identity: one for each conversation in which somebody asked. */
export class Giving {
  private readonly options: GivingOptions
  private readonly most: { readonly bytes: number; readonly commits: number }
  private whole: Whole | undefined
  private asked = 0
  private answering: Promise<void> = Promise.resolve()
  private waiting = 0

  constructor(options: GivingOptions) {
    this.options = options
    this.most = options.kin
      ? { bytes: KIN_BYTES, commits: KIN_COMMITS }
      : { bytes: OLDER_BYTES, commits: OLDER_COMMITS }
  }

  async answer(question: KeyframeQuestion): Promise<void> {
    const { journal } = this.options
    const { scheduler } = journal.repository.surroundings
    let { whole } = this
    if (question.at.length === 0 || question.at.join() !== whole?.at.join()) whole = await this.choose(question.at)
    this.whole = whole
    const asked = ++this.asked
    scheduler.after(KEPT_MS, () => {
      if (asked === this.asked) this.whole = undefined
    })
    const part = whole && question.at.join() === whole.at.join() ? question.part : 0
    await this.give(whole, part)
  }

  /** Offers what there is, unasked. */
  async offer(): Promise<void> {
    this.whole = await this.choose()
    if (this.whole) await this.give(this.whole, 0)
  }

  /** Answers with older commits. What lies elsewhere is asked for there; what cannot be had is said. */
  async history(question: HistoryQuestion): Promise<void> {
    if (this.waiting >= MAX_WAITING) return
    this.waiting++
    // One after the other, so that at most one answer is in memory.
    this.answering = this.answering.then(async () => {
      await this.giveOlder(question).catch(() => {})
      this.waiting--
    })
    await this.answering
  }

  private async giveOlder(question: HistoryQuestion): Promise<void> {
    const { journal, compression, send, charge } = this.options
    const { blobs, read, ...answer } = await this.find(question)
    const writer = new ByteWriter(4096)
    for (const blob of blobs) writer.bytes(blob)
    const frame = encodeMessage({
      type: 'history',
      repository: journal.repository.path,
      round: question.round,
      ...answer,
      ...(await pack(writer.finish(), compression)),
    })
    charge(Math.max(frame.length, read))
    await send(frame)
  }

  private async find({ round: _, ...question }: HistoryQuestion): Promise<Found> {
    const { journal, further } = this.options
    const found = question.brief ? await this.tellOf(question) : await this.collect(question)
    // Of what has no name here it is not known whether it is there: who has all is asked the same.
    const isUnknown = found.blobs.length === 0 && (question.brief || question.prefixes.length > 0)
    return isUnknown && journal.boundary && further ? { ...(await (await further()).relay(question)), read: 0 } : found
  }

  /** Whole commits. */
  private async collect({ deep, ids, prefixes }: OlderQuestion): Promise<Found> {
    const { journal } = this.options
    const found = deep ? await this.walk(ids) : this.fitting([...ids.slice(0, MAX_NEEDED), ...this.named(prefixes)])
    const here = await journal.bytesOfMany(found.ids)
    const blobs = found.ids.flatMap((id) => here.get(id) ?? [])
    return {
      blobs,
      read: blobs.reduce((sum, { length }) => sum + length, 0),
      credentials: this.credentialsOf(blobs.map((bytes) => readHeader(new ByteReader(bytes)).session)),
      lacking: found.ids.filter((id) => !here.has(id)),
      next: found.next,
    }
  }

  /** As many of these as fit into one answer. */
  private fitting(ids: readonly CommitId[]): Walked {
    const { graph, boundary } = this.options.journal
    const older = boundary?.graph().graph
    let bytes = 0
    let count = 0
    while (count < ids.length && bytes < this.most.bytes) {
      const id = ids[count++]!
      bytes += graph.get(id)?.size ?? older?.get(id)?.size ?? 0
    }
    return { ids: ids.slice(0, count), next: ids.slice(count) }
  }

  /** What an index says of them. */
  private async tellOf({ ids }: OlderQuestion): Promise<Found> {
    const { journal } = this.options
    const found = this.walkHere(ids, { bytes: Number.POSITIVE_INFINITY, commits: this.most.commits })
    const briefs = new Map<CommitId, Brief>()
    let read = 0
    const lacking = await journal.storage.readCommits(found.ids, (commit) => {
      const { id, header, bytes } = commit
      const items = [...new Set(chunksOf(commit).map(({ item }) => item))]
      briefs.set(id, {
        prefix: id.slice(0, 16),
        time: header.time,
        kind: header.kind,
        session: header.session,
        size: bytes.length,
        actions: commit.actions.length,
        items: items.length,
        marks: items.slice(0, MARKS).map(markOf),
      })
      read += bytes.length
    })
    const told = found.ids.flatMap((id) => briefs.get(id) ?? [])
    const credentials = this.credentialsOf(told.map(({ session }) => session))
    return { blobs: told.length > 0 ? [encodeBriefs(told)] : [], read, credentials, lacking, next: found.next }
  }

  private credentialsOf(authors: Iterable<SessionId>): Uint8Array[] {
    const { sessions } = this.options.journal.options
    return [...new Set(authors)].flatMap((id) => {
      const known = sessions.get(id)
      return known ? [known.certificate ?? known.publicKey] : []
    })
  }

  /** Commits and what is below them, newest first. What this replica has not got yet either, it gets now. */
  private async walk(ids: readonly CommitId[]): Promise<Walked> {
    const { journal, further } = this.options
    const found = this.walkHere(ids, this.most)
    if (found.ids.length > 0 || !journal.boundary) return found
    await (await further?.())?.fetch()
    const fetched = this.walkHere(ids, this.most)
    if (fetched.ids.length > 0) return fetched
    return { ids: ids.slice(0, MAX_EDGE).filter((id) => journal.boundary?.has(id)), next: [] }
  }

  /** The same of what is here. */
  private walkHere(ids: readonly CommitId[], most: { readonly bytes: number; readonly commits: number }): Walked {
    const { graph, boundary } = this.options.journal
    const wanted = ids.slice(0, MAX_EDGE)
    const parts: Parts[] = [{ graph, children: boundary?.children ?? new Map() }]
    if (boundary) parts.push(boundary.graph())
    for (const { graph: part, children } of parts) {
      const { entries, next } = walkDown(part, wanted, most, ({ id }) =>
        (children.get(id) ?? []).filter((parent) => !part.has(parent)),
      )
      if (entries.length > 0) return { ids: entries.map(({ id }) => id), next }
    }
    return { ids: [], next: [] }
  }

  /** The commits here whose ids begin so. */
  private named(prefixes: readonly Uint8Array[]): CommitId[] {
    const { graph, boundary } = this.options.journal
    const graphs = boundary ? [graph, boundary.graph().graph] : [graph]
    return prefixes.slice(0, MAX_NEEDED).flatMap((prefix) => {
      const digits = toHex(prefix)
      for (const one of graphs) {
        const n = one.numberOfPrefix(digits)
        if (n >= 0) return one.idAt(n)
      }
      return []
    })
  }

  private async give(whole: Whole | undefined, part: number): Promise<void> {
    const { journal, compression, send, charge } = this.options
    const { sha256 } = journal.options.crypto
    const frame = encodeMessage(await partOf(journal.repository.path, whole, part, sha256, compression))
    charge(frame.length)
    await send(frame)
  }

  private async choose(at: readonly CommitId[] = []): Promise<Whole | undefined> {
    const { journal, kin, offered, session } = this.options
    if (kin) return at.length > 0 && isBase(journal, at) ? giftOfBase(journal) : giftToTab(journal, kin.from)
    // Whoever has lost what it wrote would not see that it is in the keyframe: it takes all commits, and finds its own.
    return session && hasCommitsOf(journal, session) ? undefined : offered?.()
  }
}

function hasCommitsOf({ graph }: Journal, session: SessionId): boolean {
  for (let n = graph.size - 1; n >= 0; n--) if (graph.sessionAt(n) === session) return true
  return false
}

/** All that is accepted here, and durable, so that who takes this log over after it has lost nothing. */
async function giftToTab(journal: Journal, from: number): Promise<Whole | undefined> {
  const { graph, boundary, storage, repository } = journal
  await storage.settled().catch(() => {})
  // Who cannot get the past otherwise gets it in any case.
  if (!boundary && (storage.error || graph.size < from)) return undefined
  const at = acceptedFrontier(journal)
  if (at.length === 0) return undefined
  const keyframe = await encodeKeyframeInPieces(repository.state, paceOf(journal))
  return makeGift(journal, at, keyframe)
}

/** Pauses as long as that is quick: a hidden page gets its turn once a second or less, and nobody looks at it. */
function paceOf({ repository: { surroundings } }: Journal): Pace {
  const pace = createPace(surroundings)
  const { clock } = surroundings
  let slow = false
  return () => {
    const began = clock.now()
    return slow ? undefined : pace()?.then(() => void (slow = clock.now() - began > SLOW_MS))
  }
}

function isBase({ boundary }: Journal, at: readonly CommitId[]): boolean {
  return boundary?.frontier.length === at.length && at.every((id) => boundary.frontier.includes(id))
}

/** The keyframe from which this replica began itself. */
async function giftOfBase(journal: Journal): Promise<Whole | undefined> {
  const at = journal.boundary?.frontier ?? []
  const keyframe = await baseBytesOf(journal)
  return keyframe && makeGift(journal, at, keyframe)
}

async function makeGift(journal: Journal, at: readonly CommitId[], keyframe: Uint8Array): Promise<Whole> {
  const commits = await Promise.all(at.map((id) => journal.bytesOf(id)))
  return { at, commits, bytes: encodeGift({ keyframe, credentials: credentialsFor(journal, keyframe) }) }
}

/** Certificates of those whom a keyframe names, as far as they have any: without one a session is shown by its id. */
export function credentialsFor({ options }: Journal, keyframe: Uint8Array): Uint8Array[] {
  return [...keyframeAuthors(keyframe).sessions].flatMap((id) => options.sessions.get(id)?.certificate ?? [])
}
