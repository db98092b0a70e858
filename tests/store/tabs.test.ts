import { expect, test } from 'vitest'
import { requireRepositoryPath } from '../../src/ids.js'
import { defineSchema } from '../../src/schema/schema.js'
import { field } from '../../src/schema/field.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/port.js'
import type { Engine } from '../../src/store/engine.js'
import { openPlatformStore } from '../../src/store/platform-store.js'
import type { AppStore } from '../../src/store/store.js'
import type { ChannelLike } from '../../src/store/tabs.js'
import { fflateCompression } from '../../src/sync/deflate.js'
import { createNobleCrypto } from '../../src/crypto/noble.js'
import { seededRandom, VirtualTime } from '../../src/testing/virtual-time.js'
import { Life, mortalStorage, mortalSurroundings } from '../simulation/mortal.js'
import { Airwaves, LockManager } from '../simulation/platform.js'

const Task = defineSchema('task', { title: field.string() })
const MAIN = requireRepositoryPath('/data/main')

interface Tab {
  readonly store: AppStore
  readonly life: Life
  titles(): string[]
  write(title: string): void
}

/** Tabs of one browser. */
class Browser {
  readonly time = new VirtualTime()
  readonly air = new Airwaves(this.time, () => 0.5)
  readonly locks = new LockManager(this.time, () => 0.5)
  readonly storage: Storage = Object.assign(createMemoryStorage(), { mode: 'file', close: async () => {} })
  private seed = 1

  async open(deaf: (message: { kind: string; message?: { word?: string } }) => boolean = () => false): Promise<Tab> {
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

  async pass(ms: number): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    await this.time.pass(ms)
  }
}

const journalOf = ({ store }: Tab): { storage: { kept: readonly string[] }; graph: { size: number } } =>
  (store as unknown as { engine: Engine }).engine.replica.get(MAIN)!.journal

test('a tab whose line to the leading tab broke finds it again', async () => {
  const browser = new Browser()
  const lines: { from: string; to: string; line: number }[] = []
  const spy = browser.air.of(new Life())('ibex main')
  spy.addEventListener('message', ({ data }) => {
    const message = data as { kind: string; from: string; to: string; line: number }
    if (message.kind === 'open') lines.push(message)
  })
  const leader = await browser.open()
  const follower = await browser.open()
  leader.write('one')
  await browser.pass(1000)
  expect(follower.titles()).toEqual(['one'])
  // Something that is no message: the leading tab hangs up.
  spy.postMessage({ ...lines.at(-1)!, kind: 'bytes', bytes: new Uint8Array([7, 7, 7]) })
  await browser.pass(100)
  follower.write('two')
  await browser.pass(5000)
  expect(leader.titles()).toEqual(['one', 'two'])
  expect(lines).toHaveLength(2)
})

test('what a tab that is gone had stored, and told nobody, is known to be stored', async () => {
  const browser = new Browser()
  const leader = await browser.open(({ kind, message }) => kind === 'say' && message?.word === 'stored')
  const second = await browser.open()
  const third = await browser.open()
  third.write('one')
  await browser.pass(200)
  expect(leader.titles()).toEqual(['one'])
  leader.life.end()
  let flushed = false
  void third.store.flush().then(() => (flushed = true))
  await browser.pass(5000)
  expect(second.titles()).toEqual(['one'])
  expect(flushed).toBe(true)
  expect(third.store.status().pending).toBe(0)
})

test('I-17: a tab does not keep the bytes of what another has stored', async () => {
  const browser = new Browser()
  const leader = await browser.open()
  for (let i = 0; i < 30; i++) {
    leader.write(`${i}`)
    await browser.pass(400)
  }
  const follower = await browser.open()
  leader.write('last')
  await browser.pass(3000)
  expect(journalOf(follower).graph.size).toBe(31)
  expect(journalOf(follower).storage.kept).toEqual([])
})

test('a tab that closes takes nothing over: what it would open may have been destroyed', async () => {
  const browser = new Browser()
  const leader = await browser.open()
  const follower = await browser.open()
  leader.write('one')
  await browser.pass(1000)
  const { replica } = (follower.store as unknown as { engine: Engine }).engine
  const opened: string[] = []
  const storage = { ...browser.storage, openLog: (name: string) => (opened.push(name), browser.storage.openLog(name)) }
  void follower.store.close()
  await replica.lead(storage)
  expect(opened).toEqual([])
})

test('a tab is told when the leading one cannot open a repository, and may ask again', async () => {
  const browser = new Browser()
  const { openLog } = browser.storage
  let broken = true
  browser.storage.openLog = (name) =>
    broken && name === '/data/bad' ? Promise.reject(new Error('a bad disk')) : openLog(name)
  const leader = await browser.open()
  const follower = await browser.open()
  const failed = follower.store.ready('/data/bad')
  failed.catch(() => {})
  await browser.pass(1000)
  await expect(failed).rejects.toMatchObject({ code: 'storage' })
  broken = false
  void leader.store.ready('/data/bad')
  await browser.pass(1000)
  const ready = follower.store.ready('/data/bad')
  await browser.pass(1000)
  await ready
  follower.store.collection(Task, { in: '/data/bad' }).create({ title: 'x' })
  await browser.pass(1000)
  expect(leader.store.collection(Task, { in: '/data/bad' }).query().get()).toHaveLength(1)
})
