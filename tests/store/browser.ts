/** A browser with tabs of one store, in virtual time. */
import { createNobleCrypto } from '../../src/crypto/noble.js'
import { requireRepositoryPath } from '../../src/ids.js'
import { field } from '../../src/schema/field.js'
import { defineSchema } from '../../src/schema/schema.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/port.js'
import { openPlatformStore } from '../../src/store/platform-store.js'
import type { StorePorts } from '../../src/store/ports.js'
import type { AppStore } from '../../src/store/store.js'
import type { ChannelLike } from '../../src/store/tabs.js'
import { fflateCompression } from '../../src/sync/deflate.js'
import { seededRandom, VirtualTime } from '../../src/testing/virtual-time.js'
import { Life, mortalStorage, mortalSurroundings } from '../simulation/mortal.js'
import { Airwaves, LockManager } from '../simulation/platform.js'
import { loadParts } from './loaded-parts.js'

await loadParts()

export const Task = defineSchema('task', { title: field.string() })
export const MAIN = requireRepositoryPath('/data/main')

export interface Tab {
  readonly store: AppStore
  readonly life: Life
  titles(): string[]
  write(title: string): void
}

/** Tabs of one browser. */
export class Browser {
  readonly time = new VirtualTime()
  readonly air = new Airwaves(this.time, () => 0.5)
  readonly locks = new LockManager(this.time, () => 0.5)
  readonly storage: Storage = Object.assign(createMemoryStorage(), { mode: 'file', close: async () => {} })
  private seed = 1

  /** `deaf`: what of its messages gets nowhere; `ports`: what it has besides. */
  async open(
    deaf: (message: { kind: string; message?: { word?: string } }) => boolean = () => false,
    more: StorePorts = {},
  ): Promise<Tab> {
    const life = new Life()
    const surroundings = mortalSurroundings(this.time, this.seed++, life, () => 0)
    const channels = this.air.of(life)
    const channel = (name: string): ChannelLike => {
      const real = channels(name)
      return { ...real, postMessage: (message) => deaf(message as never) || real.postMessage(message) }
    }
    const ports = {
      ...surroundings,
      // The platform's own works in threads, which virtual time does not wait for.
      compression: fflateCompression,
      crypto: createNobleCrypto({ bytes: (length) => seededRandom(7).bytes(length) }),
      locks: this.locks.of(life),
      channel,
      ...more,
    }
    const storage = mortalStorage(this.storage, life)
    const store = openPlatformStore({ schemas: [Task], server: false, storage, ports })
    let ready = false
    void store.ready().then(() => (ready = true))
    for (let turn = 0; turn < 50 && !ready; turn++) await this.pass(20)
    if (!ready) throw new Error('The store does not become ready.')
    const tasks = store.collection(Task)
    return {
      store,
      life,
      titles: () =>
        tasks
          .query()
          .get()
          .map(({ title }) => title)
          .sort(),
      write: (title) => void tasks.create({ title }),
    }
  }

  /** Lets time pass until something is done. */
  async while<T>(work: Promise<T>): Promise<T> {
    let done = false
    const end = (): void => void (done = true)
    work.then(end, end)
    while (!done) await this.pass(20)
    return work
  }

  async pass(ms: number): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    await this.time.pass(ms)
  }
}
