/**
 * A server and the stores of some people, in the page and on a clock of their own. What they do is done by seed, the same in
 * every run; from then on the clock goes as the reader's does.
 */
import { defineConfig, type Store } from 'ibex-state'
import type { CryptoPort } from '../../src/crypto/port.js'
import { announce } from '../../src/inspect/announce.js'
import { CHANNEL_STREAM } from '../../src/inspect/channel.js'
import { encodeChannel } from '../../src/inspect/channel-codec.js'
import { createInspection, type OpenInspection } from '../../src/inspect/inspection.js'
import { servePage } from '../../src/inspect/page.js'
import type { Redact } from '../../src/inspect/masks.js'
import { type Announcement, openRegistry } from '../../src/inspect/registry.js'
import { createStreams } from '../../src/inspect/streams.js'
import type { Surroundings } from '../../src/ports.js'
import { type AuthorityNode, openAuthorityNode } from '../../src/server/authority-node.js'
import type { Rhythm } from '../../src/server/checkpoint-keeper.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/port.js'
import { openPlatformStore } from '../../src/store/platform-store.js'
import type { AppStore } from '../../src/store/store.js'
import { fflateCompression } from '../../src/sync/deflate.js'
import { testCrypto } from '../../src/testing/test-crypto.js'
import { seededRandom, VirtualTime } from '../../src/testing/virtual-time.js'
import { createMemoryPair } from '../../src/transport/memory.js'
import { messagePortTransport } from '../../src/transport/message-port.js'
import type { Transport } from '../../src/transport/port.js'
import { Person, Task } from './tasks.js'

/** Beginnings of clocks: a Sunday in November. */
const START = Date.UTC(2026, 10, 22, 12, 40, 0)

const config = defineConfig({
  schemas: [Task, Person],
  authenticate: ({ token }) => token ?? null,
  rules: [
    {
      pattern: '/data/:any',
      read: () => true,
      write: ({ after: { title } = {} as Record<string, unknown> }) =>
        typeof title !== 'string' ||
        title.length <= 80 ||
        'A title has at most 80 letters. This one is longer than that.',
    },
  ],
})

/** Identity: one for each scene. */
export class World {
  readonly time: VirtualTime = new VirtualTime(START)
  private readonly random = seededRandom(4)
  private readonly cryptoOf: (random: Surroundings['random']) => CryptoPort
  private server!: AuthorityNode
  private seed = 100
  /** What each store says of itself to a panel. */
  private readonly stores = new Map<Store, Announcement>()
  private pump: ReturnType<typeof setInterval> | undefined

  /** Without cryptography that proves something it is quick. */
  constructor(cryptoOf: (random: Surroundings['random']) => CryptoPort = (random) => testCrypto(random)) {
    this.cryptoOf = cryptoOf
  }

  surroundings(): Surroundings {
    return { clock: this.time, scheduler: this.time, random: seededRandom(this.seed++) }
  }

  /** `rhythm`: when the server makes keyframes. */
  async open(rhythm?: Rhythm): Promise<this> {
    const crypto = this.cryptoOf(seededRandom(2))
    this.server = await openAuthorityNode({
      storage: createMemoryStorage(),
      crypto,
      key: await crypto.createKey(),
      surroundings: this.surroundings(),
      compression: fflateCompression,
      config,
      rhythm,
    })
    return this
  }

  /** Somebody's store, connected and ready. */
  async person(name: string, options: PersonOptions = {}): Promise<Store> {
    const surroundings = this.surroundings()
    const store = openPlatformStore({
      name: options.store ?? 'main',
      schemas: [Task, Person],
      server: options.server ?? 'memory:',
      storage: options.storage ?? createMemoryStorage(),
      token: name,
      ...(options.history && { history: options.history }),
      devtools: (opened: AppStore) => void this.stores.set(opened, announceAlone(opened, options)),
      ports: {
        ...surroundings,
        compression: fflateCompression,
        crypto: this.cryptoOf(surroundings.random),
        connect: () => {
          const [near, far] = createMemoryPair(this.surroundings())
          this.server.accept(far)
          return near
        },
      },
    })
    while (options.waits !== false && !store.isReady()) await this.pass(50)
    return store
  }

  /** From 0 to 1. */
  chance(): number {
    return this.random.fraction()
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.chance() * from.length)]!
  }

  /** Lets time pass, and all that follows from it. */
  async pass(ms: number): Promise<void> {
    // What is loaded on demand comes when it comes.
    await new Promise((resolve) => setTimeout(resolve))
    await this.time.pass(Math.round(ms))
  }

  /** Lets time pass until something is done. */
  async settle<T>(work: Promise<T>): Promise<T> {
    let done = false
    const end = (): void => void (done = true)
    work.then(end, end)
    while (!done) await this.pass(50)
    return work
  }

  /** From now on the clock goes by itself. */
  run(): void {
    let last = performance.now()
    let busy = false
    this.pump = setInterval(() => {
      if (busy) return
      busy = true
      const now = performance.now()
      const ms = Math.round(Math.min(250, now - last))
      last = now
      void this.time.pass(ms).finally(() => (busy = false))
    }, 16)
  }

  /** A panel that looks at these stores, and not at others in the same document. */
  inspect(stores: readonly Store[], page: PageKind = 'well'): OpenInspection {
    const inspection = createInspection()
    const announced = stores.map((store) => ({ ...this.stores.get(store)!, ...SERVING[page] }))
    const [near, far] = createMemoryPair(PLATFORM)
    const registry = { stores: new Set(announced), watchers: new Set<() => void>() }
    servePage(SLOW[page]?.(near) ?? near, registry)
    inspection.attach(far)
    if (page === 'lost') setTimeout(() => near.close('The page was put to sleep.'), 1500)
    if (page === 'ended') {
      setTimeout(() => {
        registry.stores.clear()
        for (const tell of registry.watchers) tell()
      }, 1500)
    }
    return inspection
  }

  async close(): Promise<void> {
    clearInterval(this.pump)
    for (const store of this.stores.keys()) await Promise.race([store.close(), this.pass(5000)])
    await this.server.close()
  }
}

export interface PersonOptions {
  readonly store?: string
  /** Without one. */
  readonly server?: false
  readonly storage?: Storage
  /** False: not until it can be read. */
  readonly waits?: false
  /** What a panel is shown in place of values. */
  readonly redact?: Redact
  readonly history?: 'on-demand'
  /** With so many commits a panel begins from a keyframe. */
  readonly keyframeFrom?: number
}

/** Announces a store, and takes it out of the document's registry again. */
function announceAlone(store: AppStore, { redact, keyframeFrom }: PersonOptions): Announcement {
  const all = openRegistry().stores
  const before = new Set(all)
  announce(store, { load: () => import('../../src/inspect/agent.js'), redact, keyframeFrom })
  const own = Array.from(all).find((each) => !before.has(each))!
  all.delete(own)
  return own
}

/**
 * How a page answers its panel: as it should; not at all; as one of another version would; until its line breaks, or its
 * stores are closed; so slowly that the history does not arrive, or older commits do not.
 */
export type PageKind = 'well' | 'silent' | 'otherwise' | 'lost' | 'ended' | 'slow' | 'slow with older'

/** Bytes that arrive: of all that a slow page says, or of anything at once. */
const SLOW_BYTES = 20_000

/** Loses what is not let through, by its length. */
function letting(transport: Transport, through: (length: number) => boolean): Transport {
  return Object.create(transport, {
    send: { value: (bytes: Uint8Array) => through(bytes.length) && transport.send(bytes) },
  }) as Transport
}

const SLOW: { readonly [kind in PageKind]?: (transport: Transport) => Transport } = {
  slow(transport) {
    let sent = 0
    return letting(transport, (length) => (sent += length) <= SLOW_BYTES)
  },
  'slow with older': (transport) => letting(transport, (length) => length <= SLOW_BYTES),
}

const SERVING: { readonly [kind in PageKind]?: Pick<Announcement, 'serve'> } = {
  silent: { serve: () => {} },
  otherwise: {
    serve: (port) =>
      createStreams({
        transport: messagePortTransport(port),
        opened(stream, purpose) {
          if (purpose !== CHANNEL_STREAM) return
          stream.send(encodeChannel({ type: 'hello', versions: [99], release: '9.0.0' }))
        },
        closed: () => {},
      }),
  },
}

/** The panel is no part of the scene: its own lines are as quick as the browser. */
const PLATFORM: Pick<Surroundings, 'scheduler' | 'random'> = {
  scheduler: {
    after: (ms, fn) => ({ timer: setTimeout(fn, ms) }),
    cancel: ({ timer }) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    frame: (fn) => ({ timer: setTimeout(fn, 16) }),
  },
  random: seededRandom(9),
}
