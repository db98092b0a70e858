/**
 * What a replica gives on request beside the ordinary exchange: a keyframe to who holds nothing, and older commits to who
 * began from one. Loaded where somebody asks.
 */
import { acceptedFrontier } from '../repository/clone.js'
import { encodeKeyframe, keyframeAuthors } from '../history/keyframe.js'
import { readHeader } from '../graph/header.js'
import { type CommitId, type SessionId, toHex } from '../ids.js'
import type { Journal } from '../repository/journal.js'
import { type Compression, pack } from '../sync/batch.js'
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
  /** Gets some older commits from elsewhere, if this replica has not got all. */
  readonly fetchOlder: (() => Promise<void>) | undefined
  /** So many bytes are given on request (I-14). */
  charge(bytes: number): void
}

/** Questions of one conversation that wait: an honest peer asks again when it has an answer. */
const MAX_WAITING = 16
/** Milliseconds for which what is given part by part is kept. */
const KEPT_MS = 60_000

/** Identity: one for each conversation in which somebody asked. */
export class Giving {
  private readonly options: GivingOptions
  private whole: Whole | undefined
  private asked = 0
  private answering: Promise<void> = Promise.resolve()
  private waiting = 0

  constructor(options: GivingOptions) {
    this.options = options
  }

  async answer(question: KeyframeQuestion): Promise<void> {
    const { journal } = this.options
    const { scheduler } = journal.repository.surroundings
    let { whole } = this
    if (question.at.length === 0 || question.at.join() !== whole?.at.join()) whole = await this.choose()
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
  async history({ round, deep, ids, prefixes }: HistoryQuestion): Promise<void> {
    if (this.waiting >= MAX_WAITING) return
    this.waiting++
    // One after the other, so that at most one answer is in memory.
    this.answering = this.answering.then(async () => {
      await this.giveOlder(round, deep, ids, prefixes).catch(() => {})
      this.waiting--
    })
    await this.answering
  }

  private async giveOlder(
    round: number,
    deep: boolean,
    ids: readonly CommitId[],
    prefixes: readonly Uint8Array[],
  ): Promise<void> {
    const { journal, compression, send, charge } = this.options
    const found = deep ? await this.walk(ids) : { ids: this.named(ids, prefixes), next: [] }
    const writer = new ByteWriter(4096)
    const credentials = new Map<SessionId, Uint8Array>()
    const lacking: CommitId[] = []
    const next = [...found.next]
    for (const [i, id] of found.ids.entries()) {
      const bytes = await journal.bytesOf(id).catch(() => undefined)
      if (!bytes) {
        lacking.push(id)
        continue
      }
      writer.bytes(bytes)
      const { session } = readHeader(new ByteReader(bytes))
      const credential = journal.options.sessions.get(session)
      if (credential) credentials.set(session, credential.certificate ?? credential.publicKey)
      if (writer.length < OLDER_BYTES) continue
      next.push(...found.ids.slice(i + 1))
      break
    }
    const frame = encodeMessage({
      type: 'history',
      repository: journal.repository.path,
      round,
      credentials: [...credentials.values()],
      lacking,
      next,
      ...(await pack(writer.finish(), compression)),
    })
    charge(frame.length)
    await send(frame)
  }

  /** Commits and what is below them, newest first. */
  private async walk(ids: readonly CommitId[]): Promise<{ ids: CommitId[]; next: readonly CommitId[] }> {
    const { journal } = this.options
    const most = { bytes: OLDER_BYTES, commits: OLDER_COMMITS }
    const wanted = ids.slice(0, MAX_EDGE)
    const { graph } = journal
    const above = walkDown(graph, wanted, most, ({ id }) =>
      (journal.boundary?.children.get(id) ?? []).filter((parent) => !graph.has(parent)),
    )
    const found = above.entries.map(({ id }) => id)
    if (found.length > 0 || !journal.boundary) return { ids: found, next: above.next }
    // What this replica has not got yet either, it gets now.
    if (!wanted.some((id) => journal.boundary!.isHere(id))) await this.options.fetchOlder?.()
    const { boundary } = journal
    if (!boundary) return this.walk(ids)
    const below = boundary.graph()
    const older = walkDown(below.graph, wanted, most, ({ id }) =>
      (below.children.get(id) ?? []).filter((parent) => !below.graph.has(parent)),
    )
    const here = older.entries.map(({ id }) => id)
    return here.length > 0
      ? { ids: here, next: older.next }
      : { ids: wanted.filter((id) => boundary.has(id)), next: [] }
  }

  private named(ids: readonly CommitId[], prefixes: readonly Uint8Array[]): CommitId[] {
    const { graph, boundary } = this.options.journal
    const older = boundary?.graph().graph
    const found = prefixes.slice(0, MAX_NEEDED).flatMap((prefix) => {
      const digits = toHex(prefix)
      const n = graph.numberOfPrefix(digits)
      if (n >= 0) return [graph.idAt(n)]
      const m = older?.numberOfPrefix(digits) ?? -1
      return m >= 0 ? [older!.idAt(m)] : []
    })
    return [...ids.slice(0, MAX_NEEDED), ...found]
  }

  private async give(whole: Whole | undefined, part: number): Promise<void> {
    const { journal, compression, send, charge } = this.options
    const { sha256 } = journal.options.crypto
    const frame = encodeMessage(await partOf(journal.repository.path, whole, part, sha256, compression))
    charge(frame.length)
    await send(frame)
  }

  private async choose(): Promise<Whole | undefined> {
    const { journal, kin, offered, session } = this.options
    if (kin) return giftToTab(journal, kin.from)
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
  const keyframe = encodeKeyframe(repository.state)
  const commits = await Promise.all(at.map((id) => journal.bytesOf(id)))
  return { at, commits, bytes: encodeGift({ keyframe, credentials: credentialsFor(journal, keyframe) }) }
}

/** Certificates of those whom a keyframe names, as far as they have any: without one a session is shown by its id. */
export function credentialsFor({ options }: Journal, keyframe: Uint8Array): Uint8Array[] {
  return [...keyframeAuthors(keyframe).sessions].flatMap((id) => options.sessions.get(id)?.certificate ?? [])
}
