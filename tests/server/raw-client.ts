/** A client that says whatever a test wants: nothing here keeps it honest. */
import { createNodeCrypto } from '../../src/server/node-crypto.js'
import type { SigningKey } from '../../src/crypto/port.js'
import { sessionIdOfKey } from '../../src/crypto/sha256.js'
import { encodeCommit, signedMessage, withSignature } from '../../src/graph/commit.js'
import { type CommitId, laneOf, requireItemId, requireRepositoryPath, type SessionId } from '../../src/ids.js'
import { type Change, encodeChunk } from '../../src/item/change.js'
import { recordCreate } from '../../src/item/record.js'
import { checkCreate } from '../../src/schema/check.js'
import { decodeMessage, encodeMessage } from '../../src/sync/message-codec.js'
import { type Message, PROTOCOL_VERSION, proofBytes, type UnknownMessage } from '../../src/sync/messages.js'
import { seededRandom } from '../../src/testing/virtual-time.js'
import type { Transport } from '../../src/transport/port.js'
import { ByteWriter } from '../../src/value/bytes.js'
import { Task, type World } from './world.js'

export const MAIN = requireRepositoryPath('/data/main')
let seed = 5000

export interface RawCommit {
  readonly id: CommitId
  readonly bytes: Uint8Array
}

export class RawClient {
  readonly received: (Message | UnknownMessage)[] = []
  readonly key: SigningKey
  readonly session: SessionId
  closed: string | undefined
  certificate: Uint8Array | undefined
  private readonly transport: Transport
  private readonly random = seededRandom(seed++)
  private readonly world: World
  private flush = 0

  private constructor(world: World, key: SigningKey, headers?: Record<string, string>) {
    this.world = world
    this.key = key
    this.session = sessionIdOfKey(key.publicKey)
    this.transport = world.dial([], headers)
    this.transport.onMessage((bytes) => this.received.push(decodeMessage(bytes)))
    this.transport.onClose(({ message }) => (this.closed = message))
  }

  /** Proves its key, and is welcomed or refused. */
  static async connect(
    world: World,
    options: {
      key?: SigningKey
      token?: string
      certificate?: Uint8Array
      forgeProof?: boolean
      headers?: Record<string, string>
    } = {},
  ): Promise<RawClient> {
    const key = options.key ?? (await createNodeCrypto({ random: seededRandom(seed++) }).createKey())
    const client = new RawClient(world, key, options.headers)
    await world.settle(0)
    const { nonce, authority } = client.last('nonce')!
    const proof = await key.sign(proofBytes(options.forgeProof ? new Uint8Array(32) : nonce, authority))
    client.send({
      type: 'hello',
      version: PROTOCOL_VERSION,
      publicKey: key.publicKey,
      proof,
      certificate: options.certificate,
      token: options.token,
    })
    await world.settle(0)
    client.certificate = client.last('welcome')?.certificate
    return client
  }

  send(message: Message): void {
    this.transport.send(encodeMessage(message))
  }

  last<T extends Message['type']>(type: T): Extract<Message, { type: T }> | undefined {
    return this.received.findLast((message): message is Extract<Message, { type: T }> => message.type === type)
  }

  /** Codes of what was refused, as it was told. */
  refusals(): string[] {
    return this.received.flatMap((message) => {
      if (message.type === 'error') return [message.code]
      if (message.type === 'reject')
        return message.rejections.map(({ code, final }) => (final ? code : `${code} for now`))
      return []
    })
  }

  async commit(
    title: string,
    options: {
      parents?: readonly CommitId[]
      time?: number
      repository?: string
      sign?: SigningKey
      session?: SessionId
      id?: string
      version?: number
      changes?: Change[]
    } = {},
  ): Promise<RawCommit> {
    const repository = requireRepositoryPath(options.repository ?? MAIN)
    const item = requireItemId(options.id ?? `t-${title}`)
    const changes = options.changes ?? recordCreate(Task, checkCreate(Task, { title }))
    const unsigned = encodeCommit(
      {
        kind: 'change',
        repository,
        session: options.session ?? this.session,
        lane: laneOf(this.random.bytes(8)),
        flush: ++this.flush,
        time: { ms: options.time ?? this.world.time.now(), counter: 0 },
        parents: [...(options.parents ?? [])].sort(),
        actions: [{ offset: 0 }],
        chunks: [encodeChunk({ item, schema: 'task', version: options.version ?? 1, changes }, this.random.bytes(16))],
      },
      this.world.crypto.sha256,
    )
    const signature = await (options.sign ?? this.key).sign(signedMessage(repository, unsigned.id))
    const { id, bytes } = withSignature(unsigned, signature)
    return { id, bytes }
  }

  /** Sends commits, with the own certificate or other credentials. */
  async push(
    commits: readonly (RawCommit | Uint8Array)[],
    {
      repository,
      credentials = this.certificate ? [this.certificate] : [],
    }: { repository?: string; credentials?: readonly Uint8Array[] } = {},
  ): Promise<void> {
    const payload = new ByteWriter()
    for (const commit of commits) payload.bytes(commit instanceof Uint8Array ? commit : commit.bytes)
    this.send({
      type: 'commits',
      repository: repository === undefined ? MAIN : requireRepositoryPath(repository),
      round: 0,
      more: false,
      partial: false,
      credentials,
      inflated: 0,
      payload: payload.finish(),
    })
    await this.world.settle(0)
  }
}
