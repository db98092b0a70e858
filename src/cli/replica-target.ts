/** What a command looks at, and the store that stands behind it where that is a replica of the command's own. */
import type { SigningKey } from '../crypto/port.js'
import { storedSchemas } from '../history/stored-schemas.js'
import { laneOf, type RepositoryPath } from '../ids.js'
import { decodeRecords } from '../repository/records.js'
import { Sessions } from '../repository/sessions.js'
import type { AnySchema } from '../schema/schema.js'
import { nodeCompression } from '../server/node-compression.js'
import { createNodeCrypto } from '../server/node-crypto.js'
import type { Storage } from '../storage/port.js'
import type { Store } from '../store/face.js'
import type { History } from '../store/history/face.js'
import { createReplicaStore } from '../store/replica-store.js'
import type { Opened, ServerOptions } from '../store/replica-options.js'
import { Replica } from '../store/replica.js'
import { platformSurroundings } from '../store/surroundings.js'

export interface TargetOptions {
  readonly data: string
  readonly authority?: string | undefined
  readonly server?: string | undefined
  readonly token?: string | undefined
  readonly replay?: string | undefined
  readonly in?: string | undefined
  /** False: none. */
  readonly config?: string | false | undefined
}

/** A repository that is open, with its history. */
export interface Target {
  readonly store: Store
  readonly history: History
  readonly opened: Opened
  /** Those of the configuration, and of what is stored besides. */
  readonly schemas: readonly AnySchema[]
  close(): Promise<void>
}

export interface Makings {
  readonly schemas: AnySchema[]
  readonly path: RepositoryPath
  readonly key?: SigningKey
  readonly storage?: Storage
  readonly server?: ServerOptions
}

/** A store over a replica of its own, and what is behind it. */
export async function buildTarget(
  makings: Makings,
): Promise<{ replica: Replica; store: Store; finish(): Promise<Target> }> {
  const { schemas, path, storage, server } = makings
  const surroundings = platformSurroundings()
  const crypto = createNodeCrypto({ threads: true })
  const key = makings.key ?? (await crypto.createKey())
  const sessions = new Sessions(crypto)
  const replica = new Replica({
    surroundings,
    crypto,
    key,
    session: sessions.addKey(key.publicKey),
    sessions,
    lane: laneOf(surroundings.random.bytes(8)),
    compression: nodeCompression,
    server,
  })
  if (storage) {
    await introduce(storage, sessions)
    await replica.lead(storage)
  }
  const store = createReplicaStore(replica, {
    name: 'cli',
    schemas,
    repository: path,
    surroundings,
    ...(storage && { storageMode: storage.mode }),
  })
  // Whoever waits for a write is told.
  store.onRejected(() => {})
  return {
    replica,
    store,
    async finish() {
      const opened = replica.get(path)!
      const more = storedSchemas(opened.repository.state, schemas)
      opened.repository.learn(more)
      schemas.push(...more)
      return { store, opened, schemas, history: await store.history(), close: () => store.close() }
    },
  }
}

/** Those of whom the server's folder tells. */
async function introduce(storage: Storage, sessions: Sessions): Promise<void> {
  const authority = await storage.get('authority')
  if (authority instanceof Uint8Array) sessions.pinAuthority(authority)
  const log = await storage.openLog('/sys/sessions')
  await log.replay((payload) => {
    for (const record of decodeRecords(payload)) {
      if (record.kind === 'session' && record.certificate) {
        sessions.trust(record.publicKey.slice(), record.certificate.slice())
      }
    }
  })
}
