/** Stores that are ready at once, on a clock that stands still, with ids that are the same in every run. */
import { IbexError } from '../errors.js'
import { keyframeAuthors } from '../history/keyframe.js'
import { laneOf, requireRepositoryPath } from '../ids.js'
import type { AnySchema } from '../schema/schema.js'
import { beginWith } from '../repository/beginning.js'
import { type KnownSession, Sessions } from '../repository/sessions.js'
import type { Store } from '../store/face.js'
import { callTab } from '../store/following.js'
import { Replica } from '../store/replica.js'
import { createReplicaStore } from '../store/replica-store.js'
import { createMemoryPair } from '../transport/memory.js'
import { testCrypto, testKey } from './test-crypto.js'
import { seededRandom, VirtualTime } from './virtual-time.js'

export interface TestStoreOptions {
  readonly schemas: readonly AnySchema[]
  /** Decides ids, keys and all other chance. Stores that talk to each other need different ones. Default: 1, 2, 3 … */
  readonly seed?: number
  readonly name?: string
  readonly repository?: string
}

interface Node {
  readonly replica: Replica
  readonly seed: number
  readonly links: Set<Line>
}

/** Two stores that were connected, and whether they are. */
interface Line {
  readonly ends: readonly [Node, Node]
  cut: (() => void) | undefined
}

/** The clock of all test stores. */
export const time: VirtualTime = new VirtualTime()
const nodes = new WeakMap<Store, Node>()
let seeds = 0

/** A store in memory, without a server, ready to be read and written. Time passes only in {@link settle}. */
export function createTestStore(options: TestStoreOptions): Store {
  return makeStore(options)
}

/** What a store begins with: a state, and who wrote it. */
export interface Beginning {
  readonly keyframe: Uint8Array
  readonly sessions: readonly KnownSession[]
}

/** A test store that goes on from a state. */
export function forkTestStore(options: TestStoreOptions, beginning: Beginning): Store {
  return makeStore(options, beginning)
}

function makeStore(options: TestStoreOptions, beginning?: Beginning): Store {
  const { schemas, name = 'test', repository = '/data/main', seed = ++seeds } = options
  const random = seededRandom(seed)
  // Whatever is written is later than what was there.
  const ahead = beginning ? Math.max(0, keyframeAuthors(beginning.keyframe).latest + 1 - time.now()) : 0
  const clock = ahead === 0 ? time : { now: () => time.now() + ahead }
  const surroundings = { clock, scheduler: time, random }
  const crypto = testCrypto(random)
  const sessions = new Sessions(crypto)
  for (const { publicKey, certificate } of beginning?.sessions ?? []) {
    sessions.addKey(publicKey)
    if (certificate) sessions.trust(publicKey, certificate)
  }
  const key = testKey(random)
  const replica = new Replica({
    surroundings,
    crypto,
    key,
    session: sessions.addKey(key.publicKey),
    sessions,
    lane: laneOf(random.bytes(8)),
    server: undefined,
  })
  const path = requireRepositoryPath(repository)
  const store = createReplicaStore(replica, {
    name,
    schemas,
    repository: path,
    surroundings,
    fill({ journal }) {
      if (beginning && journal.repository.path === path) beginWith(journal, beginning.keyframe)
    },
  })
  nodes.set(store, { replica, seed, links: new Set() })
  return store
}

/** Lets two test stores sync, from now on. */
export function connect(a: Store, b: Store): void {
  const line: Line = { ends: [nodeOf(a), nodeOf(b)], cut: undefined }
  for (const node of line.ends) node.links.add(line)
  join(line)
}

/** Cuts a test store's connections; what it does meanwhile arrives after {@link online}. */
export function offline(store: Store): void {
  for (const line of nodeOf(store).links) {
    line.cut?.()
    line.cut = undefined
  }
}

/** Connects a test store again to those that it was connected to. */
export function online(store: Store): void {
  for (const line of nodeOf(store).links) if (!line.cut) join(line)
}

/**
 * Lets time pass until what was written has been committed and has reached every connected store. `ms`: how much time
 * that is by the stores' clock.
 */
export async function settle(ms: number = 2000): Promise<void> {
  await time.pass(ms)
}

function join(line: Line): void {
  const [a, b] = line.ends
  const [left, right] = createMemoryPair({ scheduler: time, random: seededRandom(a.seed * 7919 + b.seed) })
  b.replica.serveTab(right, (path) => {
    const opened = b.replica.get(path)
    if (!opened) throw new IbexError('not-ready', `The other store has not opened ${path}.`)
    return Promise.resolve(opened.journal)
  })
  callTab(a.replica, left)
  line.cut = () => left.close('offline')
}

function nodeOf(store: Store): Node {
  const node = nodes.get(store)
  if (!node) throw new IbexError('bad-option', 'connect, offline and online take stores of createTestStore().')
  return node
}
