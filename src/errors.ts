/** Every code that an {@link IbexError} can carry. Codes stay for a whole major version; messages may improve. */
export type IbexErrorCode =
  // floor 0–1: values and bytes
  | 'malformed-id'
  | 'malformed-path'
  | 'malformed-bytes'
  | 'invalid-value'
  | 'newer-version'
  | 'too-large'
  // schemas and data
  | 'invalid'
  | 'invalid-schema'
  | 'schema-changed'
  | 'duplicate-schema'
  | 'unknown-schema'
  | 'wrong-schema'
  | 'item-exists'
  | 'item-missing'
  | 'draft-async'
  | 'draft-closed'
  | 'event-as-data'
  | 'snapshot-frozen'
  | 'invalid-query'
  | 'unstable-filter'
  // commits
  | 'bad-hash'
  | 'bad-signature'
  | 'bad-time'
  | 'bad-parents'
  | 'wrong-repository'
  | 'unknown-session'
  | 'bad-certificate'
  // the authority's answers
  | 'forbidden'
  | 'closed'
  | 'sign-in'
  | 'rate'
  | 'full'
  | 'clock-ahead'
  // sync and network
  | 'protocol'
  | 'limit'
  | 'wrong-authority'
  | 'unreachable'
  // storage
  | 'storage'
  | 'storage-full'
  | 'storage-damaged'
  | 'storage-fenced'
  | 'storage-cleared'
  // history
  | 'past-is-read-only'
  | 'unknown-moment'
  | 'unknown-action'
  | 'history-missing'
  | 'history-damaged'
  // life of a store
  | 'store-closed'
  | 'not-ready'
  | 'reentrant'
  | 'no-provider'
  | 'two-copies'
  | 'bad-option'
  | 'unsafe-production'

/** One thing that is wrong with data, and where: `path` leads to it from the value that was passed. */
export interface Issue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What is thrown or reported for bad input and for what the outside world refuses: a stable `code`, and a message that says what to do. */
export class IbexError extends Error {
  readonly code: IbexErrorCode
  /** Every issue of a value that failed validation; empty for other codes. */
  readonly issues: readonly Issue[]

  constructor(code: IbexErrorCode, message: string, options: { cause?: unknown; issues?: readonly Issue[] } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = 'IbexError'
    this.code = code
    this.issues = options.issues ?? []
  }
}

/** What was thrown as an {@link IbexError}: itself, or one of this code, with it as the cause. */
export function asIbexError(error: unknown, code: IbexErrorCode, message: string = String(error)): IbexError {
  return error instanceof IbexError ? error : new IbexError(code, message, { cause: error })
}
