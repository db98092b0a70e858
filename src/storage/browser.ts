/** Which storage a browser gets: OPFS, IndexedDB where that is missing (private windows), memory where both are. */
import { storageFailure } from './failure.js'
import { openIndexedDbStorage } from './indexeddb.js'
import type { IndexedDbStorage } from './indexeddb-request.js'
import { loadFallback } from './on-demand.js'
import { openOpfsStorage, type WorkerLike } from './opfs.js'
import type { Storage } from './port.js'

export interface BrowserStorageOptions {
  /** Any name: one user of one store. Other names are other storages. */
  readonly folder: string
  /** `auto` takes the best that works; the others throw `storage` where what they name does not work. */
  readonly mode?: 'auto' | 'opfs' | 'indexeddb' | 'memory'
  readonly indexedDB?: IDBFactory | undefined
  /** See `createOpfsWorker`; without it there is no OPFS. */
  readonly createWorker?: (() => WorkerLike) | undefined
}

/** Opens the best storage that works; which one that is says its `mode`. Small values are in IndexedDB also beside OPFS. */
export async function openBrowserStorage(options: BrowserStorageOptions): Promise<Storage> {
  const { folder, mode = 'auto', indexedDB, createWorker } = options
  if (mode === 'memory') return (await loadFallback()).createMemoryStorage()
  const failures: unknown[] = []
  const orFailure = <T>(error: unknown): T | undefined => void failures.push(error)

  const database = indexedDB
    ? await openIndexedDbStorage(indexedDB, folder).catch((error) => orFailure<IndexedDbStorage>(error))
    : undefined
  if (createWorker && mode !== 'indexeddb') {
    const values = database ?? (await loadFallback()).createMemoryValues()
    // The constructor itself throws where a policy of the page forbids workers.
    const opfs = await Promise.resolve()
      .then(() => openOpfsStorage({ createWorker, folder, values }))
      .catch((error) => orFailure<Storage>(error))
    const strays = opfs && database ? await database.list() : []
    if (opfs && database && strays.length > 0) return (await loadFallback()).absorb(opfs, database, strays)
    if (opfs) return opfs
  }
  if (database && mode !== 'opfs') return database
  await database?.close()
  if (mode === 'auto') return (await loadFallback()).createMemoryStorage()
  throw storageFailure(failures.at(-1) ?? new Error(`this browser has no ${mode}`))
}
