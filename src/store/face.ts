/** What an app holds: the types of a store and what it reports. */
import type { IbexError, IbexErrorCode } from '../errors.js'
import type { AnySchema } from '../schema/schema.js'
import type { Unsubscribe } from '../signal.js'
import type { Collection, Write } from './collection-face.js'
import type { History } from './history/face.js'
import type { RecordOptions, RecordRange } from './record-face.js'

/** A commit of this device that the authority refused for good. Its changes are kept until they are retried or discarded. */
export interface Rejection {
  readonly commit: string
  readonly repository: string
  readonly code: IbexErrorCode
  readonly message: string
  readonly at: number
  readonly changes: readonly RejectedChange[]
  /** Commits the same changes anew. */
  retry(): Write
  /** Forgets them. */
  discard(): void
}

/** One refused change, readable: what was to be done to which field of which item. */
export interface RejectedChange {
  readonly schema: string
  readonly id: string
  readonly field: string
  readonly operation: string
  readonly value: unknown
}

/** Something about stored data or storage that the app's developer should know. */
export interface Problem {
  readonly kind: 'invalid-item' | 'damage' | 'storage' | 'certificate' | 'history'
  readonly message: string
  readonly repository?: string
  readonly schema?: string
  readonly id?: string
}

export type Connection = 'local' | 'connecting' | 'online' | 'offline' | 'refused'

/** How much of a repository's past is on this device, and whether it holds. */
export interface HistoryStatus {
  /**
   * `complete`: every commit is here and was checked; `verifying`: older ones are being fetched or checked; `partial`: they
   * come when somebody looks, or when the server can be reached; `damaged`: some do not hold, or cannot be had (see
   * `firstBad`). What is shown is right in any case: it is what the authority vouches for.
   */
  readonly state: 'complete' | 'partial' | 'verifying' | 'damaged'
  /** Commits on this device, of {@link total}. */
  readonly here: number
  /** Those of them whose hash, place and signature were checked, or which the authority's seal had vouched for when they came. */
  readonly verified: number
  readonly total: number
  /** A commit that does not hold. */
  readonly firstBad: string | undefined
}

/** How a repository stands; one frozen object that changes identity only when something in it changed. */
export interface Status {
  /** The repository can be read: see architecture, section 12. */
  readonly ready: boolean
  /** What the server has is here too. */
  readonly complete: boolean
  /** `local`: the store has no server; `refused`: the server does not want us (see `error`). */
  readonly connection: Connection
  /** Actions of this device that the server has not accepted yet (without a server: that are not yet durable). */
  readonly pending: number
  readonly storageMode: 'opening' | 'opfs' | 'indexeddb' | 'memory' | 'file'
  /** True where the platform cannot keep the session's key unreadable to scripts. */
  readonly keyExtractable: boolean
  /** The browser promised not to evict the data. */
  readonly persisted: boolean
  /** Connections by which commits arrive: the server, other tabs. */
  readonly peers: number
  readonly rejected: readonly Rejection[]
  readonly problems: readonly Problem[]
  readonly history: HistoryStatus
  /** Why the connection is `refused`, or why opening failed. */
  readonly error: IbexError | undefined
}

/** What {@link Store.export} gives: plain data, by repository and schema. */
export interface StoreExport {
  readonly store: string
  readonly at: number
  readonly repositories: readonly {
    readonly path: string
    readonly items: Readonly<Record<string, readonly unknown[]>>
    /** The signed commits, base64, in an order in which they can be read back. */
    readonly commits: readonly string[]
  }[]
}

/** An app's data on this device. */
export interface Store {
  readonly name: string
  readonly schemas: readonly AnySchema[]
  /** The repository used where none is named. */
  readonly repository: string
  collection<S extends AnySchema>(schema: S, options?: { readonly in?: string | undefined }): Collection<S>
  /**
   * Runs `fn`; all its writes become one action: never split between commits, told to nobody before the end, and undone
   * wholly when `fn` throws. Throws `draft-async` when `fn` returns a promise.
   */
  transact<T>(fn: () => T, options?: { readonly label?: string; readonly in?: string }): T
  /** Opens a repository and resolves when it can be read. Rejects when it cannot be opened. */
  ready(path?: string): Promise<void>
  isReady(path?: string): boolean
  /** Resolves when everything written so far is durable on this device. */
  flush(): Promise<void>
  /** Resolves when everything written so far is accepted by the server. */
  synced(): Promise<void>
  status(path?: string): Status
  subscribeStatus(listener: () => void, path?: string): Unsubscribe
  /** Cuts the network connection until called with false; other tabs stay connected. */
  setOffline(offline: boolean): void
  onRejected(listener: (rejection: Rejection) => void): Unsubscribe
  /**
   * What happened in a repository, and how it was; resolves when that has been read, which is loaded and done when somebody
   * asks. To be closed when it is not needed any more. Rejects with `history-missing`.
   */
  history(options?: { readonly in?: string | undefined }): Promise<History>
  /**
   * A range of what happened as one signed file, which opens anywhere without a server: `openReplay` of
   * `ibex-state/testing`, `ibex replay`. Throws `bad-option`, `unknown-moment`; rejects with `history-missing`.
   */
  record(range?: RecordRange, options?: RecordOptions): Promise<Uint8Array>
  export(): Promise<StoreExport>
  /** Deletes everything this store keeps on this device and starts anew. What the server has not accepted is lost. */
  reset(): Promise<void>
  /** Ends the session: the next one starts with a new key and an empty folder. */
  signOut(): Promise<void>
  close(): Promise<void>
}
