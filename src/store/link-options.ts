/** What a link needs to know: of its node, and of what it is to do at its end. */
import type { CryptoPort, SigningKey } from '../crypto/port.js'
import type { IbexError } from '../errors.js'
import type { CommitId, RepositoryPath, SessionId } from '../ids.js'
import type { Surroundings } from '../ports.js'
import type { Journal } from '../repository/journal.js'
import type { Judge } from '../repository/judge.js'
import type { Sessions } from '../repository/sessions.js'
import type { Compression } from '../sync/batch.js'
import type { HelloMessage, WelcomeMessage } from '../sync/messages.js'
import type { Transport } from '../transport/port.js'
import type { ConversationOptions, Gathering } from './conversation.js'

/** What a link asks of the node that it belongs to. */
export interface LinkHost {
  readonly crypto: CryptoPort
  readonly key: SigningKey
  readonly sessions: Sessions
  readonly surroundings: Surroundings
  readonly compression?: Compression | undefined
}

/** A repository that the other end asks for. The authority gives more than its journal. */
export interface Asked {
  readonly journal: Journal
  readonly judge?: Judge
  readonly gathering?: Gathering
  /** A keyframe for who holds nothing. */
  readonly offered?: ConversationOptions['offered']
  /** Gets some older commits that are not here yet, for who asks for them. */
  readonly further?: ConversationOptions['further']
}

/** The end that was called: a server, or the tab that owns storage and network. */
export interface AcceptorOptions {
  readonly role: 'acceptor'
  /** Decides about a session whose key was proved. Throws to refuse it. */
  welcome(hello: HelloMessage, session: SessionId): Promise<{ certificate?: Uint8Array | undefined }>
  /** The repository that the other end asks for. Throws to refuse it. */
  open(path: RepositoryPath, session: SessionId): Promise<Asked>
  /** Tabs get a keyframe of what has so many commits, and of what is not whole here; or `never`. */
  readonly offersFrom?: number | 'never' | undefined
  /** What acknowledgements say: see `ConversationOptions`. */
  acknowledges(journal: Journal): 'stored' | 'accepted'
}

/** The end that calls. */
export interface InitiatorOptions {
  readonly role: 'initiator'
  /** What holds nothing begins from a keyframe of the other end. */
  readonly begins: boolean
  token(): Promise<string | undefined>
  /** The certificate to show. */
  certificate(): Uint8Array | undefined
  /** The other end is who it should be, and has welcomed us. */
  welcomed(welcome: WelcomeMessage): void
  /** The other end refused us for a reason that does not pass by itself. */
  refused(error: IbexError): void
  /** The other end does not talk about this repository. */
  refusedRepository(path: RepositoryPath, error: IbexError): void
  synced(path: RepositoryPath): void
  /** What the other end gave of this repository does not hold, or it lacks too much of it; undefined: not any more. */
  distrusted(path: RepositoryPath, error: IbexError | undefined): void
  /** The other end said what time it is. Milliseconds since 1970. */
  timed(time: number): void
  resume(path: RepositoryPath): readonly CommitId[] | undefined
  resumable(path: RepositoryPath, frontier: readonly CommitId[]): void
}

export type LinkOptions = (AcceptorOptions | InitiatorOptions) & {
  readonly transport: Transport
  /** The other end is a tab of this device: its word is believed. */
  readonly trusted: boolean
  /** Bytes that came and wait to be worked on, after each change. */
  backlog?(bytes: number): void
  /** So many bytes were given on request. */
  charge?(bytes: number): void
  /** Something went wrong at the other end, or here on its account. */
  report?(error: IbexError): void
  closed(): void
}
