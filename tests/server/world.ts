/** A server and its clients in one process, on a clock and a network that the test owns. */
import type { CryptoPort, SigningKey } from '../../src/crypto/port.js'
import type { Surroundings } from '../../src/ports.js'
import type { Config } from '../../src/repository/rules.js'
import { defineSchema } from '../../src/schema/schema.js'
import { field } from '../../src/schema/field.js'
import { type AuthorityNode, openAuthorityNode } from '../../src/server/authority-node.js'
import type { Rhythm } from '../../src/server/checkpoint-keeper.js'
import { createNodeCrypto } from '../../src/server/node-crypto.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/port.js'
import { openPlatformStore } from '../../src/store/platform-store.js'
import type { Rejection, Store } from '../../src/store/face.js'
import { fflateCompression } from '../../src/sync/deflate.js'
import { seededRandom, VirtualTime } from '../../src/testing/virtual-time.js'
import { createMemoryPair, type MemoryPair } from '../../src/transport/memory.js'
import type { Transport } from '../../src/transport/port.js'
import { loadParts } from '../store/loaded-parts.js'

await loadParts()

export const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  owner: field.string().optional(),
  tags: field.set(field.string()),
  votes: field.counter(),
})

export interface Client {
  readonly store: Store
  readonly tasks: ReturnType<typeof tasksOf>
  readonly rejections: Rejection[]
  /** All that was ever connected, the newest last. */
  readonly lines: MemoryPair[]
  readonly storage: Storage
}

const tasksOf = (store: Store) => store.collection(Task)

export class World {
  readonly time: VirtualTime = new VirtualTime()
  readonly said: string[] = []
  server!: AuthorityNode
  storage: Storage = createMemoryStorage()
  key!: SigningKey
  crypto: CryptoPort = createNodeCrypto({ random: seededRandom(1) })
  private seed = 100

  surroundings(): Surroundings {
    return { clock: this.time, scheduler: this.time, random: seededRandom(this.seed++) }
  }

  /** When the server writes checkpoints and takes keyframes. */
  rhythm: Rhythm | undefined
  /** How far the server's clock is ahead. */
  shift = 0

  async start(config?: Config): Promise<this> {
    this.key ??= await this.crypto.createKey()
    this.server = await openAuthorityNode({
      storage: this.storage,
      crypto: this.crypto,
      key: this.key,
      surroundings: { ...this.surroundings(), clock: { now: () => this.time.now() + this.shift } },
      compression: fflateCompression,
      config,
      rhythm: this.rhythm,
      log: (line) => this.said.push(line),
    })
    return this
  }

  /** Without a word of goodbye: what was not durable is gone, and so are the connections. */
  async restart(config?: Config, clients: readonly Client[] = []): Promise<void> {
    for (const { lines } of clients) lines.at(-1)?.sever()
    await this.start(config)
  }

  /** Nobody can connect. */
  away = false

  /** A transport to the server, as a client would have it. */
  dial(lines: MemoryPair[] = [], headers: Record<string, string> = {}): Transport {
    if (this.away) throw new Error('The server is away.')
    const line = createMemoryPair(this.surroundings())
    lines.push(line)
    this.server.accept(line[1], { headers })
    return line[0]
  }

  async client(
    options: { token?: string; storage?: Storage; repository?: string; history?: 'full' | 'on-demand' } = {},
  ): Promise<Client> {
    const lines: MemoryPair[] = []
    const rejections: Rejection[] = []
    const { token, storage = createMemoryStorage(), repository = '/data/main' } = options
    const surroundings = this.surroundings()
    const store = openPlatformStore({
      schemas: [Task],
      repository,
      server: 'memory:',
      storage,
      ...(token !== undefined && { token }),
      ...(options.history && { history: options.history }),
      ports: {
        ...surroundings,
        compression: fflateCompression,
        crypto: createNodeCrypto({ random: surroundings.random }),
        connect: () => this.dial(lines),
      },
    })
    store.onRejected((rejection) => rejections.push(rejection))
    let ready = false
    store.ready().then(
      () => (ready = true),
      () => (ready = true),
    )
    for (let turn = 0; turn < 100 && !ready; turn++) await this.settle(50)
    return { store, tasks: tasksOf(store), rejections, lines, storage }
  }

  /** Lets time pass, and all that follows from it. */
  async settle(ms: number = 1000): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    await this.time.pass(ms)
  }
}

export const titles = ({ tasks }: Client): string[] =>
  tasks
    .query()
    .get()
    .map(({ title }) => title)
    .sort()
