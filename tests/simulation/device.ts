/** A device of a user, and the processes on it: the pages or tabs that run the app. */
import type { CryptoPort } from '../../src/crypto/port.js'
import { IbexError, type IbexErrorCode } from '../../src/errors.js'
import { compareTimes } from '../../src/graph/time.js'
import { requireRepositoryPath } from '../../src/ids.js'
import type { Journal } from '../../src/repository/journal.js'
import { createDiskStorage } from '../../src/storage/disk-storage.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/port.js'
import { type Engine, startEngine } from '../../src/store/engine.js'
import type { Rejection } from '../../src/store/face.js'
import type { Replica } from '../../src/store/replica.js'
import { AppStore } from '../../src/store/store.js'
import type { Compression } from '../../src/sync/batch.js'
import { decodeMessage } from '../../src/sync/message-codec.js'
import { createFaultyDisk, type FaultyDisk } from '../../src/testing/faulty-disk.js'
import { seededRandom, type VirtualTime } from '../../src/testing/virtual-time.js'
import { createMemoryPair, type Faults, type MemoryPair } from '../../src/transport/memory.js'
import type { Transport } from '../../src/transport/port.js'
import { type Collections, doEdit, type Done } from './edits.js'
import type { Host } from './host.js'
import type { Deed, Ledger } from './ledger.js'
import { Life, mortalStorage, mortalSurroundings, mortalTransport, mortalTree } from './mortal.js'
import { Airwaves, LockManager, Page, Texts } from './platform.js'
import type { DevicePlan, Edit, Scenario } from './scenario.js'
import { Account, ACCOUNTS, SCHEMAS, STEADY, Thing } from './things.js'

export const MAIN = requireRepositoryPath('/data/main')

export interface DeviceOptions {
  readonly plan: DevicePlan
  readonly number: number
  readonly seed: number
  readonly time: VirtualTime
  readonly host: Host
  readonly ledger: Ledger
  readonly crypto: CryptoPort
  readonly compression: Compression
  readonly history?: Scenario['history'] | undefined
  /** Something that must never be was. */
  fail(what: string): void
}

/** So few commits that most tabs begin from another's. */
const TABS_BEGIN_FROM = 6

/** What may keep an edit from being made, and is the app's affair. */
const EXPECTED: ReadonlySet<IbexErrorCode> = new Set(['item-exists', 'item-missing', 'not-ready', 'store-closed'])

/** Identity: lives as long as the world; its processes come and go. */
export class Device {
  readonly options: DeviceOptions
  readonly disk: FaultyDisk | undefined
  readonly tabs: Tab[] = []
  /** How far its clock is wrong. */
  ahead: number
  private faults: Faults = {}
  private readonly lines = new Set<MemoryPair>()
  private readonly values: Storage = createMemoryStorage()
  private readonly texts = new Texts()
  private readonly locks: LockManager
  private readonly air: Airwaves
  private readonly random: ReturnType<typeof seededRandom>
  private processes = 0

  constructor(options: DeviceOptions) {
    this.options = options
    const { plan, seed, time } = options
    this.ahead = plan.ahead
    this.random = seededRandom(seed)
    this.locks = new LockManager(time, this.random.fraction)
    this.air = new Airwaves(time, this.random.fraction)
    if (plan.kind === 'browser') this.disk = createFaultyDisk({ random: this.random.fraction, exclusive: true })
  }

  /** A process more, unless there are enough. */
  start(): void {
    const most = this.disk ? 3 : 1
    if (this.tabs.length >= most) return
    if (this.disk?.crashed) this.disk.restart()
    // What could not be opened even once is not tried again by itself: there is nothing on it to be lost.
    if (this.disk && this.processes === 0) this.disk.plan.full = false
    this.tabs.push(new Tab(this, this.options.number * 1000 + ++this.processes))
  }

  tab(n: number): Tab | undefined {
    return this.tabs[n % Math.max(1, this.tabs.length)]
  }

  /** The machine stops: what was not flushed is lost, in parts. */
  powerCut(): void {
    if (this.disk && this.tabs.length > 0) this.disk.crash()
    for (const tab of this.tabs.slice()) tab.kill(false)
  }

  setFaults(faults: Faults): void {
    this.faults = faults
    for (const line of this.lines) line.setFaults(faults)
  }

  /** All connections break; `silently`: their ends are not told. */
  sever(silently: boolean): void {
    for (const line of this.lines) {
      if (silently) line.setFaults({ loss: 1 })
      else line.sever()
      this.lines.delete(line)
    }
  }

  /** I-12: from now on nobody may say anything on this device's connections but keep-alives. */
  listen(): void {
    for (const line of this.lines) {
      for (const end of line) {
        const { send } = end
        end.send = (bytes) => {
          const { type } = decodeMessage(bytes)
          if (type !== 'ping') this.options.fail(`I-12: device ${this.options.number} is told '${type}' at rest`)
          send(bytes)
        }
      }
    }
  }

  connect(life: Life): Transport {
    const { time, host } = this.options
    const line = createMemoryPair({ scheduler: time, random: this.random }, this.faults)
    this.lines.add(line)
    const hangUp = (): void => {
      time.after(this.random.fraction() * 100, () => {
        line.sever()
        this.lines.delete(line)
      })
    }
    life.onEnd(hangUp)
    if (this.faults.loss === 1) hangUp()
    else host.accept(line[1], hangUp)
    return mortalTransport(line[0], life)
  }

  /** @internal */
  open(tab: Tab, start: (engine: Engine) => Engine): AppStore {
    const { plan, number, crypto, compression, time, history } = this.options
    const { life, page, process } = tab
    const surroundings = mortalSurroundings(time, process, life, () => this.ahead)
    const storage =
      plan.kind === 'page'
        ? mortalStorage(this.values, life)
        : createDiskStorage({
            mode: 'file',
            tree: mortalTree(this.disk!, life),
            values: mortalStorage(this.values, life),
            marker: () => surroundings.random.bytes(8),
            rotateAt: 16 * 1024,
          })
    const texts = this.texts.of(life)
    const locks = this.locks.of(life)
    const channel = this.air.of(life)
    const ports = { crypto, connect: () => this.connect(life), leftovers: texts, page, locks, channel, compression }
    return new AppStore({
      name: 'app',
      schemas: SCHEMAS,
      repository: MAIN,
      hasServer: true,
      surroundings: () => surroundings,
      texts,
      page,
      start: async (backing) =>
        start(
          await startEngine({
            ...backing,
            schemas: SCHEMAS,
            server: 'simulated:',
            token: async () => `user-${number}`,
            absent: () => {},
            storage,
            ports,
            history,
            tabsBeginFrom: history ? TABS_BEGIN_FROM : undefined,
          }),
        ),
    })
  }
}

/** Identity: one process. */
export class Tab {
  readonly device: Device
  readonly process: number
  readonly life: Life = new Life()
  readonly page: Page = new Page()
  readonly store: AppStore
  readonly deeds: Deed[] = []
  readonly collections: Collections
  replica: Replica | undefined
  /** Set when the repository is open. */
  journal: Journal | undefined
  closing = false

  constructor(device: Device, process: number) {
    this.device = device
    this.process = process
    this.store = device.open(this, (engine) => this.watchEngine(engine))
    const { ledger } = device.options
    this.store.onRejected((rejection: Rejection) => {
      if (this.life.alive) ledger.tell(process, rejection.commit as never)
    })
    this.store.begin()
    this.collections = { things: this.store.collection(Thing), accounts: this.store.collection(Account) }
    const accounts = this.collections.accounts.query({})
    accounts.subscribe(() => {
      const sum = accounts.get().reduce((total, { balance }) => total + balance, 0)
      if (sum !== 0) device.options.fail(`I-1: half of a transaction was shown in process ${process}`)
    })
  }

  /** Does edits as one action. */
  edit(edits: readonly Edit[], wait: 'local' | 'server' | undefined): void {
    const { journal } = this
    if (!journal || this.closing) return
    const { ledger } = this.device.options
    const label = ledger.nextLabel()
    const done: Done = { write: undefined, forbidden: false, counted: new Map() }
    const before = journal.pendingActions
    try {
      this.store.transact(
        () => {
          for (const edit of edits) doEdit(this.collections, edit, label, done)
        },
        { label },
      )
    } catch (error) {
      if (!(error instanceof IbexError) || !EXPECTED.has(error.code)) throw error
      if (journal.pendingActions !== before) this.device.options.fail('I-1: a failed transaction left something')
      return
    }
    if (journal.pendingActions === before) return
    this.note(label, done)
    const deed = this.deeds.at(-1)!
    if (!wait || !done.write) return
    done.write.wait(wait).then(
      () => ledger.promise([deed], wait),
      (error: unknown) => {
        if (error instanceof IbexError && (error.code === 'forbidden' || error.code === 'invalid')) {
          ledger.promise([deed], 'refused')
        }
      },
    )
  }

  /** Makes what all others need, if it is not there. */
  prepare(): void {
    const { ledger } = this.device.options
    const { things, accounts } = this.collections
    const label = ledger.nextLabel()
    this.store.transact(
      () => {
        for (const id of STEADY) things.create({ title: id }, { id })
        for (const id of ACCOUNTS) accounts.create({}, { id })
      },
      { label },
    )
    this.note(label, { write: undefined, forbidden: false, counted: new Map() })
  }

  private note(label: string, { forbidden, counted }: Done): void {
    const { device, process } = this
    const deed: Deed = { label, device: device.options.number, process, forbidden, counted, promise: 'none' }
    this.deeds.push(deed)
    device.options.ledger.note(deed)
  }

  flush(): void {
    const before = this.deeds.slice()
    this.store.flush().then(
      () => this.journal && this.device.options.ledger.promise(before, 'local'),
      () => {},
    )
  }

  sync(): void {
    this.store.synced().catch(() => {})
  }

  hide(): void {
    this.page.hide(false)
  }

  /** `told`: the page hears of it, and writes down what it has, in the same task. */
  kill(told: boolean): void {
    if (told) {
      this.page.hide(true)
      if (this.journal) this.device.options.ledger.promise(this.deeds, 'kept')
    }
    this.life.end()
    const { tabs } = this.device
    tabs.splice(tabs.indexOf(this), 1)
  }

  close(): void {
    if (this.closing) return
    this.closing = true
    const { ledger } = this.device.options
    this.store.close().then(
      () => {
        if (this.life.alive && this.journal && !this.journal.storage.error) ledger.promise(this.deeds, 'kept')
        if (this.life.alive) this.kill(false)
      },
      () => {
        if (this.life.alive) this.kill(false)
      },
    )
  }

  private watchEngine(engine: Engine): Engine {
    this.replica = engine.replica
    return Object.assign(Object.create(engine) as Engine, {
      open: async (repository: Parameters<Engine['open']>[0]) => {
        const opened = await engine.open(repository)
        this.journal = opened.journal
        this.watchJournal(opened.journal)
        return opened
      },
    })
  }

  /** I-5, at the moment when it can be seen. */
  private watchJournal(journal: Journal): void {
    const { graph } = journal
    const { own } = journal.verdicts
    let newest = graph.maxTime()
    journal.onWithdrawn.subscribe(() => (newest = graph.maxTime()))
    journal.onAdmitted.subscribe((ids) => {
      if (ids.length === 1 && own.get(ids[0]!)?.window?.id === ids[0]) {
        if (graph.heads().length !== 1) this.device.options.fail(`I-5: ${ids[0]} does not have all heads as parents`)
        if (compareTimes(graph.get(ids[0]!)!.time, newest) <= 0)
          this.device.options.fail(`I-5: ${ids[0]} is not later than what was folded`)
      }
      newest = graph.maxTime()
    })
  }
}
