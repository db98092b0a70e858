/** What a store takes from its platform. Everything can be passed to `createStore`; what is not, is looked for when it is needed. */
import type { CryptoPort } from '../crypto/port.js'
import type { Clock, Random, Scheduler } from '../ports.js'
import type { Unsubscribe } from '../signal.js'
import type { WorkerLike } from '../storage/opfs.js'
import type { Compression } from '../sync/batch.js'
import type { Transport } from '../transport/port.js'
import type { TextStorage } from '../repository/leaving.js'
import type { LocksLike } from '../repository/page-lock.js'
import type { ChannelLike } from './tabs.js'

export interface StorePorts {
  readonly clock?: Clock
  readonly random?: Random
  readonly scheduler?: Scheduler
  /** Default: WebCrypto where it has Ed25519, and `@noble/ed25519` where it has not. */
  readonly crypto?: CryptoPort
  /** Default: the platform's deflate, or JavaScript's where it has none. */
  readonly compression?: Compression
  /** Opens a connection to the address that was given as `server`. Default: a WebSocket. */
  readonly connect?: (address: string) => Transport
  readonly indexedDB?: IDBFactory | undefined
  readonly createWorker?: (() => WorkerLike) | undefined
  /** Both, or the store does not share with other tabs. */
  readonly locks?: LocksLike | undefined
  readonly channel?: ((name: string) => ChannelLike) | undefined
  /** Small texts that can be written while a page goes away: `localStorage`. */
  readonly leftovers?: TextStorage | undefined
  readonly page?: PagePort | undefined
  /** Asks the platform not to evict the data; answers whether it promised. */
  readonly persist?: (() => Promise<boolean>) | undefined
}

/** The life of the page that a store lives in. */
export interface PagePort {
  /** `gone`: nothing may run after this task; otherwise the page is only hidden. */
  onHide(fn: (gone: boolean) => void): Unsubscribe
  /** The page came back after it was gone. */
  onRevive(fn: () => void): Unsubscribe
  /** The network is back. */
  onOnline(fn: () => void): Unsubscribe
}

/** The ports of a browser, as far as this platform has them. */
export function browserPorts(): StorePorts {
  const { localStorage: texts, navigator: platform, indexedDB } = tolerant()
  return {
    indexedDB,
    locks: platform?.locks,
    channel: typeof BroadcastChannel === 'function' ? (name) => new BroadcastChannel(name) : undefined,
    leftovers: texts,
    page: typeof document === 'object' && typeof addEventListener === 'function' ? browserPage() : undefined,
    persist: platform?.storage?.persist ? () => platform.storage.persist() : undefined,
  }
}

/** Reading these globals throws where the user has forbidden storage. */
function tolerant(): { localStorage?: TextStorage; navigator?: Navigator; indexedDB?: IDBFactory } {
  const read = <T>(get: () => T): T | undefined => {
    try {
      return get()
    } catch {
      return undefined
    }
  }
  const inBrowser = typeof document === 'object'
  return {
    ...(inBrowser && { localStorage: read(() => globalThis.localStorage) }),
    ...(inBrowser && { navigator: read(() => globalThis.navigator) }),
    ...(inBrowser && { indexedDB: read(() => globalThis.indexedDB) }),
  } as ReturnType<typeof tolerant>
}

function browserPage(): PagePort {
  const listen = (target: EventTarget, type: string, fn: (event: Event) => void): Unsubscribe => {
    target.addEventListener(type, fn)
    return () => target.removeEventListener(type, fn)
  }
  return {
    onHide(fn) {
      const stops = [
        listen(globalThis, 'pagehide', () => fn(true)),
        listen(document, 'visibilitychange', () => {
          if (document.visibilityState === 'hidden') fn(false)
        }),
      ]
      return () => stops.forEach((stop) => stop())
    },
    onRevive: (fn) =>
      listen(globalThis, 'pageshow', (event) => {
        if ((event as PageTransitionEvent).persisted) fn()
      }),
    onOnline: (fn) => listen(globalThis, 'online', fn),
  }
}
