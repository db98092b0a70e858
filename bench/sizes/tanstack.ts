/** Collections and live queries with React; no storage. */
export { createCollection, createLiveQueryCollection, eq, localOnlyCollectionOptions } from '@tanstack/db'
export { useLiveQuery } from '@tanstack/react-db'
