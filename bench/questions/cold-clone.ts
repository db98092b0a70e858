import { createStore } from 'ibex-state'
import { WebSocketServer } from 'ws'
import type { AddressInfo } from 'node:net'
import { openTestAuthority } from '../long-history.js'
import { Task } from '../peers/ibex-schema.js'
import { prepareHistory } from '../prepared-history.js'
import type { Question } from '../question.js'
import { requireSame } from '../tasks.js'
import { MAIN } from '../tasks-repository.js'

const ITEMS = 10_000

export const question: Question = {
  name: 'cold-clone',
  title:
    'A client that has nothing, from connecting until 10,000 items can be used; server and client in one process, a real socket between',
  unit: 'ms',
  variants: [
    { key: '1k', title: '1,000 commits', size: 1000 },
    { key: '100k', title: '100,000 commits', size: 100_000, target: 1000 },
  ],
  peers: ['ibex'],
  async run(_peer, { size }) {
    const history = prepareHistory({ items: ITEMS, commits: size })
    const { openFileStorage } = await import('../../src/server/file-disk.js')
    const { serveSocket } = await import('../../src/server/socket.js')
    const { connectSocket } = await import('../../src/server/socket-client.js')
    const { node, crypto } = await openTestAuthority(await openFileStorage(history.folder))
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    sockets.on('connection', (socket) => {
      const { transport, backlog, charge } = serveSocket(socket)
      node.accept(transport, { backlog, charge })
    })
    await new Promise((resolve) => sockets.once('listening', resolve))
    // A server that is running has it open.
    await node.repository(MAIN)
    const address = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`
    let bytes = 0
    const began = performance.now()
    const store = createStore({
      schemas: [Task],
      server: address,
      storage: 'memory',
      ports: {
        crypto,
        connect(url) {
          const transport = connectSocket(url, () => {})
          return {
            ...transport,
            onMessage: (fn) =>
              transport.onMessage((message) => {
                bytes += message.length
                fn(message)
              }),
          }
        },
      },
    })
    try {
      await store.ready()
      const items = store.collection(Task).query().get().length
      const value = performance.now() - began
      const first = bytes
      requireSame('the number of items', items, ITEMS)
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (store.status().history.state === 'complete') resolve()
        }
        store.subscribeStatus(look)
        look()
      })
      const { here, verified } = store.status().history
      requireSame('what was verified', verified, here)
      requireSame('the number of commits', here >= size, true)
      return {
        value,
        more: {
          'kB until then': first / 1000,
          'ms until all is verified': performance.now() - began,
          'kB in all': bytes / 1000,
        },
      }
    } finally {
      await store.close()
      sockets.close()
      for (const socket of sockets.clients) socket.terminate()
      await node.close()
      history.remove()
    }
  },
}
