/**
 * The server without sockets and files: certifies sessions, opens repositories on demand, judges, seals. Storage,
 * cryptography, clock and connections are given, so that a simulation runs it as it runs clients.
 */
import type { CryptoPort, SigningKey } from '../crypto/port.js'
import { IbexError } from '../errors.js'
import { type CommitId, laneOf, type RepositoryPath, requireRepositoryPath, type SessionId, spaceOf } from '../ids.js'
import type { Surroundings } from '../ports.js'
import { type Asker, type Config, findRule } from '../repository/rules.js'
import { Sessions } from '../repository/sessions.js'
import type { Storage } from '../storage/port.js'
import { createLink, type Link } from '../store/link.js'
import { createGathering } from './gathering.js'
import type { Compression } from '../sync/batch.js'
import type { Whole } from '../sync/parts.js'
import type { Transport } from '../transport/port.js'
import { equalBytes } from '../value/bytes.js'
import type { Rhythm } from './checkpoint-keeper.js'
import { type CertificateOffice, openCertificateOffice, type RequestHeaders } from './certificates.js'
import { type HostedRepository, openHostedRepository } from './hosted-repository.js'

/** Repositories that one connection may speak of. */
const MAX_REPOSITORIES = 256
/** Milliseconds after which a repository that nobody speaks of is closed: open ones take memory and files. */
const IDLE_MS = 60_000
/** Remembers which user a session belongs to; no client can name it. */
const SESSIONS_LOG = '/sys/sessions'

export interface AuthorityNodeOptions {
  readonly storage: Storage
  readonly crypto: CryptoPort
  /** The authority's root key. */
  readonly key: SigningKey
  readonly surroundings: Surroundings
  readonly config?: Config | undefined
  readonly compression?: Compression | undefined
  readonly rhythm?: Rhythm | undefined
  /** Is told, in sentences, what whoever runs the server should know. */
  log?(line: string): void
}

export interface ConnectionOptions {
  readonly headers?: RequestHeaders
  /** Bytes that came over this connection and wait to be worked on, after each change. */
  backlog?(bytes: number): void
  /** So many bytes were given on request. */
  charge?(bytes: number): void
}

export interface NodeHealth {
  /** False: something that is written is not stored at present, and not acknowledged. */
  readonly ok: boolean
  readonly repositories: number
  readonly connections: number
}

export interface AuthorityNode {
  /** The authority's public key, which clients pin. */
  readonly publicKey: Uint8Array
  /** Speaks over a transport with whoever called. */
  accept(transport: Transport, options?: ConnectionOptions): Link
  /** Opens a repository, or answers the open one, whatever the rules say. It stays open. */
  repository(path: string): Promise<HostedRepository>
  /** Judges by other rules from now on; all connections are closed, so that who may read is asked anew. */
  configure(config: Config | undefined): void
  health(): NodeHealth
  /** Seals everything; resolves when all that was admitted is durable. */
  settle(): Promise<void>
  /** Hangs up, and lets go of the storage. Settle first. */
  close(): Promise<void>
}

/** Throws `wrong-authority` where the storage belongs to another key. */
export async function openAuthorityNode(options: AuthorityNodeOptions): Promise<AuthorityNode> {
  const { storage, crypto, key, surroundings, compression } = options
  const say = options.log ?? (() => {})
  let { config } = options
  await claimStorage(storage, key)
  const sessions = new Sessions(crypto)
  sessions.pinAuthority(key.publicKey)
  const log = await storage.openLog(SESSIONS_LOG)
  const office: CertificateOffice = await openCertificateOffice({ key, sessions, clock: surroundings.clock, log, say })
  const lane = laneOf(surroundings.random.bytes(8))
  const repositories = new Map<RepositoryPath, Promise<HostedRepository>>()
  const opened = new Set<HostedRepository>()
  const links = new Set<Link>()
  /** How many connections speak of a repository. */
  const speakers = new Map<RepositoryPath, number>()
  const closing = new Map<RepositoryPath, Promise<void>>()
  let closed = false

  function enter(path: RepositoryPath): void {
    speakers.set(path, (speakers.get(path) ?? 0) + 1)
  }

  function leave(path: RepositoryPath): void {
    const left = speakers.get(path)! - 1
    if (left > 0) speakers.set(path, left)
    else {
      speakers.delete(path)
      surroundings.scheduler.after(IDLE_MS, () => void closeIdle(path))
    }
  }

  async function closeIdle(path: RepositoryPath): Promise<void> {
    const opening = repositories.get(path)
    const hosted = await opening?.catch(() => undefined)
    if (closed || !hosted || speakers.has(path) || repositories.get(path) !== opening) return
    // What could not be stored yet is here only.
    if (hosted.journal.storage.error) {
      surroundings.scheduler.after(IDLE_MS, () => void closeIdle(path))
      return
    }
    repositories.delete(path)
    opened.delete(hosted)
    const gone = hosted.close().finally(() => closing.delete(path))
    closing.set(path, gone)
    await gone
  }

  async function openRepository(path: RepositoryPath): Promise<HostedRepository> {
    await closing.get(path)
    const hosted = await openHostedRepository({
      path,
      storage,
      crypto,
      key,
      session: sessions.authoritySession!,
      lane,
      sessions,
      surroundings,
      config,
      rhythm: options.rhythm,
    })
    for (const problem of hosted.problems) say(`${path}: ${problem}`)
    let failing = false
    hosted.journal.onProgress.subscribe(() => {
      const { error } = hosted.journal.storage
      if (!error === !failing) return
      failing = !failing
      say(error ? `${path} is not being stored: ${error.message}` : `${path} is being stored again.`)
    })
    hosted.journal.verdicts.onVoid.subscribe(({ id, code, message }) =>
      say(`Refused ${short(id)} in ${path}: ${code}. ${message}`),
    )
    opened.add(hosted)
    return hosted
  }

  function repository(path: RepositoryPath): Promise<HostedRepository> {
    if (closed) return Promise.reject(new IbexError('store-closed', 'The server is shutting down.'))
    let opening = repositories.get(path)
    if (!opening) {
      opening = openRepository(path)
      repositories.set(path, opening)
      opening.catch((error: unknown) => {
        repositories.delete(path)
        say(`${path} could not be opened: ${String(error)}`)
      })
    }
    // What went wrong inside is nobody else's business.
    return opening.catch((error: unknown) => {
      throw error instanceof IbexError ? error : new IbexError('storage', 'The repository cannot be opened at present.')
    })
  }

  return {
    publicKey: key.publicKey,

    accept(transport, { headers = {}, backlog, charge } = {}) {
      const paths = new Set<RepositoryPath>()
      const link = createLink(
        { crypto, key, sessions, surroundings, compression },
        {
          role: 'acceptor',
          transport,
          trusted: false,
          acknowledges: () => 'stored',
          welcome: async (hello, session) => ({ certificate: await office.certify(hello, session, headers, config) }),
          async open(path, session) {
            requireReadable(path, { id: session, user: sessions.get(session)?.user ?? null }, config, say)
            if (!paths.has(path)) {
              if (paths.size === MAX_REPOSITORIES) {
                throw new IbexError('limit', `One connection may open ${MAX_REPOSITORIES} repositories.`)
              }
              paths.add(path)
              enter(path)
            }
            const hosted = await repository(path)
            const { journal, judge } = hosted
            const offered = async (): Promise<Whole | undefined> => hosted.keyframe?.gift()
            return { journal, judge, gathering: createGathering(journal), offered }
          },
          report: ({ code, message, cause }) =>
            say(`A connection: ${code}. ${message}${cause instanceof Error ? ` ${cause.stack}` : ''}`),
          ...(backlog && { backlog }),
          ...(charge && { charge }),
          closed() {
            links.delete(link)
            for (const path of paths) leave(path)
            paths.clear()
          },
        },
      )
      if (closed) link.close('the server is shutting down')
      else links.add(link)
      return link
    },

    async repository(name) {
      const path = requireRepositoryPath(name)
      enter(path)
      return repository(path)
    },

    configure(next) {
      config = next
      for (const hosted of opened) hosted.configure(next)
      for (const link of links) link.close('configuration changed')
    },

    health: () => ({
      ok: !closed && [...opened].every(({ journal }) => !journal.storage.error),
      repositories: repositories.size,
      connections: links.size,
    }),

    async settle() {
      await Promise.all([...opened].map((hosted) => hosted.seal()))
    },

    async close() {
      closed = true
      for (const link of links) link.close('the server is shutting down')
      await Promise.allSettled([...repositories.values(), ...closing.values()])
      await Promise.all([...opened].map((hosted) => hosted.close()))
      await storage.close()
    },
  }
}

/** Commits that were sealed by one key are worth nothing under another. */
async function claimStorage(storage: Storage, { publicKey }: SigningKey): Promise<void> {
  const owner = await storage.get('authority')
  if (owner === undefined) await storage.put('authority', publicKey)
  else if (!(owner instanceof Uint8Array) || !equalBytes(owner, publicKey)) {
    throw new IbexError(
      'wrong-authority',
      'The data was written under another authority key than the one found now, and clients that know the other would refuse this server. Restore the folder with the key (by default it lies beside the data, its name ends with ".authority"), or begin with an empty data folder.',
    )
  }
}

/** Throws `forbidden` where the rules, or the space itself, do not let a session read a repository. */
function requireReadable(
  path: RepositoryPath,
  session: Asker,
  config: Config | undefined,
  say: (line: string) => void,
): void {
  const space = spaceOf(path)
  if (space === 'local' || space === 'sys') {
    throw new IbexError('forbidden', `${path} is not synced: the space '${space}' stays where it is.`)
  }
  const refusal = new IbexError('forbidden', `${path} may not be read by ${session.user ?? 'who has not signed in'}.`)
  if (!config?.rules) {
    // Without a word of the app a user's own space is the user's own.
    if (space === 'user' && path.split('/')[2] !== session.user) throw refusal
    return
  }
  const found = findRule(config.rules, path)
  if (!found) throw new IbexError('forbidden', `No rule allows reading ${path}.`)
  let verdict: boolean | string
  try {
    verdict = found.rule.read({ session, path, params: found.params })
  } catch (error) {
    say(`The read rule '${found.rule.pattern}' failed: ${String(error)}`)
    verdict = false
  }
  if (verdict !== true) throw typeof verdict === 'string' ? new IbexError('forbidden', verdict) : refusal
}

function short(id: CommitId | SessionId): string {
  return id.slice(0, 12)
}
