/**
 * Where the command looks: at a running server, of which it becomes a replica, in memory; at the folder of a stopped one,
 * or of a running one, which it does not disturb; or into a replay file.
 */
import { resolve } from 'node:path'
import type { SigningKey } from '../crypto/port.js'
import { IbexError } from '../errors.js'
import { storedSchemas } from '../history/stored-schemas.js'
import { decodeCommit } from '../graph/commit.js'
import { laneOf, type RepositoryPath, requireRepositoryPath } from '../ids.js'
import type { Journal } from '../repository/journal.js'
import { decodeRecords } from '../repository/records.js'
import { Sessions } from '../repository/sessions.js'
import type { AnySchema } from '../schema/schema.js'
import { readAuthorityKey } from '../server/authority-key.js'
import { openFileStorage, readFileStorage } from '../server/file-disk.js'
import { claimFolder, describeHolder, holderOf } from '../server/folder-claim.js'
import { nodeCompression } from '../server/node-compression.js'
import { createNodeCrypto } from '../server/node-crypto.js'
import { connectSocket } from '../server/socket-client.js'
import type { Storage } from '../storage/port.js'
import type { Store } from '../store/face.js'
import type { History } from '../store/history-face.js'
import { createReplicaStore } from '../store/replica-store.js'
import { Replica } from '../store/replica.js'
import type { Opened, ServerOptions } from '../store/replica-options.js'
import { platformSurroundings } from '../store/surroundings.js'
import { equalBytes } from '../value/bytes.js'
import { findConfigFile, loadConfigFile } from './config-file.js'
import type { Io } from './io.js'
import { openReplay } from './replay-file.js'

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

/**
 * `sign`: to sign a recording, as the authority where its key is at hand; `write`: to change what is there, which only a
 * server or its authority may.
 */
export type Purpose = 'look' | 'sign' | 'write'

/** Opens what the options name. */
export async function openTarget(io: Io, options: TargetOptions, purpose: Purpose = 'look'): Promise<Target> {
  const { server, replay } = options
  if (server !== undefined && replay !== undefined) {
    throw new IbexError('bad-option', 'Either --server or --replay: look at one thing at a time.')
  }
  const schemas = await schemasOf(io, options)
  if (server !== undefined) return openServer(io, options, schemas, server)
  if (replay !== undefined) return openRecording(io, options, schemas, replay)
  return openFolder(io, options, schemas, purpose)
}

/** Runs `look` on what the options name, and closes it. */
export async function withTarget<T>(
  io: Io,
  options: TargetOptions,
  look: (target: Target) => T | Promise<T>,
  purpose: Purpose = 'look',
): Promise<T> {
  const target = await openTarget(io, options, purpose)
  try {
    return await look(target)
  } finally {
    await target.close()
  }
}

/** Those of the configuration, if there is one. */
export async function schemasOf({ cwd }: Io, { config }: Pick<TargetOptions, 'config'>): Promise<AnySchema[]> {
  const file = config === false ? undefined : config === undefined ? findConfigFile(cwd) : resolve(cwd, config)
  if (file === undefined) return []
  try {
    return [...(await loadConfigFile(file)).schemas]
  } catch (error) {
    if (!(error instanceof IbexError) || config !== undefined) throw error
    throw new IbexError(error.code, `${error.message} To show everything as it is stored, without it: --no-config.`)
  }
}

interface Makings {
  readonly schemas: AnySchema[]
  readonly path: RepositoryPath
  readonly key?: SigningKey
  readonly storage?: Storage
  readonly server?: ServerOptions
}

/** A store over a replica of its own, and what is behind it. */
async function build(makings: Makings): Promise<{ replica: Replica; store: Store; finish(): Promise<Target> }> {
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

async function openFolder(io: Io, options: TargetOptions, schemas: AnySchema[], purpose: Purpose): Promise<Target> {
  const folder = resolve(io.cwd, options.data)
  if (purpose === 'write') return openOwned(io, options, schemas, folder)
  const storage = await readFileStorage(folder)
  const path = await choose(io, options, folder, storage)
  const key = purpose === 'sign' ? await findKey(io, options, folder, storage) : undefined
  const { store, finish } = await build({ schemas, path, storage, ...(key && { key }) })
  await store.ready()
  const target = await finish()
  return {
    ...target,
    async close() {
      await target.close()
      await storage.close()
    },
  }
}

/** With the authority's key, as its owner: only where no server has it. */
async function openOwned(io: Io, options: TargetOptions, schemas: AnySchema[], folder: string): Promise<Target> {
  const holder = await holderOf(folder)
  if (holder) throw new IbexError('storage-fenced', describeHolder(folder, holder))
  // Before anything is made where there is nothing.
  await choose(io, options, folder, await readFileStorage(folder))
  const release = await claimFolder(folder)
  try {
    const storage = await openFileStorage(folder)
    const path = await choose(io, options, folder, storage)
    const key = await ownKey(io, options, folder, storage)
    const { store, finish } = await build({ schemas, path, storage, key })
    await store.ready()
    const target = await finish()
    return {
      ...target,
      async close() {
        await target.close()
        await storage.close()
        await release()
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** The authority's key, which must be there. */
async function ownKey(io: Io, options: TargetOptions, folder: string, storage: Storage): Promise<SigningKey> {
  const key = await findKey(io, options, folder, storage)
  if (key) return key
  const place = keyFolder(io, options, folder)
  throw new IbexError('bad-option', `There is no authority key in ${place}: say where it is with --authority <folder>.`)
}

function keyFolder({ cwd }: Io, { authority }: TargetOptions, folder: string): string {
  return authority === undefined ? `${folder}.authority` : resolve(cwd, authority)
}

/** The authority's key, if it is there. What was sealed by one key is worth nothing under another. */
async function findKey(
  io: Io,
  options: TargetOptions,
  folder: string,
  storage: Storage,
): Promise<SigningKey | undefined> {
  const place = keyFolder(io, options, folder)
  const key = await readAuthorityKey(place, io.note)
  if (!key) return undefined
  const owner = await storage.get('authority')
  if (owner instanceof Uint8Array && equalBytes(owner, key.publicKey)) return key
  throw new IbexError('wrong-authority', `The key in ${place} is not the one under which ${folder} was written.`)
}

/** The repository that is meant, of those that are there. */
async function choose(io: Io, options: TargetOptions, folder: string, storage: Storage): Promise<RepositoryPath> {
  const there = (await storage.list()).filter((name) => !name.startsWith('/sys/')).sort()
  const wanted = options.in === undefined ? undefined : requireRepositoryPath(options.in)
  const found = wanted ?? (there.length === 1 ? there[0]! : '/data/main')
  const list = (names: readonly string[]): string => names.map((name) => `\n  --in ${name}`).join('')
  if (!there.includes(found)) {
    const what = there.length === 0 ? `There is no repository in ${folder}.` : `There is no ${found} in ${folder}, but`
    throw new IbexError('storage', what + list(there))
  }
  if (wanted === undefined && there.length > 1 && io.terminal) {
    io.note(`This is ${found}. There are also${list(there.filter((name) => name !== found))}`)
  }
  return requireRepositoryPath(found)
}

async function openServer(io: Io, options: TargetOptions, schemas: AnySchema[], server: string): Promise<Target> {
  const address = addressOf(server)
  const path = requireRepositoryPath(options.in ?? '/data/main')
  const token = options.token ?? io.env['IBEX_TOKEN']
  let failure = ''
  const { replica, store, finish } = await build({
    schemas,
    path,
    server: {
      connect: () => connectSocket(address, (message) => (failure = message)),
      token: async () => token,
    },
  })
  try {
    const done = new Promise<void>((resolve, reject) => {
      replica.onChange.subscribe(() => {
        const { refusal } = replica
        const opened = replica.get(path)
        const error = refusal ?? opened?.refusal
        if (error) reject(error)
        else if (opened?.complete) resolve()
        else if (replica.connection === 'waiting') {
          reject(new IbexError('unreachable', `No server answers at ${address}${failure && `: ${failure}`}.`))
        }
      })
    })
    await replica.lead(undefined)
    await done
    await believe(replica.get(path)!.journal)
    return await finish()
  } catch (error) {
    await store.close()
    throw error
  }
}

/**
 * A server hands on nothing that it has not judged, although it says so to whoever wrote it, and to others only by its next
 * seal; and of what it refused, it hands on only that it was.
 */
async function believe(journal: Journal): Promise<void> {
  const { graph, options } = journal
  for (let n = 0; n < graph.size; n++) {
    const { id, kind } = graph.at(n)
    if (kind !== 'change' || journal.fates.of(id) !== 'provisional') continue
    const { chunks } = decodeCommit(await journal.storage.bytesOf(id), options.crypto.sha256)
    if (chunks.every(({ bytes }) => !bytes))
      journal.verdicts.doom({ id, code: 'forbidden', message: 'The server refused it.' })
  }
  journal.verdicts.accept(graph.heads())
}

async function openRecording(io: Io, options: TargetOptions, given: AnySchema[], file: string): Promise<Target> {
  const { authority, in: path } = options
  const replay = await openReplay(io, file, { schemas: given, authority })
  const { opened, history, store, info } = replay
  const schemas = [...given, ...storedSchemas(opened.repository.state, given)]
  opened.repository.learn(schemas)
  if (path !== undefined && path !== info.repository) {
    throw new IbexError('bad-option', `--in: ${file} is of ${info.repository}.`)
  }
  return { store, history, opened, schemas, close: async () => replay.close() }
}

/** `localhost:8080`, `http://…`, `ws://…`; without a path, where `ibex serve` answers. */
function addressOf(server: string): string {
  let url: URL
  try {
    url = new URL(/^\w+:\/\//.test(server) ? server : `ws://${server}`)
  } catch (cause) {
    throw new IbexError('bad-option', `--server: '${server}' is no address. Write ws://localhost:8080/ibex.`, { cause })
  }
  url.protocol = url.protocol.replace('http', 'ws')
  if (url.pathname === '/') url.pathname = '/ibex'
  return url.href
}
