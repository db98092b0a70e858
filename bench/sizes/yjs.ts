/** Documents with IndexedDB and WebSocket; no binding to React, no queries. */
export * from 'yjs'
export { IndexeddbPersistence } from 'y-indexeddb'
export { WebsocketProvider } from 'y-websocket'
