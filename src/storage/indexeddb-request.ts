/** What the parts of the IndexedDB storage share: its stores, transactions, and requests as promises. */
import type { Storage } from './port.js'

export type StoreName = 'values' | 'logs' | 'records' | 'keyframes'
export type Use = (store: StoreName) => IDBObjectStore

/** Runs `work` in one transaction; resolves when it is complete, rejects with an `IbexError` when it is not. */
export type Run = <T>(
  stores: readonly StoreName[],
  mode: IDBTransactionMode,
  work: (use: Use) => Promise<T>,
) => Promise<T>

/** The storage, which can be reached by the transaction too. */
export interface IndexedDbStorage extends Storage {
  readonly run: Run
}

/** Keys of all that belongs to a log: arrays compare part by part, so no other log's are among them. */
export function all(log: string): IDBKeyRange {
  return IDBKeyRange.bound([log], [log, []])
}

export function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
