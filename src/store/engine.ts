/**
 * What runs behind a store in a browser: storage, session, the agreement between tabs, the network. Loaded when the first
 * repository opens, so that the page can show something before.
 */
import { createNobleOrWebCrypto } from './crypto-choice.js'
import type { CryptoPort, SigningKey } from '../crypto/port.js'
import type { IbexError } from '../errors.js'
import { type CommitId, laneOf, type RepositoryPath } from '../ids.js'
import type { Surroundings } from '../ports.js'
import type { Repository } from '../repository/repository.js'
import { Sessions } from '../repository/sessions.js'
import { describeSchema, type SchemaDescription } from '../schema/describe.js'
import type { AnySchema } from '../schema/schema.js'
import { openBrowserStorage } from '../storage/browser.js'
import { createOpfsWorker } from '../storage/opfs.js'
import type { Storage, StorageMode } from '../storage/port.js'
import { platformCompression } from './compression.js'
import { webSocketTransport } from '../transport/websocket.js'
import { forgetLeft } from '../repository/leaving.js'
import { Leftovers } from './leftovers.js'
import { loadSeldomOfStore } from './on-demand.js'
import type { StorePorts } from './ports.js'
import { Replica } from './replica.js'
import type { Keep, Opened, TabWord } from './replica-options.js'
import { joinTabs, type Tabs, tellTabs } from './tabs.js'

export interface EngineOptions {
  /** Names storage, lock and channel: one user of one store on this device. */
  readonly folder: string
  readonly schemas: readonly AnySchema[]
  readonly server: string | undefined
  token(): Promise<string | undefined>
  /** The server did not answer at the first attempt. */
  absent?(): void
  readonly storage: 'auto' | 'opfs' | 'indexeddb' | 'memory' | Storage
  readonly surroundings: Surroundings
  readonly ports: StorePorts
  readonly history?: 'full' | 'on-demand' | undefined
  readonly tabsBeginFrom?: number | undefined
  /** A tab asks this one, which leads, for a repository. */
  open(path: RepositoryPath): Promise<Opened>
  /** Another tab reset the store or signed out: the folder is given up. */
  abandoned(next: string, destroy: boolean): void
}

export interface Engine {
  readonly replica: Replica
  readonly storageMode: StorageMode
  readonly keyExtractable: boolean
  readonly persisted: boolean
  /** Opens a repository here; there when its local copy, or the leading tab's, has been read. */
  open(repository: Repository): Opened | Promise<Opened>
  /** The repositories that are stored here. */
  paths(): Promise<readonly string[]>
  /** Tells the other tabs that this folder is given up for the next. */
  abandon(next: string, destroy: boolean): void
  close(destroy?: boolean): Promise<void>
}

type Word =
  | TabWord
  | { readonly word: 'left'; readonly key: string }
  | { readonly word: 'abandon'; readonly next: string; readonly destroy: boolean }

/** Opens storage and session, and finds this tab's place among the others. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { folder, ports, surroundings } = options
  const storage = await openStorage(options)
  try {
    await checkSchemas(storage, options.schemas)
  } catch (error) {
    await storage.close()
    throw error
  }
  const crypto = ports.crypto ?? (await createNobleOrWebCrypto())
  const key = await exclusively(ports, `ibex key ${folder}`, () => openKey(storage, crypto))
  const sessions = new Sessions(crypto)
  const session = sessions.addKey(key.publicKey)
  const authority = await storage.get('authority')
  if (authority instanceof Uint8Array) sessions.pinAuthority(authority)
  const certificate = await storage.get('certificate')
  if (certificate instanceof Uint8Array) sessions.trust(key.publicKey, certificate)

  const lane = laneOf(surroundings.random.bytes(8))
  let tabs: Tabs | undefined
  let persisted = false
  const { server } = options
  const replica = new Replica({
    surroundings,
    crypto,
    key,
    session,
    sessions,
    lane,
    compression: ports.compression ?? platformCompression(),
    history: options.history,
    tabsBeginFrom: options.tabsBeginFrom,
    keep: await openKeep(storage, surroundings),
    server:
      server === undefined
        ? undefined
        : { connect: () => connect(server), token: options.token, absent: () => options.absent?.() },
    say: (word) => tabs?.say(word),
  })

  function connect(address: string): ReturnType<typeof webSocketTransport> {
    if (ports.connect) return ports.connect(address)
    return webSocketTransport(new WebSocket(socketAddress(address)))
  }

  const leftovers = new Leftovers(folder, replica, ports)
  const waiting = new Map<RepositoryPath, (error?: IbexError) => void>()
  let role: Promise<'leads' | 'follows'>
  let leading: Promise<void> = Promise.resolve()

  function lead(): Promise<void> {
    leading = replica.lead(storage).then(async () => {
      for (const { journal } of replica.all()) await leftovers.collect(journal)
      for (const tell of waiting.values()) tell()
      waiting.clear()
    })
    void ports.persist?.().then(
      (promised) => {
        persisted = promised
        replica.onChange.emit()
      },
      () => {},
    )
    return leading
  }

  const { locks, channel } = ports
  if (locks && channel && storage.mode !== 'memory') {
    role = new Promise((resolve) => {
      tabs = joinTabs({
        name: folder,
        id: lane,
        locks,
        channel: channel(`ibex ${folder}`),
        lead: () => {
          resolve('leads')
          void lead()
        },
        follow: (transport) => {
          resolve('follows')
          const ready = (path: RepositoryPath, error?: IbexError): void => {
            waiting.get(path)?.(error)
            waiting.delete(path)
          }
          void replica.follow(transport, ready, () => tabs?.again())
        },
        serve: (transport) =>
          replica.serveTab(transport, async (path) => {
            await leading
            return (await options.open(path)).journal
          }),
        gone: (id) => leftovers.gone(id),
        hear: (message) => {
          const word = message as Word
          if (word.word === 'left') leftovers.hear(word.key)
          else if (word.word === 'abandon') options.abandoned(word.next, word.destroy)
          else replica.hear(word)
        },
      })
    })
  } else {
    role = Promise.resolve('leads' as const)
    await lead()
  }

  /** Leaves what is not durable yet. `gone`: to the others. */
  function leave(gone: boolean): void {
    for (const key of leftovers.leave()) if (gone) tabs?.say({ word: 'left', key } satisfies Word)
  }

  const stops = [ports.page?.onHide(leave), ports.page?.onOnline(() => replica.hurry())]

  return {
    replica,
    storageMode: storage.mode,
    keyExtractable: key.extractable,
    get persisted() {
      return persisted
    },
    async open(repository) {
      if ((await role) === 'leads' || tabs?.leading) {
        await leading
        const opened = await replica.open(repository)
        await leftovers.collect(opened.journal)
        return opened
      }
      const opened = replica.openInMemory(repository)
      repository.writable = false
      try {
        await new Promise<void>((resolve, reject) =>
          waiting.set(repository.path, (error) => (error ? reject(error) : resolve())),
        )
      } catch (error) {
        await replica.drop(repository.path)
        throw error
      }
      repository.writable = true
      return opened
    },
    paths: () => storage.list(),
    abandon: (next, destroy) => tabs?.say({ word: 'abandon', next, destroy } satisfies Word),
    async close(destroy = false) {
      for (const stop of stops) stop?.()
      if (!destroy) leave(true)
      const owns = !tabs || tabs.leading
      await replica.close()
      for (const tell of waiting.values()) tell()
      leftovers.close(destroy)
      if (destroy && owns) await storage.destroy()
      else await storage.close()
      tabs?.close()
    },
  }
}

type Place = Pick<EngineOptions, 'folder' | 'storage' | 'ports'>

/** Tells the tabs that have a folder open, which could not be opened here, to give it up for the next. */
export function abandonFrom({ folder, ports }: Place, next: string, destroy: boolean): void {
  const channel = ports.channel?.(`ibex ${folder}`)
  if (channel) tellTabs(channel, { word: 'abandon', next, destroy } satisfies Word)
}

/** Deletes what there is of a folder; rejects where somebody has it open. A storage that the app gave has but one. */
export async function destroyFolder(place: Place): Promise<void> {
  if (typeof place.storage !== 'string') return
  const storage = await openStorage(place)
  await storage.destroy()
  forgetLeft(place.ports.leftovers, place.folder)
}

async function openStorage({ storage, folder, ports }: Place): Promise<Storage> {
  if (typeof storage !== 'string') return storage
  const canWork = ports.createWorker !== undefined || typeof Worker === 'function'
  return openBrowserStorage({
    folder,
    mode: storage,
    indexedDB: ports.indexedDB,
    createWorker: canWork && ports.indexedDB ? (ports.createWorker ?? createOpfsWorker) : undefined,
  })
}

/** Throws `schema-changed` where what is stored cannot be read by these schemas. */
async function checkSchemas(storage: Storage, schemas: readonly AnySchema[]): Promise<void> {
  const stored = (await storage.get('schemas')) as Record<string, SchemaDescription> | undefined
  const now: Record<string, SchemaDescription> = { ...stored }
  for (const schema of schemas) now[`${schema.name} ${schema.version}`] = describeSchema(schema)
  if (JSON.stringify(now) === JSON.stringify(stored ?? {})) return
  if (stored) (await loadSeldomOfStore()).requireReadable(stored, now)
  await storage.put('schemas', now)
}

/** One at a time among the tabs of this origin. */
export async function exclusively<T>({ locks }: StorePorts, name: string, work: () => Promise<T>): Promise<T> {
  if (!locks) return work()
  let result: T | undefined
  await locks.request(name, {}, async () => {
    result = await work()
  })
  return result as T
}

async function openKey(storage: Storage, crypto: CryptoPort): Promise<SigningKey> {
  const stored = await storage.get('key')
  if (stored !== undefined) {
    const key = await crypto.restoreKey(stored)
    if (key) return key
    // A key that was made in JavaScript, before this browser had Ed25519 of its own.
    const { createNobleCrypto } = await import('../crypto/noble.js')
    const old = await createNobleCrypto().restoreKey(stored)
    if (old) return old
  }
  const key = await crypto.createKey()
  await storage.put('key', key.stored())
  return key
}

async function openKeep(storage: Storage, { scheduler }: Surroundings): Promise<Keep> {
  const resume = new Map(((await storage.get('resume')) ?? []) as [RepositoryPath, CommitId[]][])
  const synced = new Set(((await storage.get('synced')) ?? []) as RepositoryPath[])
  let due = false
  const ignore = (): void => {}
  return {
    resume,
    synced,
    certificate(certificate, authority) {
      void storage.put('certificate', certificate).catch(ignore)
      void storage.put('authority', authority).catch(ignore)
    },
    resumable(path, frontier) {
      resume.set(path, [...frontier])
      if (due) return
      due = true
      // It only saves bytes at the next connection: once in a while is enough.
      scheduler.after(2000, () => {
        due = false
        void storage.put('resume', [...resume]).catch(ignore)
      })
    },
    wasSynced(path) {
      synced.add(path)
      void storage.put('synced', [...synced]).catch(ignore)
    },
  }
}

/** `/ibex` on the page's own host, or an address of its own. */
function socketAddress(address: string): string {
  const url = new URL(address, globalThis.location?.href)
  url.protocol = url.protocol.replace('http', 'ws')
  return url.href
}
