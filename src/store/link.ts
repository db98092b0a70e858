/**
 * One connection: proves who is at each end, then carries the conversations of all repositories. The same between
 * browser and server, tab and tab, server and server.
 */
import { verifyCertificate } from '../crypto/certificate.js'
import { sessionIdOfKey } from '../crypto/sha256.js'
import { asIbexError, IbexError, type IbexErrorCode } from '../errors.js'
import type { RepositoryPath, SessionId } from '../ids.js'
import type { TimerHandle } from '../ports.js'
import type { OlderAnswer, OlderQuestion } from '../repository/descent.js'
import type { Journal } from '../repository/journal.js'
import { decodeMessage, encodeMessage } from '../sync/message-codec.js'
import {
  type HelloMessage,
  type Message,
  type NonceMessage,
  PROTOCOL_VERSION,
  proofBytes,
  type UnknownMessage,
  type WelcomeMessage,
} from '../sync/messages.js'
import { equalBytes } from '../value/bytes.js'
import { type Conversation, createConversation } from './conversation.js'
import type { AcceptorOptions, Asked, InitiatorOptions, LinkHost, LinkOptions } from './link-options.js'

export interface Link {
  readonly session: SessionId | undefined
  /** At the initiator: talk about this repository, now or as soon as we are welcome. */
  carry(journal: Journal): void
  /** Asks for older commits; see `Conversation.ask`. */
  ask(path: RepositoryPath, question: OlderQuestion): Promise<OlderAnswer>
  /** No longer talk about it. */
  drop(path: RepositoryPath): void
  /** Resolves when what came so far was worked on. */
  idle(): Promise<void>
  close(reason?: string): void
}

/** Milliseconds between keep-alives. */
const TICK_MS = 15_000
/** An end that says nothing at first is hung up on. */
const HANDSHAKE_MS = 10_000
/** Milliseconds after which a repository is asked for again that could not be opened. */
const RETRY_MS = 10_000
/** So many keep-alives in a row without a word from the server: the connection is dead, and nobody was told. */
const MAX_SILENT_BEATS = 3
/** Bytes that may wait to be worked on; an honest peer's window and answers fit in. */
const MAX_BACKLOG = 16 * 1024 * 1024

/** Bytes of commits that may wait for others, of all repositories of who calls; see `Conversation.held`. */
const MAX_HELD = 64 * 1024 * 1024

/** Begins to speak over a transport. */
export function createLink(host: LinkHost, options: LinkOptions): Link {
  const { sessions, crypto, surroundings } = host
  const transport = surroundings.probe?.linked(options.transport, options) ?? options.transport
  const { scheduler, clock } = surroundings
  const conversations = new Map<RepositoryPath, Conversation>()
  const wanted = new Map<RepositoryPath, Journal>()
  const nonce = surroundings.random.bytes(32)
  /** What a proof is for: another tab may hear of the authority only after it has shown its nonce. */
  const shown = sessions.authorityKey
  let session: SessionId | undefined
  let established = false
  let closed = false
  let backlog = 0
  let silence = 0
  let work: Promise<void> = Promise.resolve()
  let ticking: TimerHandle | undefined
  const deadline = scheduler.after(HANDSHAKE_MS, () => {
    if (!established) close('no handshake')
  })

  function send(message: Message | Uint8Array): void {
    if (!closed) transport.send(message instanceof Uint8Array ? message : encodeMessage(message))
  }

  function end(): void {
    if (closed) return
    closed = true
    scheduler.cancel(deadline)
    if (ticking) scheduler.cancel(ticking)
    for (const conversation of conversations.values()) conversation.end()
    conversations.clear()
    options.closed()
  }

  function close(reason?: string): void {
    transport.close(reason)
    end()
  }

  function violate(code: IbexErrorCode, message: string): void {
    send({ type: 'error', code, message })
    options.report?.(new IbexError(code, message))
    close(code)
  }

  function establish(): void {
    established = true
    scheduler.cancel(deadline)
    const beat = (): void => {
      if (options.role === 'initiator' && !options.trusted && silence++ >= MAX_SILENT_BEATS) {
        close('silent')
        return
      }
      for (const conversation of conversations.values()) conversation.tick(clock.now())
      ticking = scheduler.after(TICK_MS, beat)
    }
    ticking = scheduler.after(TICK_MS, beat)
  }

  function converse(asked: Asked): Conversation {
    const { journal } = asked
    const { path } = journal.repository
    const initiator = options.role === 'initiator' ? options : undefined
    const conversation = createConversation({
      ...asked,
      source: { trusted: options.trusted || initiator !== undefined, session, upstream: initiator !== undefined },
      believed: initiator !== undefined,
      acknowledges: options.role === 'acceptor' ? options.acknowledges(journal) : 'stored',
      resume: initiator?.resume(path),
      compression: host.compression,
      kin: options.trusted,
      begins: initiator?.begins ?? false,
      offersFrom: options.role === 'acceptor' ? options.offersFrom : undefined,
      charge: (bytes) => options.charge?.(bytes),
      distrusted(error) {
        if (initiator) initiator.distrusted(path, error)
        else if (error) options.report?.(error)
      },
      send,
      violated: violate,
      synced: () => initiator?.synced(path),
      resumable: (frontier) => initiator?.resumable(path, frontier),
      hindered: (code) => options.report?.(new IbexError(code, `The server will take changes later (${code}).`)),
    })
    conversations.set(path, conversation)
    return conversation
  }

  async function take(message: Message | UnknownMessage): Promise<void> {
    switch (message.type) {
      case 'unknown':
        send({ type: 'error', code: 'protocol', message: `Unknown message ${message.number}.` })
        return
      case 'nonce':
        if (options.role === 'initiator' && !session) await answerNonce(message, options)
        return
      case 'hello':
        if (options.role === 'acceptor' && !session) await answerHello(message, options)
        return
      case 'welcome':
        if (options.role === 'initiator' && session && !established) await takeWelcome(message, options)
        return
      case 'error':
        takeError(message.repository, message.code as IbexErrorCode, message.message)
        return
      default: {
        if (!established) {
          violate('protocol', 'Say hello first.')
          return
        }
        let conversation = conversations.get(message.repository)
        if (!conversation && options.role === 'acceptor') {
          try {
            const asked = await options.open(message.repository, session!)
            if (!closed) conversation = conversations.get(message.repository) ?? converse(asked)
          } catch (error) {
            const { code, message: text } = asIbexError(error, 'protocol')
            send({ type: 'error', repository: message.repository, code, message: text })
            return
          }
        }
        if (message.type === 'ping' && options.role === 'initiator') options.timed(message.time)
        if (!conversation) return
        await conversation.take(message)
        if (conversation.held > 0) limitHeld()
      }
    }
  }

  /** What a repository may hold back is little; what all of a connection's may is not. */
  function limitHeld(): void {
    let held = 0
    for (const conversation of conversations.values()) held += conversation.held
    if (options.role === 'acceptor' && held > MAX_HELD) violate('limit', 'Too many commits without what precedes them.')
  }

  async function answerNonce(message: NonceMessage, initiator: InitiatorOptions): Promise<void> {
    if (!message.versions.includes(PROTOCOL_VERSION)) {
      const text = `The server speaks protocol ${message.versions.join(', ')}, this app ${PROTOCOL_VERSION}. Reload to update it.`
      initiator.refused(new IbexError('newer-version', text))
      close('version')
      return
    }
    const { authorityKey } = sessions
    const { authority } = message
    if (authorityKey && (authority ? !equalBytes(authorityKey, authority) : !options.trusted)) {
      refuseAuthority(initiator)
      return
    }
    session = message.authority ? sessionIdOfKey(message.authority) : undefined
    const proof = await host.key.sign(proofBytes(message.nonce, message.authority))
    const token = await initiator.token()
    session ??= sessionIdOfKey(host.key.publicKey)
    send({
      type: 'hello',
      version: PROTOCOL_VERSION,
      publicKey: host.key.publicKey,
      proof,
      certificate: initiator.certificate(),
      token,
    })
  }

  function refuseAuthority(initiator: InitiatorOptions): void {
    const text =
      'The server is not the one that this device knows: its authority key changed. If that is right, call store.reset().'
    initiator.refused(new IbexError('wrong-authority', text))
    close('wrong-authority')
  }

  async function answerHello(message: HelloMessage, acceptor: AcceptorOptions): Promise<void> {
    const authority = sessions.authorityKey
    const refuse = (code: string, text: string): void => {
      send({ type: 'welcome', time: clock.now(), authority, refusal: { code, message: text } })
      close(code)
    }
    if (!(await crypto.verify(message.publicKey, proofBytes(nonce, shown), message.proof))) {
      refuse('bad-signature', 'The proof of the session key does not hold.')
      return
    }
    const claimed = sessions.addKey(message.publicKey)
    try {
      const { certificate } = await acceptor.welcome(message, claimed)
      session = claimed
      send({ type: 'welcome', time: clock.now(), authority, certificate })
      establish()
    } catch (error) {
      const { code, message: text } = asIbexError(error, 'sign-in')
      refuse(code, text)
    }
  }

  async function takeWelcome(message: WelcomeMessage, initiator: InitiatorOptions): Promise<void> {
    if (message.refusal) {
      initiator.refused(new IbexError(message.refusal.code as IbexErrorCode, message.refusal.message))
      close(message.refusal.code)
      return
    }
    if (!options.trusted && !(await isVouched(message))) {
      refuseAuthority(initiator)
      return
    }
    if (closed) return
    establish()
    initiator.welcomed(message)
    for (const journal of wanted.values()) void converse({ journal }).start()
  }

  /** Whether the authority that was shown, and is the pinned one if one is, has certified us. */
  async function isVouched({ authority, certificate }: WelcomeMessage): Promise<boolean> {
    if ((authority && sessionIdOfKey(authority)) !== session || !authority || !certificate) return false
    const certified = await verifyCertificate(crypto, authority, certificate)
    return certified !== undefined && equalBytes(certified.publicKey, host.key.publicKey)
  }

  function takeError(path: RepositoryPath | undefined, code: IbexErrorCode, text: string): void {
    const error = new IbexError(code, text)
    if (path === undefined) {
      options.report?.(error)
      // An older release was asked something that only a newer one knows.
      if (code === 'protocol') for (const conversation of conversations.values()) conversation.misunderstood()
    } else if (options.role === 'initiator') {
      conversations.get(path)?.end()
      conversations.delete(path)
      options.refusedRepository(path, error)
      // What the server cannot do at present it may be able to do later.
      const journal = code.startsWith('stor') ? wanted.get(path) : undefined
      if (!journal) return
      scheduler.after(RETRY_MS, () => {
        if (!closed && wanted.get(path) === journal && !conversations.has(path)) void converse({ journal }).start()
      })
    }
  }

  // What came before the end is still worked on: its sender may be gone for good.
  transport.onClose(() => (established ? void work.then(end) : end()))
  transport.onMessage((bytes) => {
    if (closed) return
    silence = 0
    backlog += bytes.length
    options.backlog?.(backlog)
    if (backlog > MAX_BACKLOG) {
      violate('limit', 'Too much at once.')
      return
    }
    work = work.then(async () => {
      if (closed) return
      try {
        await take(decodeMessage(bytes))
      } catch (error) {
        if (error instanceof IbexError) violate(error.code, error.message)
        else {
          close('failed')
          throw error
        }
      } finally {
        backlog -= bytes.length
        options.backlog?.(backlog)
      }
    })
    work.catch((error: unknown) =>
      options.report?.(new IbexError('protocol', 'A message could not be handled.', { cause: error })),
    )
    work = work.catch(() => {})
  })
  if (options.role === 'acceptor') {
    send({ type: 'nonce', versions: [PROTOCOL_VERSION], nonce, authority: shown })
  }

  return {
    get session() {
      return session
    },
    carry(journal) {
      if (options.role === 'acceptor') return
      wanted.set(journal.repository.path, journal)
      if (established && !conversations.has(journal.repository.path)) void converse({ journal }).start()
    },
    ask(path, question) {
      const conversation = conversations.get(path)
      if (conversation) return conversation.ask(question)
      return Promise.reject(new IbexError('unreachable', `Nobody talks about ${path} at present.`))
    },
    drop(path) {
      wanted.delete(path)
      conversations.get(path)?.end()
      conversations.delete(path)
    },
    idle: () => work,
    close,
  }
}
