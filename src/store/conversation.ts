/**
 * One repository over one link: carries out what the pure sync step decides. The duties are those that `sync/peer.ts`
 * lists for the driver.
 */
import { decodeCertificate } from '../crypto/certificate.js'
import { IbexError, type IbexErrorCode } from '../errors.js'
import { since } from '../graph/ancestry.js'
import { decodeCommit } from '../graph/commit.js'
import type { CommitId, SessionId } from '../ids.js'
import { admit, type Source } from '../repository/admission.js'
import type { OlderAnswer, OlderQuestion } from '../repository/descent.js'
import type { Journal } from '../repository/journal.js'
import type { Judge } from '../repository/judge.js'
import type { Sessions } from '../repository/sessions.js'
import type { Unsubscribe } from '../signal.js'
import { type Batch, type Compression, openBatch, sendDelivery } from '../sync/batch.js'
import {
  type CommitsMessage,
  isPast,
  type KeyframeMessage,
  type KeyframeQuestion,
  MAX_IDS,
  type RepositoryMessage,
  type SummaryMessage,
} from '../sync/messages.js'
import { createPeer, type Delivery, type Effects, type Peer, type View } from '../sync/peer.js'
import { loadPast } from './past-on-demand.js'
import type { PastTalk, PastTalkOptions } from './past-talk.js'
import { admitted, close, durable, receive, rejected, settled, start, tick, withdrawn } from '../sync/step.js'

/** Decides when the commits of an answer are looked at. */
export interface Gathering {
  /** The other end has sent a summary, with its newest seal. */
  expect(seal: CommitId | undefined): void
  /** Commits have come; answers those that are to be taken in now. */
  take(batch: Batch): readonly Batch[]
  /** Bytes of those that wait. */
  readonly held: number
}

export interface ConversationOptions {
  readonly journal: Journal
  readonly source: Source
  /** The other end speaks for the authority: what it acknowledges is accepted, what it rejects is void. */
  readonly believed: boolean
  /** What an acknowledgement of this end says: that a commit is on disk, or that the authority has accepted it. */
  readonly acknowledges: 'stored' | 'accepted'
  /** Given where this node is the authority. */
  readonly judge?: Judge | undefined
  /** Absent: each message is looked at as it comes. */
  readonly gathering?: Gathering | undefined
  /** What both sides held when they last spoke. */
  readonly resume?: readonly CommitId[] | undefined
  readonly compression?: Compression | undefined
  /** The other end is a tab of this device, or another of its replicas. */
  readonly kin: boolean
  /** Whether this end, if it holds nothing, begins from a keyframe of the other; see `PastTalkOptions` for what it gives. */
  readonly begins: boolean
  readonly offered?: PastTalkOptions['offered']
  readonly offersFrom?: PastTalkOptions['offersFrom']
  readonly further?: PastTalkOptions['further']
  /** So many bytes were given on request. */
  charge(bytes: number): void
  /** What was given does not hold: it was not taken. Undefined: what was missing at the other end is there now. */
  distrusted(error: IbexError | undefined): void
  send(message: RepositoryMessage | Uint8Array): void | Promise<void>
  /** The other end broke the rules. */
  violated(code: IbexErrorCode, message: string): void
  /** All that the other end listed is here. */
  synced(): void
  /** The frontier that both hold has moved. */
  resumable(frontier: readonly CommitId[]): void
  /** The authority wants something else first: a new sign-in, a slower pace. */
  hindered(code: IbexErrorCode): void
}

export interface Conversation {
  readonly journal: Journal
  /** Asks for older commits. Rejects with `unreachable` when no answer comes, with `protocol` where none can. */
  ask(question: OlderQuestion): Promise<OlderAnswer>
  /** Begins, at the side that wants the repository. */
  start(): Promise<void>
  /** One message at a time: wait before the next. */
  take(message: RepositoryMessage): Promise<void>
  /** Bytes of commits that wait here for others. */
  readonly held: number
  tick(now: number): void
  /** The other end does not know something that it was asked. */
  misunderstood(): void
  end(): void
}

/** See `clone.ts`: with more commits no replica is blank. */
const MAX_BLANK = 256

export function createConversation(options: ConversationOptions): Conversation {
  const { journal, source } = options
  const { sessions, crypto } = journal.options
  const { random } = journal.repository.surroundings
  const peer: Peer = createPeer({
    repository: journal.repository.path,
    authority: options.believed,
    vouches: source.trusted,
    resume: options.resume,
    random: (length) => random.bytes(length),
  })
  const view: View = {
    graph: journal.graph,
    sha256: crypto.sha256,
    decode(bytes) {
      const commit = decodeCommit(bytes, crypto.sha256)
      if (commit.header.repository === journal.repository.path) return commit
      const message = `A commit of ${commit.header.repository} was sent to ${journal.repository.path}.`
      throw new IbexError('wrong-repository', message)
    },
    isDurable(id) {
      if (options.acknowledges === 'stored') return journal.storage.isDurable(id)
      const fate = journal.fates.of(id)
      // That it is void may be known before what it descends from is accepted, of which an acknowledgement speaks too.
      return fate === 'accepted' || (fate === 'void' && journal.repository.state.provisional.size === 0)
    },
    get seal() {
      return journal.fates.lastSeal
    },
    get boundary() {
      return journal.boundary
    },
    voids: (frontier, held) => (options.believed ? [] : journal.fates.voidsBelow(frontier, held)),
  }
  let delivering: Promise<void> = Promise.resolve()
  let past: PastTalk | undefined
  let ended = false

  const stops: Unsubscribe[] = [
    journal.onAdmitted.subscribe((ids) => run(admitted(peer, view, ids))),
    (options.acknowledges === 'stored' ? journal.storage.onStored : journal.verdicts.onAccepted).subscribe(() =>
      run(durable(peer, view)),
    ),
    journal.onWithdrawn.subscribe((ids) => withdrawn(peer, ids)),
    journal.onBegun.subscribe(() => {
      // Tabs that hold nothing are offered the same; until they say what they have nothing is pushed.
      peer.phase = 'behind'
      if (options.kin && !options.begins) talkOfPast().then((talk) => talk.offer(), ignore)
    }),
    journal.verdicts.onVoid.subscribe(({ id, code, message }) => {
      // Who speaks for the authority passes its refusals on.
      if (options.acknowledges === 'accepted' || options.judge)
        run(rejected(peer, [{ id, code, message, final: true }]))
    }),
  ]

  /** For what nobody waits for. An error of our own ends the connection, not the process. */
  function run(effects: Effects): void {
    carryOut(effects).catch((error: unknown) => options.violated('protocol', `It could not go on: ${String(error)}`))
  }

  async function carryOut(effects: Effects): Promise<void> {
    if (ended) return
    if (effects.violation) {
      options.violated(effects.violation.code as IbexErrorCode, effects.violation.message)
      return
    }
    // Before what it says of commits is believed: what is accepted does not go above a keyframe any more.
    if (effects.apart && (await talkOfPast().then((talk) => talk.follow(peer.boundary), ignore))) {
      // Where that fails it is said.
      peer.apart = false
      return
    }
    let after: Effects | undefined
    if (effects.admit.length > 0 || effects.credentials.length > 0) {
      after = await takeIn(effects)
      if (!after) return
    }
    for (const { id, code, final, message } of effects.rejections) {
      const refusal = { id, code: code as IbexErrorCode, message: message || `The server refused a change (${code}).` }
      if (final) journal.verdicts.doom(refusal)
      else options.hindered(refusal.code)
    }
    // After what is void is known to be: else it would be taken for accepted.
    if (effects.acked && options.believed && journal.options.authority === 'remote') {
      journal.verdicts.accept(effects.acked)
      journal.storage.record([{ kind: 'accepted', frontier: effects.acked }])
    }
    const { boundary } = journal
    if (effects.below && boundary) {
      journal.storage.record(effects.below.map((commit) => boundary.tell(commit)))
      run(admitted(peer, view, []))
    }
    for (const message of effects.send) void options.send(message)
    if (effects.deliver) deliver(effects.deliver)
    if (effects.resume) options.resumable(effects.resume)
    if (effects.synced) options.synced()
    if (effects.apart !== undefined) options.distrusted(effects.apart ? apart(journal) : undefined)
    if (after) await carryOut(after)
  }

  /** Takes in commits; answers what the step says to that, or undefined where the peer turned out to be a liar. */
  async function takeIn(effects: Effects): Promise<Effects | undefined> {
    try {
      for (const credential of effects.credentials) await introduce(credential)
    } catch (error) {
      options.violated('bad-certificate', error instanceof Error ? error.message : String(error))
      return undefined
    }
    const admission = await journal.exclusive(() => admit(journal, effects.admit, source, options.judge))
    if (ended) return undefined
    const liar = admission.turned.find(({ retry }) => !retry)
    if (liar) {
      options.violated(liar.code, liar.message)
      return undefined
    }
    if (options.judge && admission.turned.length > 0) {
      const rejections = admission.turned.map(({ id, code, message }) => ({ id, code, message, final: false }))
      await carryOut(rejected(peer, rejections))
    }
    return settled(
      peer,
      view,
      admission.turned.map(({ id }) => id),
    )
  }

  function introduce(credential: Uint8Array): Promise<SessionId> {
    return introduceTo(sessions, credential, source.trusted)
  }

  /**
   * What is void and was declared so while the other end was away, also where nothing is to be acknowledged. What a seal
   * lists that it has, it knows.
   */
  async function recall({ count, seal }: SummaryMessage): Promise<void> {
    if (options.believed || count === 0) return
    let voids = journal.fates.voids()
    if (voids.length === 0) return
    if (seal && journal.graph.has(seal)) {
      const unknown = new Set(since(journal.graph, [seal]).map(({ id }) => id))
      voids = voids.filter((id) => unknown.has(id))
    }
    const refusals = voids.map((id) => ({ id, code: 'forbidden', message: '', final: true }))
    // Parts, because a message may not be as long as a list of all that was ever refused.
    for (let from = 0; from < refusals.length; from += MAX_IDS) {
      await carryOut(rejected(peer, refusals.slice(from, from + MAX_IDS)))
    }
  }

  /** What is to be taken in of a message, now. */
  async function open(message: CommitsMessage): Promise<readonly Batch[]> {
    try {
      const batch = await openBatch(message, options.compression)
      // Each is that of a commit beside it; others would only fill the memory (I-14).
      if (batch.credentials.length > batch.commits.length)
        throw new IbexError('limit', 'More credentials than commits.')
      return options.gathering?.take(batch) ?? [batch]
    } catch (error) {
      if (!(error instanceof IbexError)) throw error
      options.violated(error.code, error.message)
      return []
    }
  }

  function deliver(delivery: Delivery): void {
    delivering = delivering
      .then(() =>
        sendDelivery(peer, delivery, {
          async load(id) {
            const entry = journal.graph.get(id)
            return entry && { bytes: await journal.bytesOf(id), session: entry.session }
          },
          credential: (session) => {
            const known = sessions.get(session)
            return known?.certificate ?? known?.publicKey
          },
          send: (frame) => options.send(frame),
          compression: options.compression,
        }),
      )
      .catch(() => {
        // What could not be read is not sent; the peer will ask again.
      })
  }

  async function talkOfPast(): Promise<PastTalk> {
    const { PastTalk } = await loadPast()
    past ??= new PastTalk({
      ...options,
      session: source.session,
      compression: options.compression,
      introduce,
      async begun(at) {
        if (at.length > 0) {
          peer.common = at
          peer.resumed = false
          options.resumable(at)
        }
        await carryOut(start(peer, view))
      },
    })
    if (ended) past.end()
    return past
  }

  /** Asks for a keyframe where nothing is here; answers whether that is under way. */
  async function asksForKeyframe(): Promise<boolean> {
    const { graph, fates, boundary } = journal
    // Most replicas hold something, and need not load what it takes.
    if (!options.begins || boundary || fates.lastSeal || graph.size > MAX_BLANK) return false
    return (await talkOfPast()).tryToBegin()
  }

  return {
    journal,
    async ask(question) {
      return (await talkOfPast()).ask(question)
    },
    async start() {
      // Without it all commits are taken.
      if (!(await asksForKeyframe().catch(() => false))) await carryOut(start(peer, view))
    },
    async take(message) {
      if (isPast(message)) {
        const talk = await talkOfPast().catch(ignore)
        if (talk) await talk.take(message)
        // What gives one cannot be loaded at present: all commits are given.
        else if (message.type === 'keyframe?') void options.send(noKeyframe(message))
        return
      }
      // What is missing is asked for when it is known from where on.
      if (past?.begins) return
      if (message.type === 'commits') {
        for (const batch of await open(message)) await carryOut(receive(peer, view, batch))
        return
      }
      if (message.type === 'summary') {
        options.gathering?.expect(message.seal)
        await recall(message)
      }
      await carryOut(receive(peer, view, message))
    },
    get held() {
      return peer.orphanBytes + (options.gathering?.held ?? 0)
    },
    tick(now) {
      past?.tick()
      if (!past?.begins) run(tick(peer, view, now))
    },
    misunderstood: () => past?.misunderstood(),
    end() {
      if (ended) return
      ended = true
      past?.end()
      close(peer)
      for (const stop of stops) stop()
    },
  }
}

/** Makes a session known by its certificate, or its bare key. `trusted`: who gave it is believed while no authority is known. */
export async function introduceTo(sessions: Sessions, credential: Uint8Array, trusted: boolean): Promise<SessionId> {
  if (credential.length === 32) return sessions.addKey(credential)
  const { publicKey } = decodeCertificate(credential)
  // Another tab of this device has checked it.
  if (trusted && !sessions.authorityKey) sessions.trust(publicKey, credential)
  return sessions.add(publicKey, credential)
}

function apart({ repository: { path } }: Journal): IbexError {
  const message = `One end of ${path} began from a keyframe that the other does not know: both wait for what is below it.`
  return new IbexError('history-missing', message)
}

function noKeyframe({ repository }: KeyframeQuestion): KeyframeMessage {
  const hash = new Uint8Array(32)
  const payload = new Uint8Array()
  return { type: 'keyframe', repository, at: [], commits: [], part: 0, parts: 1, size: 0, hash, inflated: 0, payload }
}

function ignore(): undefined {
  return undefined
}
