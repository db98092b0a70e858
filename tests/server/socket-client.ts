/** Stores that speak over real WebSockets, and conditions to wait for. */
import { WebSocket } from 'ws'
import { createNodeCrypto } from '../../src/server/node-crypto.js'
import { createStore } from '../../src/store/create-store.js'
import type { StoreOptions } from '../../src/store/options.js'
import type { Rejection, Store } from '../../src/store/face.js'
import { webSocketTransport } from '../../src/transport/websocket.js'
import { Task } from './world.js'

export interface SocketClient {
  readonly store: Store
  readonly tasks: ReturnType<typeof tasksOf>
  readonly rejections: Rejection[]
}

const tasksOf = (store: Store) => store.collection(Task)

/** A store in memory, connected to `url` (`ws://127.0.0.1:1234/ibex`). */
export async function socketClient(
  url: string,
  options: Partial<StoreOptions> & { headers?: Record<string, string> } = {},
): Promise<SocketClient> {
  const { headers = {}, ...rest } = options
  const rejections: Rejection[] = []
  const store = createStore({
    schemas: [Task],
    server: url,
    storage: 'memory',
    onRejected: (rejection) => rejections.push(rejection),
    ...rest,
    ports: {
      crypto: createNodeCrypto(),
      connect: (address) => webSocketTransport(new WebSocket(address, { headers })),
    },
  })
  await store.ready()
  return { store, tasks: tasksOf(store), rejections }
}

/** Resolves when `condition` holds; looks again after every turn of the event loop. */
export async function until(condition: () => unknown, what: string, ms = 20_000): Promise<void> {
  const end = Date.now() + ms
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Waited ${ms} ms in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
