/** A run: a server and devices in one process, on one clock, doing what a scenario says. */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { encodeKeyframe } from '../../src/history/keyframe.js'
import { IbexError } from '../../src/errors.js'
import type { Rhythm } from '../../src/server/checkpoint-keeper.js'
import type { Compression } from '../../src/sync/batch.js'
import { type FaultyDisk } from '../../src/testing/faulty-disk.js'
import { testCrypto, testKey } from '../../src/testing/test-crypto.js'
import { seededRandom, VirtualTime } from '../../src/testing/virtual-time.js'
import { equalBytes } from '../../src/value/bytes.js'
import { check, findDivergence, unrest } from './checks.js'
import { sha256 } from './hash.js'
import { Device, MAIN, type Tab } from './device.js'
import { Host } from './host.js'
import { Ledger } from './ledger.js'
import type { Scenario, Step } from './scenario.js'
import { loadParts } from '../store/loaded-parts.js'

await loadParts()

/** Virtual milliseconds: after healing everything must have come to rest by then. */
const SETTLED = 240_000
const ROUND = 4_000

const zip: Compression = {
  deflate: (bytes) => deflateRawSync(bytes, { level: 1 }),
  inflate: (bytes, size) => {
    const inflated = inflateRawSync(bytes, { maxOutputLength: size })
    if (inflated.length !== size) throw new IbexError('malformed-bytes', 'Not of the size that was said.')
    return inflated
  },
}
/** A keyframe now and then even in a short run. */
const RHYTHM: Rhythm = { commits: 24, bytes: 2 ** 30, worthwhile: 10, idleMs: 3000 }

/** Never gains anything, so that commits travel as they are. */
const plain: Compression = { deflate: (bytes) => bytes, inflate: zip.inflate }

/** All promise work has been done when the next task begins. */
const nextTask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export interface Failure {
  /** The step after which it was noticed. */
  readonly at: number | 'beginning' | 'settling'
  readonly what: string
}

/** Identity: one for each run. */
export class World {
  readonly scenario: Scenario
  readonly time: VirtualTime = new VirtualTime(Date.UTC(2026, 0, 1), nextTask)
  readonly ledger: Ledger = new Ledger()
  readonly host: Host
  readonly devices: Device[]
  private broken: string | undefined

  constructor(scenario: Scenario) {
    this.scenario = scenario
    const { seed, compress, history } = scenario
    const random = seededRandom(seed)
    const crypto = testCrypto(random, sha256)
    const compression = compress ? zip : plain
    const { time, ledger } = this
    const options = { time, ledger, crypto, compression }
    const rhythm = history && RHYTHM
    this.host = new Host({ ...options, seed: seed * 31 + 7, key: testKey(random, sha256), rhythm })
    this.devices = scenario.devices.map(
      (plan, number) =>
        new Device({
          ...options,
          history,
          plan,
          number: number + 1,
          seed: seed * 31 + 11 + number,
          host: this.host,
          fail: (what) => (this.broken ??= what),
        }),
    )
  }

  /** All running processes. */
  get tabs(): Tab[] {
    return this.devices.flatMap(({ tabs }) => tabs)
  }

  /** Runs the scenario; answers the first thing that went wrong. `looking`: looks closely after every step. */
  async run({ looking = false } = {}): Promise<Failure | undefined> {
    const { steps } = this.scenario
    const stray = (error: unknown): void => void (this.broken ??= `nobody caught ${describe(error)}`)
    process.on('unhandledRejection', stray)
    let at: Failure['at'] = 'beginning'
    try {
      await this.begin()
      for (const [n, step] of steps.entries()) {
        at = n
        this.take(step)
        await this.time.pass(step.do === 'pass' ? step.ms : 0)
        const what = this.broken ?? (looking ? await this.look() : undefined)
        if (what !== undefined) return { at, what }
      }
      at = 'settling'
      const what = await this.settle()
      return what === undefined ? undefined : { at, what }
    } catch (error) {
      return { at, what: `thrown: ${describe(error)}` }
    } finally {
      for (const tab of this.tabs) tab.kill(false)
      this.host.kill()
      process.off('unhandledRejection', stray)
    }
  }

  /** Everybody is there and has what all need. */
  private async begin(): Promise<void> {
    this.host.start()
    await this.time.pass(0)
    // Every second one comes when it is started, or in the end.
    const late = ({ options: { number } }: Device): boolean => this.scenario.history !== undefined && number % 2 === 0
    for (const device of this.devices) if (!late(device)) device.start()
    const first = this.devices[0]!.tabs[0]!
    for (let turn = 0; turn < 100 && !first.store.isReady(); turn++) await this.time.pass(50)
    first.prepare()
    first.flush()
    await this.time.pass(50)
  }

  private take(step: Step): void {
    switch (step.do) {
      case 'server':
        this.takeServer(step.how)
        return
      case 'pass':
        return
      default:
    }
    const device = this.devices[step.device % this.devices.length]!
    if (this.ledger.lost.has(device.options.number)) return
    const tab = 'tab' in step ? device.tab(step.tab) : undefined
    switch (step.do) {
      case 'edit':
        tab?.edit(step.edits, step.wait)
        break
      case 'flush':
      case 'sync':
      case 'hide':
      case 'close':
        tab?.[step.do]()
        break
      case 'kill':
        tab?.kill(step.hidden)
        break
      case 'plug':
        tab?.store.setOffline(step.offline)
        break
      case 'start':
        device.start()
        break
      case 'power cut':
        device.powerCut()
        break
      case 'lose':
        // One must be left.
        if (this.ledger.lost.size + 1 === this.devices.length) break
        device.powerCut()
        this.ledger.lost.add(device.options.number)
        break
      case 'clock':
        device.ahead = step.ahead
        break
      case 'disk':
        if (device.disk) breakDisk(device.disk, step.fault)
        break
      case 'network':
        device.setFaults(step.faults)
        break
      case 'sever':
        device.sever(step.silently)
    }
  }

  private takeServer(how: Extract<Step, { do: 'server' }>['how']): void {
    const { host } = this
    if (how === 'start') host.start()
    else if (how === 'disk fails once') breakDisk(host.disk, 'flush')
    else if (how === 'stop') void host.stop()
    else if (host.running) host[how]()
  }

  /** Heals everything, and lets time pass until all is at rest; answers what is wrong then. */
  private async settle(): Promise<string | undefined> {
    const { host, devices, ledger } = this
    breakDisk(host.disk, 'none')
    for (const device of devices) {
      if (ledger.lost.has(device.options.number)) continue
      if (device.disk) breakDisk(device.disk, 'none')
      device.setFaults({})
      if (device.tabs.length === 0 || device.tabs.every(({ closing }) => closing)) {
        await this.time.pass(1000)
        device.start()
      }
      for (const tab of device.tabs) tab.store.setOffline(false)
    }
    let what = await this.rest()
    if (what !== undefined) return what
    // The last seal is made and acknowledged, and then nothing is said but keep-alives.
    await this.time.pass(65_000)
    // Whoever's connection died without a word finds that out now, and says once more what was lost with it.
    what = await this.rest()
    if (what !== undefined) return what
    await this.time.pass(65_000)
    for (const device of devices) device.listen()
    await this.time.pass(31_000)
    what = this.broken ?? (await this.findUnrest())
    if (what !== undefined) return what
    what = await check(this, (await host.node!.repository(MAIN)).journal, this.tabs)
    if (what !== undefined) return what
    return this.scenario.seed % 4 === 0 ? this.startAgain() : this.scenario.seed % 4 === 1 ? this.join() : undefined
  }

  /** Lets time pass until nobody waits for anything; answers who still does in the end. */
  private async rest(): Promise<string | undefined> {
    for (let passed = 0; ; passed += ROUND) {
      this.host.start()
      await this.time.pass(ROUND)
      const what = this.broken ?? (await this.findUnrest())
      if (what === undefined || this.broken || passed >= SETTLED) return what
    }
  }

  /** I-15: everybody starts again, at first without the server, and has everything. */
  private async startAgain(): Promise<string | undefined> {
    const { host, devices } = this
    const { graph, repository } = (await host.node!.repository(MAIN)).journal
    const kept = encodeKeyframe(repository.state)
    host.kill()
    const present = devices.filter(({ tabs }) => tabs.length > 0)
    for (const tab of this.tabs) tab.kill(false)
    for (const device of present) device.start()
    await this.time.pass(5000)
    for (const { process: name, journal } of this.tabs) {
      if (journal?.graph.heads().join() !== graph.heads().join()) return `I-15: process ${name} lost commits`
      if (!equalBytes(encodeKeyframe(journal.repository.state), kept)) return `I-15: process ${name} lost state`
    }
    const what = await this.rest()
    return what ?? check(this, (await host.node!.repository(MAIN)).journal, this.tabs)
  }

  /** A device that comes last gets the same. */
  private async join(): Promise<string | undefined> {
    const { seed } = this.scenario
    const [first] = this.devices
    const plan = { kind: 'page', ahead: 0 } as const
    this.devices.push(new Device({ ...first!.options, plan, number: 900, seed: seed * 31 + 900 }))
    this.devices.at(-1)!.start()
    const what = await this.rest()
    return what ?? check(this, (await this.host.node!.repository(MAIN)).journal, this.tabs)
  }

  /** Whether every state is what a fold of its commits from the beginning gives. */
  private async look(): Promise<string | undefined> {
    for (const { process: name, journal } of this.tabs) {
      const what = journal && (await findDivergence(journal))
      if (what) return `process ${name}: ${what}`
    }
    const server = await this.host.node?.repository(MAIN).catch(() => undefined)
    const what = server && (await findDivergence(server.journal))
    return what && `the server: ${what}`
  }

  private async findUnrest(): Promise<string | undefined> {
    const { node } = this.host
    if (!node) return 'the server does not run'
    return unrest((await node.repository(MAIN)).journal, this.tabs)
  }
}

function breakDisk(disk: FaultyDisk, fault: 'full' | 'flush' | 'none'): void {
  const { plan } = disk
  plan.full = fault === 'full'
  if (fault === 'flush') plan.flushFailsAt = disk.flushes + 1
  else delete plan.flushFailsAt
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
