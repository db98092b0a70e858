/**
 * Durable bytes on this device. A storage is one folder for one user of one store; it holds logs (one a repository) and a
 * few small values. Nothing here knows what the bytes mean.
 */

export interface Storage {
  /** Where the bytes lie. `memory` ends with the page or process. */
  readonly mode: StorageMode
  /**
   * Opens the log of that name, or makes it. One owner at a time: whoever opens takes over, and what an earlier owner
   * appends from then on is refused with `storage-fenced`. After a crash at any byte, opening succeeds.
   * `marker`: 8 unpredictable bytes for a log that is new; by default the storage draws them itself.
   * Throws `storage` (also when another owner does not let go), `storage-full` for a log that cannot be made, and
   * `newer-version`.
   */
  openLog(name: string, options?: { readonly marker?: Uint8Array }): Promise<Log>
  /** A small value that survives the structured-clone algorithm (a session's key pair, a schema's description). */
  get(key: string): Promise<unknown>
  /** Resolves when the value is durable, wholly or not at all. The value must not change afterwards. */
  put(key: string, value: unknown): Promise<void>
  delete(key: string): Promise<void>
  /** Names of the logs, in no order. */
  list(): Promise<string[]>
  /** Closes, and removes everything. */
  destroy(): Promise<void>
  /** Resolves when what was appended is durable and everything is let go of. */
  close(): Promise<void>
}

export type StorageMode = 'opfs' | 'indexeddb' | 'memory' | 'file'

/** An append-only sequence of records, and beside it keyframes. */
export interface Log {
  /** What was found damaged, so far: at opening in the newest segment, elsewhere when `replay` comes by. Grows in place. */
  readonly damage: readonly Damage[]
  /**
   * Calls `each` with every record that was durable at the call, in the order of appending: all, or those after the
   * position `after`. `payload` is a view of a larger buffer: copy what is kept. A promise that `each` answers is awaited
   * before the next record. Rejects with what `each` throws.
   */
  replay(each: (payload: Uint8Array, position: Position) => unknown, after?: Position): Promise<void>
  /**
   * Resolves when the record is durable; records that wait are written together, with one sync (group commit).
   * `payload` must not change until then. Rejects with `storage-full`, `storage`, `storage-fenced` or `storage-cleared` (the
   * files were removed from outside: open the log again, and append what it should have). What was rejected is in the log
   * only if a crash follows at once; it may be appended again.
   */
  append(payload: Uint8Array): Promise<Position>
  /** Resolves when every append that waits is durable; rejects if one of them fails. */
  flush(): Promise<void>
  /** The record at a position; throws `storage-damaged` if there is none that verifies. */
  read(position: Position): Promise<Uint8Array>
  /**
   * Calls `each` for many positions, which ascend, as {@link Log.replay} does: what lies near each other is read at once. The
   * payload is undefined where no record verifies.
   */
  readMany(
    positions: readonly Position[],
    each: (payload: Uint8Array | undefined, position: Position) => unknown,
  ): Promise<void>
  /** Durably stores a state that stands for all records up to and including `covers`. The two newest are kept. */
  writeKeyframe(name: string, bytes: Uint8Array, covers: Position): Promise<void>
  /** The newest keyframe that verifies; `replay(each, keyframe.covers)` gives the rest. */
  newestKeyframe(): Promise<Keyframe | undefined>
  size(): LogSize
  close(): Promise<void>
}

/** Names a record of a log: opaque, greater than 0, greater for later records. */
export type Position = number

export interface Keyframe {
  readonly name: string
  readonly bytes: Uint8Array
  readonly covers: Position
}

export interface LogSize {
  readonly bytes: number
  readonly segments: number
  /** Records, lost ones included. */
  readonly frames: number
}

/** Bytes that do not verify. They are left where they are. */
export interface Damage {
  /**
   * `torn`: an unfinished write at the end of the log; `gap`: records are missing in the middle or were lost with the end
   * of a file; `header`: a segment's own description, no record is lost; `keyframe`: a keyframe, an older one is used.
   */
  readonly kind: 'torn' | 'gap' | 'header' | 'keyframe'
  /** Number of the file; 0 for a keyframe. */
  readonly segment: number
  readonly offset: number
  readonly bytes: number
  /** How many records are known to be lost. */
  readonly records: number
}

/** The small values of a storage, where they are kept apart from its logs. */
export interface Values {
  get(key: string): Promise<unknown>
  put(key: string, value: unknown): Promise<void>
  delete(key: string): Promise<void>
  destroy(): Promise<void>
  close(): Promise<void>
}
