/**
 * Replicas in one process that keep the driver's side of `src/sync/peer.ts`, over a network that loses, repeats, delays and
 * reorders as it is told. Commits are small made-up things: nothing of them matters to sync but ids, parents and bytes.
 */
import { fflateCompression } from '../../src/sync/deflate.js'
import { openBatch, sendDelivery, type Compression } from '../../src/sync/batch.js'
import { decodeMessage, encodeMessage } from '../../src/sync/message-codec.js'
import { isPast, type Message } from '../../src/sync/messages.js'
import { createPeer, type Effects, type Incoming, type Peer, type View } from '../../src/sync/peer.js'
import { admitted, close, durable, receive, settled, start, tick } from '../../src/sync/step.js'
import { Graph } from '../../src/graph/graph.js'
import type { HybridTime } from '../../src/graph/time.js'
import { IbexError } from '../../src/errors.js'
import {
  commitIdOf,
  fromHex,
  requireRepositoryPath,
  sessionIdOf,
  type CommitId,
  type SessionId,
} from '../../src/ids.js'
import { createNodeCrypto } from '../../src/server/node-crypto.js'
import { ByteReader, ByteWriter } from '../../src/value/bytes.js'

export const REPOSITORY = requireRepositoryPath('/data/main')
export const { sha256 } = createNodeCrypto()

/** mulberry32: a number from 0 to 1. */
export type Chance = () => number
export function chanceOf(seed: number): Chance {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
export function bytesBy(chance: Chance): (length: number) => Uint8Array {
  return (length) => Uint8Array.from({ length }, () => chance() * 256)
}

export interface FakeCommit extends Incoming {
  readonly header: {
    readonly kind: 'change'
    readonly parents: readonly CommitId[]
    readonly time: HybridTime
    readonly session: SessionId
  }
}

/** A commit whose id is chosen, not computed: so ids can be ground at no cost. */
export function fakeCommit(
  id: CommitId,
  parents: readonly CommitId[],
  ms: number,
  session: SessionId,
  padding: number,
): FakeCommit {
  const writer = new ByteWriter(256)
  writer.raw(fromHex(id))
  writer.raw(fromHex(session))
  writer.varuint(ms)
  writer.varuint(parents.length)
  for (const parent of parents) writer.raw(fromHex(parent))
  writer.bytes(new Uint8Array(padding))
  return decodeFake(writer.finish())
}

export function decodeFake(bytes: Uint8Array): FakeCommit {
  const reader = new ByteReader(bytes)
  const id = commitIdOf(reader.raw(32))
  const session = sessionIdOf(reader.raw(16))
  const ms = reader.varuint()
  const parents = Array.from({ length: reader.count(32) }, () => commitIdOf(reader.raw(32)))
  reader.bytes()
  reader.end()
  return { id, header: { kind: 'change', parents, time: { ms, counter: 0 }, session }, bytes }
}

export interface Traffic {
  frames: number
  bytes: number
  /** Bytes of commits as stored. */
  commitBytes: number
  commits: number
  types: Record<string, number>
}

/** One side of a connection. */
export interface Link {
  readonly peer: Peer<FakeCommit>
  readonly to: FakeNode
  /** Hands a frame to the network. */
  readonly send: (frame: Uint8Array) => void
  readonly sent: Traffic
  ended: boolean
}

export class FakeNode implements View<FakeCommit> {
  graph = new Graph()
  readonly sha256 = sha256
  readonly name: string
  readonly session: SessionId
  readonly stored = new Map<CommitId, FakeCommit>()
  readonly flushed = new Set<CommitId>()
  /** Frontier by the name of the other node. */
  readonly resumes = new Map<string, readonly CommitId[]>()
  readonly known = new Set<SessionId>()
  links: Link[] = []
  /** Refuses for now what this says. */
  declines: (commit: FakeCommit) => boolean = () => false
  compression: Compression | undefined = fflateCompression
  violations: string[] = []
  synced = 0
  readonly acked = new Set<CommitId>()
  readonly random: (length: number) => Uint8Array
  /** Of one that began at a frontier: what lies below. */
  boundary:
    | { readonly frontier: readonly CommitId[]; readonly below: Set<CommitId>; has(id: CommitId): boolean }
    | undefined
  private time = 0

  constructor(name: string, random: (length: number) => Uint8Array) {
    this.name = name
    this.random = random
    this.session = sessionIdOf(random(16))
    this.known.add(this.session)
  }

  readonly decode = decodeFake
  isDurable(id: CommitId): boolean {
    return this.flushed.has(id)
  }

  /** Holds from now on what another has, from these commits on. */
  beginAt(other: FakeNode, frontier: readonly CommitId[]): void {
    const below = new Set<CommitId>()
    this.boundary = { frontier, below, has: (id) => below.has(id) && !this.graph.has(id) }
    for (const id of frontier) {
      this.add(other.stored.get(id)!)
      this.flushed.add(id)
    }
  }

  add(commit: FakeCommit): void {
    const { header } = commit
    const parents = header.parents.filter((id) => {
      if (!this.boundary || this.graph.has(id)) return true
      this.boundary.below.add(id)
      return false
    })
    this.graph.add(commit.id, { ...header, parents }, commit.bytes.length)
    this.stored.set(commit.id, commit)
    this.time = Math.max(this.time, commit.header.time.ms)
  }

  /** Writes a commit and tells the peers. */
  async write(padding = 40, id: CommitId = commitIdOf(this.random(32))): Promise<FakeCommit> {
    const commit = fakeCommit(id, this.graph.heads().slice(0, 32), this.time + 1, this.session, padding)
    this.add(commit)
    await this.tell([commit.id])
    return commit
  }

  async tell(ids: readonly CommitId[]): Promise<void> {
    for (const link of this.links) await this.carryOut(link, admitted(link.peer, this, ids))
  }

  async flush(): Promise<void> {
    for (const id of this.stored.keys()) this.flushed.add(id)
    for (const link of this.links) await this.carryOut(link, durable(link.peer, this))
  }

  async tick(now: number): Promise<void> {
    for (const link of this.links) await this.carryOut(link, tick(link.peer, this, now))
  }

  async take(link: Link, frame: Uint8Array): Promise<void> {
    if (link.ended) return
    try {
      const message = decodeMessage(frame)
      if (message.type === 'unknown' || !('repository' in message) || message.type === 'error') return
      if (isPast(message)) return
      const opened = message.type === 'commits' ? await openBatch(message, this.compression) : message
      await this.carryOut(link, receive(link.peer, this, opened))
    } catch (error) {
      if (!(error instanceof IbexError)) throw error
      this.violate(link, `${error.code}: ${error.message}`)
    }
  }

  async carryOut(link: Link, effects: Effects<FakeCommit>): Promise<void> {
    if (effects.violation) return this.violate(link, `${effects.violation.code}: ${effects.violation.message}`)
    for (const credential of effects.credentials) this.known.add(sessionIdOf(credential.slice(0, 16)))
    const declined: CommitId[] = []
    const came: CommitId[] = []
    for (const commit of effects.admit) {
      if (this.graph.has(commit.id)) continue
      const { parents, session } = commit.header
      const refused =
        !this.known.has(session) ||
        this.declines(commit) ||
        !parents.every((id) => this.graph.has(id) || this.boundary?.has(id))
      if (refused) declined.push(commit.id)
      else {
        this.add(commit)
        came.push(commit.id)
      }
    }
    effects.acked?.forEach((id) => this.acked.add(id))
    if (effects.resume) this.resumes.set(link.to.name, effects.resume)
    if (effects.synced) this.synced++
    for (const message of effects.send) link.send(this.count(link, message.type, encodeMessage(message)))
    if (effects.deliver) {
      await sendDelivery(link.peer, effects.deliver, {
        load: (id) => {
          const commit = this.stored.get(id)
          if (!commit) return undefined
          link.sent.commits++
          link.sent.commitBytes += commit.bytes.length
          return { bytes: commit.bytes, session: commit.header.session }
        },
        credential: (session) => Uint8Array.from([...fromHex(session), ...fromHex(session)]),
        compression: this.compression,
        send: (frame) => link.send(this.count(link, 'commits', frame)),
      })
    }
    if (effects.below) {
      for (const { id } of effects.below) this.boundary!.below.add(id)
      await this.carryOut(link, admitted(link.peer, this, []))
    }
    if (came.length) await this.tell(came)
    if (effects.admit.length) await this.carryOut(link, settled(link.peer, this, declined))
  }

  /** Loses what was not flushed. */
  crash(): void {
    const kept = [...this.stored.values()].filter(({ id }) => this.flushed.has(id))
    this.graph = new Graph()
    this.stored.clear()
    for (const commit of kept) {
      if (this.boundary || commit.header.parents.every((id) => this.graph.has(id))) this.add(commit)
    }
  }

  private count(link: Link, type: Message['type'], frame: Uint8Array): Uint8Array {
    link.sent.frames++
    link.sent.bytes += frame.length
    link.sent.types[type] = (link.sent.types[type] ?? 0) + 1
    return frame
  }

  private violate(link: Link, what: string): void {
    this.violations.push(what)
    link.ended = true
    close(link.peer)
  }
}

/** What the network does to frames; delays in steps. */
export interface Faults {
  readonly loss: number
  readonly duplication: number
  readonly delay: number
}
export const NO_FAULTS: Faults = { loss: 0, duplication: 0, delay: 0 }

interface Flight {
  readonly at: number
  readonly order: number
  readonly link: Link
  readonly back: Link
  readonly frame: Uint8Array
}

/** Nodes, their connections, and the frames under way. */
export class Fleet {
  readonly nodes: FakeNode[]
  faults: Faults = NO_FAULTS
  now = 0
  private readonly chance: Chance
  private flights: Flight[] = []
  private order = 0

  constructor(chance: Chance, count: number) {
    this.chance = chance
    this.nodes = Array.from({ length: count }, (_, i) => new FakeNode(`n${i}`, bytesBy(chance)))
  }

  /** Connects a to b; a begins, `both`: b too. */
  async connect(a: FakeNode, b: FakeNode, both = false): Promise<void> {
    const ends: Link[] = []
    const make = (from: FakeNode, to: FakeNode, other: number): Link => ({
      peer: createPeer<FakeCommit>({
        repository: REPOSITORY,
        resume: from.resumes.get(to.name),
        vouches: true,
        random: from.random,
      }),
      to,
      send: (frame) => this.throw(ends[1 - other]!, ends[other]!, frame),
      sent: { frames: 0, bytes: 0, commitBytes: 0, commits: 0, types: {} },
      ended: false,
    })
    ends.push(make(a, b, 1), make(b, a, 0))
    a.links.push(ends[0]!)
    b.links.push(ends[1]!)
    await a.carryOut(ends[0]!, start(ends[0]!.peer, a))
    if (both) await b.carryOut(ends[1]!, start(ends[1]!.peer, b))
  }

  disconnect(a: FakeNode, b: FakeNode): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      for (const link of from.links) {
        if (link.to !== to) continue
        link.ended = true
        close(link.peer)
      }
      from.links = from.links.filter((link) => !link.ended)
    }
    this.flights = this.flights.filter(({ link, back }) => !link.ended && !back.ended)
  }

  /** The next frame that arrives; false: none is under way. */
  async step(): Promise<boolean> {
    let next: Flight | undefined
    for (const flight of this.flights) {
      if (!next || flight.at < next.at || (flight.at === next.at && flight.order < next.order)) next = flight
    }
    if (!next) return false
    this.flights.splice(this.flights.indexOf(next), 1)
    this.now = Math.max(this.now, next.at)
    await next.back.to.take(next.link, next.frame)
    return true
  }

  async settle(most = 100_000): Promise<void> {
    for (let i = 0; i < most; i++) if (!(await this.step())) return
    throw new Error('The fleet does not come to rest.')
  }

  converged(): boolean {
    const [first, ...rest] = this.nodes
    return rest.every(
      (node) => node.graph.size === first!.graph.size && `${node.graph.heads()}` === `${first!.graph.heads()}`,
    )
  }

  /** `link` is the receiving side. */
  private throw(back: Link, link: Link, frame: Uint8Array): void {
    const { loss, duplication, delay } = this.faults
    if (back.ended || link.ended || (loss && this.chance() < loss)) return
    const copies = duplication && this.chance() < duplication ? 2 : 1
    for (let i = 0; i < copies; i++) {
      const at = this.now + 1 + (delay ? Math.floor(this.chance() * delay) : 0)
      this.flights.push({ at, order: this.order++, link, back, frame })
    }
  }
}
