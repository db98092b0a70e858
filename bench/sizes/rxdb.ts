/** A database in IndexedDB (through Dexie); no replication, no binding to React. */
export { createRxDatabase } from 'rxdb'
export { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
