import { asIbexError, IbexError } from '../errors.js'

/** Whether the outside world refused for lack of room (POSIX, OPFS and IndexedDB say it each in their way). */
export function isFull(error: unknown): boolean {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'storage-full' || name === 'QuotaExceededError'
}

/** What a caller of a storage sees of a failure below it. */
export function storageFailure(error: unknown): IbexError {
  return isFull(error)
    ? asIbexError(
        error,
        'storage-full',
        'The disk, or this site’s share of it, is full. Free some space: writing resumes.',
      )
    : asIbexError(error, 'storage', `Storage failed: ${String(error)}`)
}

export function fenced(): IbexError {
  return new IbexError('storage-fenced', 'Another tab or process took this log over.')
}

export function closed(): IbexError {
  return new IbexError('storage', 'This log is closed.')
}

export function damaged(position: number): IbexError {
  return new IbexError('storage-damaged', `No record verifies at position ${position}.`)
}

/** Refuses a format that a later version of this package wrote, so that it is never taken for damage. */
export function newerVersion(what: string, version: number): IbexError {
  return new IbexError('newer-version', `This ${what} has format ${version}; update ibex-state to open it.`)
}

/** Somebody removed the files, or the site's data, under a running log: opened again, it is empty. */
export function cleared(): IbexError {
  return new IbexError('storage-cleared', 'The stored data was removed from outside. Open the log again.')
}
