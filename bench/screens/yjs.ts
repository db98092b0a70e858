/** With IndexedDB, and a server that keeps documents in memory. */
import * as Y from 'yjs'
import { IndexeddbPersistence } from 'y-indexeddb'
import { WebsocketProvider } from 'y-websocket'
import type { SharedTitle } from './screen.js'

export function openTitle(): SharedTitle {
  const doc = new Y.Doc()
  const task = doc.getMap<string>('task')
  const stored = new IndexeddbPersistence('bench', doc)
  const provider = new WebsocketProvider(`ws://${location.host}`, 'bench', doc)
  return {
    ready: Promise.all([stored.whenSynced, new Promise((resolve) => provider.once('sync', resolve))]).then(() => {}),
    set: (title) => void task.set('title', title),
    listen: (listener) => task.observe(() => listener(task.get('title') ?? '')),
  }
}
