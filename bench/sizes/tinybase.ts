/** A mergeable store with queries, IndexedDB, WebSocket and React. */
export { createMergeableStore, createQueries } from 'tinybase'
export { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db'
export { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client'
export { Provider, useCell, useResultSortedRowIds, useRow, useSetCellCallback } from 'tinybase/ui-react'
