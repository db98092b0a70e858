/** The machine that the server runs on. Its disk is the faulty one; its process can be killed, its power can fail. */
import type { CryptoPort, SigningKey } from '../../src/crypto/port.js'
import type { Rhythm } from '../../src/server/checkpoint-keeper.js'
import { type AuthorityNode, openAuthorityNode } from '../../src/server/authority-node.js'
import { createDiskStorage } from '../../src/storage/disk-storage.js'
import { createMemoryValues } from '../../src/storage/memory.js'
import type { Values } from '../../src/storage/port.js'
import type { Compression } from '../../src/sync/batch.js'
import { createFaultyDisk, type FaultyDisk } from '../../src/testing/faulty-disk.js'
import { seededRandom, type VirtualTime } from '../../src/testing/virtual-time.js'
import type { Transport } from '../../src/transport/port.js'
import { Life, mortalSurroundings, mortalTransport, mortalTree } from './mortal.js'
import { CONFIG } from './things.js'

export interface HostOptions {
  readonly time: VirtualTime
  readonly seed: number
  readonly crypto: CryptoPort
  readonly key: SigningKey
  readonly compression: Compression
  readonly rhythm?: Rhythm | undefined
}

/** Identity: one for each world. */
export class Host {
  readonly disk: FaultyDisk
  /** What the server said to whoever runs it. */
  readonly said: string[] = []
  /** The running server; undefined while there is none, or while it starts. */
  node: AuthorityNode | undefined
  private readonly options: HostOptions
  private readonly values: Values = createMemoryValues()
  private life: Life | undefined
  private lives = 0
  private readonly lines = new Set<() => void>()

  constructor(options: HostOptions) {
    this.options = options
    this.disk = createFaultyDisk({ random: seededRandom(options.seed).fraction })
  }

  get running(): boolean {
    return this.life !== undefined
  }

  start(): void {
    if (this.life) return
    if (this.disk.crashed) this.disk.restart()
    const life = new Life()
    this.life = life
    const { time, seed, crypto, key, compression, rhythm } = this.options
    const surroundings = mortalSurroundings(time, seed * 1000 + ++this.lives, life, () => 0)
    const storage = createDiskStorage({
      mode: 'file',
      tree: mortalTree(this.disk, life),
      values: this.values,
      marker: () => surroundings.random.bytes(8),
      rotateAt: 16 * 1024,
    })
    const log = (line: string): unknown => this.said.push(`${time.now() % 1e8} ${line}`)
    openAuthorityNode({ storage, crypto, key, surroundings, compression, config: CONFIG, rhythm, log }).then(
      (node) => {
        if (life.alive) this.node = node
      },
      (error: unknown) => {
        log(`It did not start: ${String(error)}`)
        if (life.alive) this.kill()
      },
    )
  }

  /** Takes a connection, or does not answer. */
  accept(transport: Transport, hangUp: () => void): void {
    const { node, life } = this
    if (!node || !life) {
      hangUp()
      return
    }
    this.lines.add(hangUp)
    node.accept(mortalTransport(transport, life))
  }

  /** The process dies; what it wrote is on the disk. */
  kill(): void {
    this.life?.end()
    this.life = this.node = undefined
    for (const hangUp of this.lines) hangUp()
    this.lines.clear()
  }

  /** The machine stops: what was not flushed is lost, in parts. */
  crash(): void {
    this.disk.crash()
    this.kill()
  }

  /** Ends as one who was asked to. */
  async stop(): Promise<void> {
    const { node, life } = this
    if (!node) return
    this.node = undefined
    await node.settle().catch(() => {})
    await node.close()
    if (this.life === life) this.kill()
  }
}
