/**
 * A replay file as a store, which shows one moment of it after the other: everything that reads works as in the present,
 * and nothing can be written.
 */
import type { CryptoPort } from '../crypto/port.js'
import { sessionIdOfKey } from '../crypto/sha256.js'
import { IbexError } from '../errors.js'
import { decodeCommit } from '../graph/commit.js'
import { foldAccepted } from '../history/fold.js'
import { type Moment, START } from '../history/moment.js'
import { type ReplayReport, verifyReplay } from '../history/replay-check.js'
import { decodeReplay, type SignedReplay } from '../history/replay-file.js'
import { storedSchemas } from '../history/stored-schemas.js'
import { type CommitId, fromHex, laneOf, toHex } from '../ids.js'
import type { Surroundings } from '../ports.js'
import { beginWith } from '../repository/beginning.js'
import type { Journal } from '../repository/journal.js'
import { Sessions } from '../repository/sessions.js'
import type { AnySchema, AnySnapshot } from '../schema/schema.js'
import type { Unsubscribe } from '../signal.js'
import type { Compression } from '../sync/batch.js'
import { platformCompression } from './compression.js'
import type { Store } from './face.js'
import type { History } from './history/face.js'
import { createReplicaStore } from './replica-store.js'
import type { Opened } from './replica-options.js'
import { Replica } from './replica.js'

export interface OpenReplayOptions {
  /** By which items are shown. Without, every field is shown as it is stored. */
  readonly schemas?: readonly AnySchema[] | undefined
  /** The public key, or its hexadecimal digits, of the authority that must have certified what is in the file. */
  readonly authority?: Uint8Array | string | undefined
  /** Which moment is shown first. Default: the end. */
  readonly at?: Moment | Date | number | undefined
}

/** What a replay file says of itself, as far as it verifies. */
export interface ReplayInfo {
  readonly title: string
  /** The path of the repository. */
  readonly repository: string
  /** Milliseconds since 1970. */
  readonly recordedAt: number
  /** Who recorded: the user, or the session where it has none. */
  readonly recordedBy: string
  /** Whose word it rests on: that of the authority which was asked for, of the one that the file names, or nobody's. */
  readonly trust: 'as asked' | 'as in the file' | 'none'
  /** The public key of that authority, in hexadecimal. */
  readonly authority: string | undefined
  readonly commits: number
  /** How many of them a seal of the authority covers. */
  readonly sealed: number
  /** How many times values of an item were left out. */
  readonly redacted: number
}

/** A replay file that is open. */
export interface Replay {
  readonly info: ReplayInfo
  /** Shows {@link moment}: for hooks, and for whatever else takes a store. What writes throws `past-is-read-only`. */
  readonly store: Store
  /** All that is in the file. */
  readonly history: History
  /** The moments between which it was recorded. */
  readonly from: Moment
  readonly to: Moment
  readonly moment: Moment
  /** Shows another moment, or how it was at a time; listeners hear what became different. Throws `unknown-moment`. */
  seek(to: Moment | Date | number): void
  /** The items that are shown, by schema and id: all, or those with these ids. */
  items(ids?: readonly string[]): Record<string, readonly AnySnapshot[]>
  /** Calls `listener` after another moment is shown. */
  subscribe(listener: () => void): Unsubscribe
  close(): void
}

/** How a replay file is read. */
export interface ReplayPorts {
  readonly crypto: CryptoPort
  /** Default: the platform's. */
  readonly compression?: Compression | undefined
  readonly surroundings: Surroundings
}

/** What an open replay file stands on. */
export interface ReplayInside {
  readonly opened: Opened
  readonly schemas: readonly AnySchema[]
}

/**
 * Opens a replay file after checking all that is in it, without a server.
 * @throws IbexError `malformed-bytes`, `newer-version`, `bad-signature`, `bad-certificate` and the other codes that say what
 * does not hold; `unknown-moment` for `at`
 */
export async function openReplayFile(
  file: Uint8Array,
  options: OpenReplayOptions,
  ports: ReplayPorts,
): Promise<Replay & ReplayInside> {
  const { crypto, compression = platformCompression() } = ports
  const authority = authorityKey(options.authority)
  const replay = await decodeReplay(file, crypto, compression)
  const report = await verifyReplay(replay, crypto, authority)
  if (report.failure) throw report.failure.error
  return showReplay({ ...replay, authority: authority ?? replay.authority }, report, options, ports)
}

async function showReplay(
  replay: SignedReplay,
  report: ReplayReport,
  options: OpenReplayOptions,
  { crypto, compression, surroundings }: ReplayPorts,
): Promise<Replay & ReplayInside> {
  const sessions = new Sessions(crypto)
  const key = await crypto.createKey()
  const replica = new Replica({
    surroundings,
    crypto,
    key,
    session: sessions.addKey(key.publicKey),
    sessions,
    lane: laneOf(surroundings.random.bytes(8)),
    compression,
    server: undefined,
  })
  if (replay.authority) sessions.pinAuthority(replay.authority)
  for (const { publicKey, certificate } of replay.sessions) {
    const session = sessions.addKey(publicKey)
    // What a seal covers holds without, but then nobody says who it was.
    if (certificate && report.certified.has(session)) sessions.trust(publicKey, certificate)
  }
  const schemas = [...(options.schemas ?? [])]
  const inner = createReplicaStore(replica, {
    name: 'replay',
    schemas,
    repository: replay.repository,
    surroundings,
    fill: ({ journal }) => fill(journal, replay),
  })
  const opened = replica.get(replay.repository)!
  if (!options.schemas) {
    schemas.push(...storedSchemas(opened.repository.state))
    opened.repository.learn(schemas)
  }
  const history = await inner.history()
  const ends = { from: momentOf(history, replay.from, START), to: momentOf(history, replay.to, history.now()) }
  const momentAt = (to: Moment | Date | number): Moment => (typeof to === 'string' ? to : history.at(to))
  const past = history.checkout(options.at === undefined ? ends.to : momentAt(options.at))

  function items(ids?: readonly string[]): Record<string, readonly AnySnapshot[]> {
    const query = { orderBy: '$id', filter: ids && (({ $id }: AnySnapshot) => ids.includes($id)) } as const
    return Object.fromEntries(schemas.map((schema) => [schema.name, past.collection(schema).query(query).get()]))
  }

  function close(): void {
    past.close()
    history.close()
    void inner.close()
  }

  const refuse = (): never => {
    throw readOnly()
  }
  const requireOwn = (path: string | undefined): void => {
    if (path === undefined || path === replay.repository) return
    throw new IbexError('bad-option', `The replay is of ${replay.repository}; of ${path} it knows nothing.`)
  }
  const store: Store = {
    name: inner.name,
    schemas,
    repository: replay.repository,
    collection(schema, { in: path } = {}) {
      requireOwn(path)
      return past.collection(schema)
    },
    history({ in: path } = {}) {
      requireOwn(path)
      return inner.history()
    },
    transact: refuse,
    ready: async (path) => requireOwn(path),
    isReady: (path) => path === undefined || path === replay.repository,
    flush: async () => {},
    synced: async () => {},
    status: (path) => (requireOwn(path), inner.status()),
    subscribeStatus: (listener, path) => (requireOwn(path), inner.subscribeStatus(listener)),
    setOffline: () => {},
    onRejected: () => () => {},
    export: () => inner.export(),
    record: async () => refuse(),
    reset: async () => refuse(),
    signOut: async () => refuse(),
    close: async () => close(),
  }

  return {
    info: {
      title: replay.title,
      repository: replay.repository,
      recordedAt: replay.recordedAt,
      recordedBy: sessions.authorOf(sessionIdOfKey(replay.recorder)),
      authority: replay.authority && toHex(replay.authority),
      trust: report.authority,
      commits: report.commits,
      sealed: report.sealed,
      redacted: report.redacted,
    },
    store,
    history,
    ...ends,
    get moment() {
      return past.moment
    },
    seek: (to) => past.seek(momentAt(to)),
    items,
    subscribe: (listener) => past.subscribe(listener),
    close,
    opened,
    schemas,
  }
}

/** Puts a journal in the place that the file begins at, and into it what the file holds. */
function fill(journal: Journal, { base, commits, voids }: SignedReplay): void {
  const { repository, options } = journal
  repository.refusal = readOnly()
  if (base) beginWith(journal, base.keyframe)
  const isVoid = new Set<CommitId>(voids)
  const decoded = commits.map((bytes) => decodeCommit(bytes, options.crypto.sha256))
  for (const commit of decoded) {
    journal.addToGraph(commit, isVoid.has(commit.id) ? 'void' : 'accepted')
    if (!isVoid.has(commit.id)) repository.touch(foldAccepted(repository.state, commit))
    if (commit.header.kind === 'seal') journal.fates.lastSeal = commit.id
  }
  void journal.storage.store(decoded)
}

function readOnly(): IbexError {
  return new IbexError(
    'past-is-read-only',
    'A recording shows what was, and cannot be written. What replay.fork() gives can.',
  )
}

function momentOf(history: History, text: string, otherwise: Moment): Moment {
  return text === '' ? otherwise : history.moment(text)
}

function authorityKey(given: Uint8Array | string | undefined): Uint8Array | undefined {
  const key = typeof given === 'string' ? fromHex(given.trim()) : given
  if (key && key.length !== 32) {
    throw new IbexError(
      'bad-option',
      'authority: the public key of an authority is 32 bytes, or 64 hexadecimal digits.',
    )
  }
  return key
}
