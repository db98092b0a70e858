/**
 * The panel's own replica of an inspected store: a store in memory that follows the page, as a tab follows the one that
 * leads, and never writes. Where the page began from a keyframe, and has not all of the past, it does too.
 */
import type { CryptoPort, SigningKey } from '../crypto/port.js'
import { sha256 } from '../crypto/sha256.js'
import { IbexError } from '../errors.js'
import { withDescendants } from '../graph/ancestry.js'
import { chunkOf, foldAccepted, foldProvisional, voidCommit } from '../history/fold.js'
import { storedSchemas } from '../history/stored-schemas.js'
import { type CommitId, fromHex, laneOf, type RepositoryPath, requireRepositoryPath } from '../ids.js'
import type { Surroundings } from '../ports.js'
import type { Journal } from '../repository/journal.js'
import { takeOut } from '../repository/remake.js'
import type { Repository } from '../repository/repository.js'
import { Sessions } from '../repository/sessions.js'
import type { AnySchema } from '../schema/schema.js'
import type { Engine } from '../store/engine.js'
import type { Opened } from '../store/replica-options.js'
import { Replica } from '../store/replica.js'
import { createMemoryStorage } from '../storage/memory.js'
import type { Log } from '../storage/port.js'
import { AppStore } from '../store/store.js'
import type { Transport } from '../transport/port.js'
import type { CopyProgress, InspectedData } from './face.js'
import type { Mask } from './channel.js'
import type { StoreAbout } from './topics.js'
import { schemaOf } from './described-schema.js'
import { type Cell, createCell, type Live } from './live.js'
import { chunksOfMask, putMask } from './masks.js'

export interface PanelStore {
  readonly data: InspectedData
  /** There is a line to the page. An earlier one is given up. `lost`: this one broke, some time ago. */
  join(transport: Transport, lost: () => void): void
  /** The page has so many commits, and whether these are all that there ever were. */
  expect(path: RepositoryPath, commits: number, whole: boolean): void
  /** What is folded in place of chunks that come as hashes. */
  mask(path: RepositoryPath, masks: readonly Mask[]): void
  /** The page has taken these out again, because others stand for them. */
  withdraw(path: RepositoryPath, ids: readonly CommitId[]): void
  /** The page is gone: who waits is told. */
  abandon(error: IbexError): void
  close(): Promise<void>
}

/** What is known of a repository beside its journal. */
interface Copy {
  readonly progress: Cell<CopyProgress>
  /** By commit. */
  readonly masks: Map<CommitId, Mask>
  /** Of what the page has no schema for, by name. */
  readonly found: Map<string, AnySchema>
  /** The page has all of the past. */
  isWhole: boolean
  /** Of what has begun to come by itself. */
  brought: Journal | undefined
}

export function createPanelStore(about: StoreAbout, surroundings: Surroundings): PanelStore {
  const { random } = surroundings
  const key = keyWithoutSecret(random.bytes(32))
  const sessions = new Sessions(trusting)
  if (about.authority !== null) sessions.pinAuthority(fromHex(about.authority))
  const copies = new Map<RepositoryPath, Copy>()
  const complete = new Set<RepositoryPath>()
  const waiting = new Map<RepositoryPath, (error?: IbexError) => void>()
  let gone: IbexError | undefined

  const logs = createMemoryStorage()
  const replica = new Replica({
    surroundings,
    crypto: trusting,
    key,
    session: sessions.addKey(key.publicKey),
    sessions,
    lane: laneOf(random.bytes(8)),
    // Never called: who follows reaches the server through another. But whose word counts depends on there being one.
    server: about.hasServer ? { connect: unreachable, token: () => Promise.resolve(undefined) } : undefined,
  })

  function copyOf(path: RepositoryPath): Copy {
    let copy = copies.get(path)
    if (!copy) {
      const progress = createCell<CopyProgress>({ commits: 0, of: 0 })
      copy = { progress, masks: new Map(), found: new Map(), isWhole: false, brought: undefined }
      copies.set(path, copy)
    }
    return copy
  }

  function ready(path: RepositoryPath, error?: IbexError): void {
    if (!error) {
      complete.add(path)
      replica.hear({ word: 'news', connection: 'online', complete: [...complete], history: [], offset: 0 })
    }
    waiting.get(path)?.(error)
    waiting.delete(path)
  }

  /** Brings all of the past, once. Where the page has not got it either, somebody has to ask for it. */
  function bring(path: RepositoryPath): void {
    const copy = copyOf(path)
    const opened = replica.get(path)
    if (!copy.isWhole || copy.brought === opened?.journal || !opened?.journal.boundary) return
    copy.brought = opened.journal
    opened.descent().then(
      (descent) => descent.start(),
      () => (copy.brought = undefined),
    )
  }

  /** `log`: where is kept what the copy begins from, if it does, and what is fetched below that. */
  function watch({ path }: Repository, journal: Journal, log: Log): void {
    const { progress, masks } = copyOf(path)
    const count = (): void => {
      const commits = journal.graph.size + (journal.boundary?.size ?? 0)
      progress.set({ commits, of: Math.max(progress.get().of, commits) })
    }
    const { storage } = journal
    const readCommits = storage.readCommits.bind(storage)
    // What is read back for history is masked too.
    storage.readCommits = (ids, each) =>
      readCommits(ids, (commit) => {
        const mask = masks.get(commit.id)
        return each(mask ? putMask(commit, mask) : commit)
      })
    journal.onAdmitted.subscribe((ids) => {
      for (const id of ids) {
        const mask = masks.get(id)
        if (mask) foldMask(journal, id, mask)
      }
      count()
    })
    journal.onBegun.subscribe(() => {
      storage.log = log
      count()
      const descent = replica.get(path)?.descent()
      descent?.then(({ onTaken }) => onTaken.subscribe(count)).catch(() => {})
      bring(path)
    })
    journal.onWhole.subscribe(() => {
      // The page has checked them, or will.
      journal.unchecked = 0
      count()
    })
  }

  const engine: Engine = {
    replica,
    storageMode: 'memory',
    keyExtractable: true,
    persisted: false,
    async open(repository): Promise<Opened> {
      if (gone) throw gone
      const { path } = repository
      const log = await logs.openLog(path)
      // From here to the wait nothing comes that is not watched, and nobody writes.
      const opened = replica.openInMemory(repository)
      // For good: what is to be changed is changed in the page.
      repository.writable = false
      watch(repository, opened.journal, log)
      try {
        await new Promise<void>((resolve, reject) => waiting.set(path, (error) => (error ? reject(error) : resolve())))
      } catch (error) {
        await replica.drop(path)
        throw error
      }
      return opened
    },
    paths: () => Promise.resolve([]),
    abandon: () => {},
    close: () => replica.close(),
  }

  const store = new AppStore({
    name: about.name,
    schemas: about.schemas.map(schemaOf),
    repository: requireRepositoryPath(about.repository),
    hasServer: about.hasServer,
    surroundings: () => surroundings,
    texts: undefined,
    page: undefined,
    start: () => engine,
  })

  function schemasIn(path: RepositoryPath): readonly AnySchema[] {
    const { found } = copyOf(path)
    const repository = store.slots.get(path)?.repository
    if (repository) {
      const fresh = storedSchemas(repository.state, [...store.schemas, ...found.values()])
      repository.learn(fresh)
      for (const schema of fresh) found.set(schema.name, schema)
    }
    return [...store.schemas, ...found.values()]
  }

  const pathOf = (path: string | undefined): RepositoryPath =>
    path === undefined ? store.repository : requireRepositoryPath(path)

  return {
    data: {
      name: store.name,
      schemas: store.schemas,
      repository: store.repository,
      collection: (schema, options) => store.collection(schema, options),
      isReady: (path) => store.isReady(path),
      history: (options) => store.history(options),
      status: (path) => store.status(path),
      subscribeStatus: (listener, path) => store.subscribeStatus(listener, path),
      ready: (path) => store.ready(path),
      schemasIn: (path) => schemasIn(pathOf(path)),
      progress: (path): Live<CopyProgress> => copyOf(pathOf(path)).progress,
    },
    join: (transport, lost) => void replica.follow(transport, ready, lost),
    expect(path, commits, whole) {
      const copy = copyOf(path)
      const { commits: here, of } = copy.progress.get()
      if (commits !== of) copy.progress.set({ commits: here, of: Math.max(commits, here) })
      copy.isWhole = whole
      bring(path)
    },
    mask(path, masks) {
      const copy = copyOf(path)
      for (const mask of masks) copy.masks.set(mask.commit as CommitId, mask)
    },
    withdraw(path, ids) {
      const journal = replica.get(path)?.journal
      if (journal) withdraw(journal, ids)
    },
    abandon(error) {
      gone = error
      for (const tell of waiting.values()) tell(error)
      waiting.clear()
    },
    close: () => store.close(),
  }
}

/** Takes commits out again, which the page has taken out: none of them was accepted. */
function withdraw(journal: Journal, ids: readonly CommitId[]): void {
  const gone = withDescendants(journal.graph, ids).map(({ id }) => id)
  if (gone.length === 0) return
  takeOut(journal, gone)
  journal.repository.publishRemote()
}

/** Folds masked values into a commit that has been folded without them. */
function foldMask({ graph, repository }: Journal, id: CommitId, mask: Mask): void {
  const { state } = repository
  const entry = graph.get(id)
  if (!entry) return
  const chunks = chunksOfMask(mask)
  const actions = 1 + Math.max(0, ...chunks.flatMap(({ changes }) => changes.map(({ action }) => action)))
  const commit = { id, chunks: [], header: entry, actions: { length: actions } }
  const before = state.provisional.get(id)
  if (!before) {
    repository.touch(foldAccepted(state, commit, chunks))
    return
  }
  const whole = before.parts.map(chunkOf)
  repository.touch(voidCommit(state, id))
  repository.touch(foldProvisional(state, commit, [...whole, ...chunks]))
}

/** The page has checked what it gives; and whoever wanted to lie to the panel could do it in other ways. */
const trusting: CryptoPort = {
  sha256,
  sha256Large: (bytes) => Promise.resolve(sha256(bytes)),
  verify: () => Promise.resolve(true),
  createKey: () => Promise.reject(new IbexError('forbidden', 'A panel signs nothing.')),
  restoreKey: () => Promise.resolve(undefined),
}

/** A panel is nobody: it has a name in the protocol, and signs nothing that anybody looks at. */
function keyWithoutSecret(publicKey: Uint8Array): SigningKey {
  return { publicKey, extractable: true, sign: () => Promise.resolve(new Uint8Array(64)), stored: () => undefined }
}

function unreachable(): never {
  throw new IbexError('unreachable', 'A panel reaches the server through its page.')
}
