/** What a replica is made of, what it opens, and what the tabs of a store tell each other. */
import type { CryptoPort, SigningKey } from '../crypto/port.js'
import type { IbexError } from '../errors.js'
import type { CommitId, Lane, RepositoryPath, SessionId } from '../ids.js'
import type { Surroundings } from '../ports.js'
import type { Descent } from '../repository/descent.js'
import type { Journal } from '../repository/journal.js'
import type { Repository } from '../repository/repository.js'
import type { Sessions } from '../repository/sessions.js'
import type { Compression } from '../sync/batch.js'
import type { Transport } from '../transport/port.js'
import type { HistoryStatus } from './face.js'
import type { NetworkState } from './network.js'

export interface ReplicaOptions {
  readonly surroundings: Surroundings
  readonly crypto: CryptoPort
  readonly key: SigningKey
  readonly session: SessionId
  readonly lane: Lane
  readonly sessions: Sessions
  readonly compression?: Compression | undefined
  /** Undefined: this store has no server and trusts itself. */
  readonly server: ServerOptions | undefined
  /** What a replica that leads keeps for the next start; absent: nothing is kept. */
  readonly keep?: Keep | undefined
  /** Whether all of the past comes to this device by itself, or when somebody looks. Default: `full`. */
  readonly history?: 'full' | 'on-demand' | undefined
  /** Other tabs begin from a keyframe of what has so many commits. */
  readonly tabsBeginFrom?: number | undefined
  /** Other tabs are to hear of it: see `Tabs.say`. */
  say?(word: TabWord): void
}

export interface ServerOptions {
  connect(): Transport
  /** It did not answer, and never has since this replica began. Called once. */
  absent?(): void
  token(): Promise<string | undefined>
}

/** The tab that leads has given what it has of a repository, or cannot. */
export type Ready = (path: RepositoryPath, error?: IbexError) => void

/** Small values that outlive the process. */
export interface Keep {
  readonly resume: ReadonlyMap<RepositoryPath, readonly CommitId[]>
  readonly synced: ReadonlySet<RepositoryPath>
  certificate(certificate: Uint8Array, authority: Uint8Array): void
  resumable(path: RepositoryPath, frontier: readonly CommitId[]): void
  wasSynced(path: RepositoryPath): void
}

/** What the tabs of a store tell each other besides the protocol. */
export type TabWord =
  | { readonly word: 'stored'; readonly path: RepositoryPath; readonly ids: readonly CommitId[] }
  /** A tab keeps the bytes of these until it hears that they are stored. */
  | { readonly word: 'kept'; readonly path: RepositoryPath; readonly ids: readonly CommitId[] }
  | {
      readonly word: 'news'
      readonly connection: NetworkState | 'local'
      readonly complete: readonly RepositoryPath[]
      readonly history: readonly (readonly [RepositoryPath, HistoryStatus])[]
      /** See {@link ClockOffset}. */
      readonly offset: number
    }

/** An open repository. */
export interface Opened {
  readonly journal: Journal
  readonly repository: Repository
  /** The first exchange with the server, in this process or an earlier one, has ended. */
  everSynced: boolean
  /** What the server had at the last exchange is here. */
  complete: boolean
  /** Why the server does not talk about it, if it does not. */
  refusal: IbexError | undefined
  /** What is wrong with the local copy. */
  problems: readonly string[]
  /** What others gave that does not hold. */
  distrusted: IbexError | undefined
  /** How much of the past is on this device. */
  history(): HistoryStatus
  /** Goes down into what is not here. */
  descent(): Promise<Descent>
}
