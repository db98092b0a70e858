/** The store behind `createStore`: repositories by path, their collections, and how they stand. */
import { asIbexError, IbexError } from '../errors.js'
import { type ItemId, type RepositoryPath, requireRepositoryPath, spaceOf, toHex } from '../ids.js'
import { RepositoryState } from '../history/state.js'
import type { Surroundings } from '../ports.js'
import { Repository } from '../repository/repository.js'
import type { FlushWindow } from '../repository/window.js'
import type { AnySchema } from '../schema/schema.js'
import { Signal, type Unsubscribe } from '../signal.js'
import { toBase64 } from '../value/base64.js'
import { createCollection } from './collection.js'
import type { Engine } from './engine.js'
import type { Collection } from './collection-face.js'
import type { Rejection, Status, Store, StoreExport } from './face.js'
import { abandonFolder, currentFolder, hasLeftFolders } from './folders.js'
import type { SharedHistory } from './history/shared-history.js'
import type { History } from './history/face.js'
import { createItemIds } from './item-id.js'
import type { TextStorage } from '../repository/leaving.js'
import { loadHistory, loadSeldomOfStore } from './on-demand.js'
import type { PagePort } from './ports.js'
import type { RecordOptions, RecordRange } from './record-face.js'
import type { Opened } from './replica-options.js'
import { buildStatus } from './status.js'
import type { Tidier } from './tidying.js'

/** What an engine asks of the store that it runs behind. */
export interface Backing {
  readonly folder: string
  /** By default the store's own. Only those who show something need any. */
  readonly schemas?: readonly AnySchema[]
  readonly surroundings: Surroundings
  open(path: RepositoryPath): Promise<Opened>
  abandoned(next: string, destroy: boolean): void
}

export interface AppStoreOptions {
  readonly name: string
  readonly schemas: readonly AnySchema[]
  readonly repository: RepositoryPath
  readonly hasServer: boolean
  surroundings(): Surroundings
  readonly texts: TextStorage | undefined
  readonly page: PagePort | undefined
  /** Starts what runs behind the store. One that is ready at once answers no promise. */
  start(backing: Backing): Engine | Promise<Engine>
  /** Tells the other tabs that have a folder which could not be opened here. */
  abandon?(folder: string, next: string, destroy: boolean): void
  /** Does something when no other tab of the store does such a thing. */
  alone?(work: () => Promise<void>): Promise<void>
  /** Deletes what there is of a folder; rejects where somebody has it open. */
  destroy?(folder: string): Promise<void>
}

/** Milliseconds after which a server that is silent no longer keeps a repository from being ready. */
const SILENCE_MS = 3000

/** A repository as the store holds it. */
export interface Slot {
  readonly repository: Repository
  readonly collections: Map<string, Collection<AnySchema>>
  readonly changed: Signal
  opening: Promise<void> | undefined
  opened: Opened | undefined
  error: IbexError | undefined
  ready: boolean
  silent: boolean
  status: Status | undefined
  /** The status that listeners were told of last. */
  told: Status | undefined
  waiters: { resolve(): void; reject(error: unknown): void }[]
  /** What those hold who look at its past. */
  history: SharedHistory | undefined
}

/** Identity: one for each `createStore`. */
export class AppStore implements Store {
  readonly name: string
  readonly schemas: readonly AnySchema[]
  readonly repository: RepositoryPath
  readonly options: AppStoreOptions
  /** Of all repositories that were asked for; to be read only. */
  readonly slots: Map<RepositoryPath, Slot> = new Map<RepositoryPath, Slot>()
  private readonly rejected = new Signal<[Rejection]>()
  private surroundings: Surroundings | undefined
  private newItemId: (() => ItemId) | undefined
  /** What runs behind the store, once it does. */
  engine: Engine | undefined
  private starting: Promise<Engine> | undefined
  private folder: string
  /** What of earlier sessions is still to be sent. */
  private readonly background = new Set<Engine>()
  offline = false
  private closed = false
  private restarting: Promise<void> = Promise.resolve()
  /** Called when the store is closed. */
  readonly stops: Unsubscribe[] = []

  constructor(options: AppStoreOptions) {
    this.options = options
    this.name = options.name
    this.schemas = options.schemas
    this.repository = options.repository
    this.folder = currentFolder(options.texts, options.name)
    const stop = options.page?.onRevive(() => void this.restart(false))
    if (stop) this.stops.push(stop)
  }

  /** Opens the default repository, if the store was not closed meanwhile. */
  begin(): void {
    if (!this.closed) this.open(this.slot(this.repository))
  }

  collection<S extends AnySchema>(schema: S, options: { readonly in?: string | undefined } = {}): Collection<S> {
    const slot = this.slotOf(options.in)
    let collection = slot.collections.get(schema.name)
    // The repository compares versions: a schema that was reloaded is the same one.
    if (!collection || collection.schema.version !== schema.version) {
      collection = createCollection(schema as AnySchema, slot.repository, {
        newItemId: () => this.itemIds()(),
        wait: (repository, window, level) => this.waitFor(repository, window, level),
        touch: () => this.open(slot),
        isReady: () => slot.ready,
      })
      slot.collections.set(schema.name, collection)
    }
    return collection as unknown as Collection<S>
  }

  transact<T>(fn: () => T, options: { readonly label?: string; readonly in?: string } = {}): T {
    return this.slotOf(options.in).repository.transact(fn, options.label)
  }

  ready(path?: string): Promise<void> {
    const slot = this.slotOf(path)
    slot.error = undefined
    this.open(slot)
    if (slot.ready) return Promise.resolve()
    return new Promise((resolve, reject) => slot.waiters.push({ resolve, reject }))
  }

  isReady(path?: string): boolean {
    return this.slotOf(path).ready
  }

  async flush(): Promise<void> {
    await Promise.all([...this.slots.values()].map(async ({ opened }) => opened && this.durable(opened)))
  }

  async synced(): Promise<void> {
    const windows: Promise<void>[] = []
    for (const { opened } of this.slots.values()) if (opened) windows.push(this.accepted(opened))
    await Promise.all(windows)
  }

  status(path?: string): Status {
    const slot = this.slotOf(path)
    slot.status = buildStatus(
      {
        ready: slot.ready,
        opened: slot.opened,
        engine: this.engine,
        hasServer: this.options.hasServer && spaceOf(slot.repository.path) !== 'local',
        offline: this.offline,
        error: slot.error,
        repository: slot.repository,
      },
      slot.status,
    )
    return slot.status
  }

  subscribeStatus(listener: () => void, path?: string): Unsubscribe {
    const slot = this.slotOf(path)
    this.open(slot)
    return slot.changed.subscribe(listener)
  }

  setOffline(offline: boolean): void {
    this.offline = offline
    for (const engine of [this.engine, ...this.background]) engine?.replica.setOffline(offline)
    for (const slot of this.slots.values()) this.review(slot)
  }

  onRejected(listener: (rejection: Rejection) => void): Unsubscribe {
    return this.rejected.subscribe(listener)
  }

  async history(options: { readonly in?: string | undefined } = {}): Promise<History> {
    for (;;) {
      const shared = await this.shared(options.in)
      try {
        return await shared.open()
      } catch (error) {
        // The store has begun anew meanwhile.
        if (!shared.isOver) throw error
      }
    }
  }

  async record(range?: RecordRange, options?: RecordOptions): Promise<Uint8Array> {
    return (await this.shared(options?.in)).record(range, options)
  }

  /** What those hold who look at a repository's past. */
  private async shared(given: string | undefined): Promise<SharedHistory> {
    const path = given === undefined ? this.repository : requireRepositoryPath(given)
    const slot = this.slot(path)
    const { SharedHistory } = await loadHistory()
    do {
      // What is on its way to be closed is not opened once more.
      await this.restarting
      if (this.closed) throw new IbexError('store-closed', 'The store was closed.')
      await this.ready(path)
    } while (!slot.opened)
    slot.history ??= new SharedHistory(slot.opened, (window, level) => this.waitFor(slot.repository, window, level))
    return slot.history
  }

  async export(): Promise<StoreExport> {
    const repositories: StoreExport['repositories'][number][] = []
    for (const { repository, opened } of this.slots.values()) {
      if (!opened) continue
      await this.durable(opened)
      // Who reads it elsewhere has nothing else.
      if (opened.journal.boundary) await (await opened.descent()).complete()
      const items: Record<string, readonly unknown[]> = {}
      for (const schema of this.schemas) items[schema.name] = [...repository.table(schema).all()]
      const commits: string[] = []
      const { graph } = opened.journal
      for (let n = 0; n < graph.size; n++) commits.push(toBase64(await opened.journal.storage.bytesOf(graph.idAt(n))))
      repositories.push({ path: repository.path, items, commits })
    }
    return { store: this.name, at: this.ports().clock.now(), repositories }
  }

  async reset(): Promise<void> {
    await this.leaveFolder(true)
  }

  async signOut(): Promise<void> {
    await this.flush()
    await this.leaveFolder(false)
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    for (const stop of this.stops) stop()
    for (const slot of this.slots.values()) {
      for (const table of slot.repository.openTables()) table.queries.close()
      slot.history?.close()
      const error = new IbexError('store-closed', 'The store was closed.')
      for (const { reject } of slot.waiters.splice(0)) reject(error)
    }
    const engine = this.engine ?? (await this.starting?.catch(() => undefined))
    await engine?.close()
    for (const old of this.background) await old.close()
    for (const slot of this.slots.values()) slot.repository.writable = false
  }

  /** The store's clock, chance and timers. */
  ports(): Surroundings {
    return (this.surroundings ??= this.options.surroundings())
  }

  // ── inside ────────────────────────────────────────────────────────────────────────────────────────────────────────

  private itemIds(): () => ItemId {
    return (this.newItemId ??= createItemIds(this.ports().clock, this.ports().random))
  }

  /** The slot of a path that an app gave, or of the default repository. */
  private slotOf(path: string | undefined): Slot {
    return this.slot(path === undefined ? this.repository : requireRepositoryPath(path))
  }

  private slot(path: RepositoryPath): Slot {
    let slot = this.slots.get(path)
    if (slot) return slot
    if (spaceOf(path) === 'sys') throw new IbexError('forbidden', `${path} is the authority's own.`)
    slot = {
      repository: new Repository({
        path,
        schemas: this.schemas,
        surroundings: this.ports(),
        session: '' as never,
        authorOf: (session) => this.engine?.replica.options.sessions.authorOf(session) ?? session,
      }),
      collections: new Map(),
      changed: new Signal(),
      opening: undefined,
      opened: undefined,
      error: undefined,
      ready: false,
      silent: false,
      status: undefined,
      told: undefined,
      waiters: [],
      history: undefined,
    }
    this.slots.set(path, slot)
    return slot
  }

  /** Opens a repository unless it is open, opening, or has failed to open: then only who asks for it again tries again. */
  private open(slot: Slot): void {
    if (slot.opening || slot.opened || slot.error || this.closed) return
    const engine = this.engine ?? this.start()
    const opened =
      engine instanceof Promise ? engine.then((running) => running.open(slot.repository)) : engine.open(slot.repository)
    if (!(opened instanceof Promise)) {
      this.attach(slot, opened)
      return
    }
    const { folder } = this
    slot.opening = opened.then(
      (done) => {
        // Given up meanwhile: the folder that is current now is opened apart.
        if (folder === this.folder && !this.closed) this.attach(slot, done)
      },
      (error: unknown) => {
        if (folder === this.folder) this.fail(slot, error)
      },
    )
  }

  private start(): Engine | Promise<Engine> {
    if (this.starting) return this.starting
    const { folder } = this
    const engine = this.options.start({
      folder,
      surroundings: this.ports(),
      open: async (path) => {
        const slot = this.slot(path)
        this.open(slot)
        await slot.opening
        if (!slot.opened) throw slot.error ?? new IbexError('store-closed', 'The store was closed.')
        return slot.opened
      },
      abandoned: (next, destroy) => {
        if (folder === this.folder) void this.leaveFolder(destroy, next)
      },
    })
    if (!(engine instanceof Promise)) return this.adopt(engine)
    const starting = engine.then((running) => this.adopt(running))
    this.starting = starting
    starting.catch(() => {
      if (this.starting === starting) this.starting = undefined
    })
    return starting
  }

  private adopt(engine: Engine): Engine {
    this.engine = engine
    if (this.offline) engine.replica.setOffline(true)
    engine.replica.onChange.subscribe(() => {
      if (this.engine === engine) for (const slot of this.slots.values()) this.review(slot)
    })
    engine.replica.options.sessions.onCertified.subscribe(() => {
      for (const { repository } of this.slots.values()) repository.renewSoon()
    })
    this.tidySoon()
    return engine
  }

  private attach(slot: Slot, opened: Opened): void {
    slot.opened = opened
    slot.opening = undefined
    opened.journal.verdicts.onVoid.subscribe((refusal, session) => {
      if (session !== slot.repository.session) return
      const rejection = this.status(slot.repository.path).rejected.find(({ commit: id }) => id === refusal.id)
      if (!rejection) return
      if (this.rejected.size > 0) this.rejected.emit(rejection)
      else
        console.error(`Ibex: the server refused a change (${rejection.code}): ${rejection.message}`, rejection.changes)
    })
    this.ports().scheduler.after(SILENCE_MS, () => {
      slot.silent = true
      this.review(slot)
    })
    slot.repository.renew()
    this.review(slot)
  }

  private fail(slot: Slot, error: unknown): void {
    slot.error = asIbexError(error, 'storage', 'The store could not be opened.')
    slot.opening = undefined
    for (const { reject } of slot.waiters.splice(0)) reject(slot.error)
    slot.changed.emit()
  }

  /** Something about a repository may have changed: looks whether it is ready now, and tells who watches its status. */
  private review(slot: Slot): void {
    const { opened } = slot
    if (!slot.ready && opened && this.isSettled(slot, opened)) {
      slot.ready = true
      for (const { resolve } of slot.waiters.splice(0)) resolve()
      for (const table of slot.repository.openTables()) table.tellAll()
    }
    if (slot.changed.size === 0) return
    // Not what was read last: who reads in between must not keep others from being told.
    const status = this.status(slot.repository.path)
    if (status === slot.told) return
    slot.told = status
    slot.changed.emit()
  }

  /** See architecture, section 12: whether what is here can be shown. */
  private isSettled(slot: Slot, opened: Opened): boolean {
    const { journal, everSynced, complete, refusal } = opened
    if (journal.options.authority !== 'remote' || everSynced || complete || refusal || slot.silent) return true
    const connection = this.engine?.replica.connection
    return connection !== 'connecting' && connection !== 'online'
  }

  private async waitFor(repository: Repository, window: FlushWindow, level: 'local' | 'server'): Promise<void> {
    const opened = this.slots.get(repository.path)?.opened
    if (window.level === 'open') opened?.journal.capture()
    await window.wait(level)
  }

  private async durable({ journal }: Opened): Promise<void> {
    await journal.flush()
    await Promise.all(journal.unstored.map((window) => window.wait('local')))
  }

  private async accepted({ journal }: Opened): Promise<void> {
    journal.capture()
    while (journal.pendingActions > 0) {
      if (journal.isClosed) throw new IbexError('store-closed', 'The store was closed before the server had answered.')
      await new Promise<void>((resolve) => {
        const stop = journal.onProgress.subscribe(() => {
          stop()
          resolve()
        })
      })
    }
  }

  /**
   * Gives the folder up, here and in the other tabs, and opens what is open anew in another one. `next`: another tab did
   * so, and named it; what it wrote down of that may not have come here yet.
   */
  private async leaveFolder(destroy: boolean, next?: string): Promise<void> {
    // Whatever is on its way to be opened is there first.
    const engine = this.engine ?? (await this.starting?.catch(() => undefined))
    const { folder, options } = this
    this.folder = next ?? abandonFolder(options.texts, this.name, folder, destroy, toHex(this.ports().random.bytes(6)))
    if (!next && engine) engine.abandon(this.folder, destroy)
    else if (!next) options.abandon?.(folder, this.folder, destroy)
    await this.restart(destroy)
  }

  /** Closes what runs and starts it anew. */
  private restart(destroy: boolean): Promise<void> {
    const done = this.restarting.then(() => this.closeAndStart(destroy))
    this.restarting = done.catch(() => {})
    return done
  }

  private empty(): void {
    for (const slot of this.slots.values()) {
      slot.repository.writable = false
      slot.history?.close(true)
      slot.history = undefined
      slot.opened = undefined
      slot.opening = undefined
      slot.error = undefined
      slot.ready = false
      slot.silent = false
    }
  }

  /** One after the other: each would else empty what the other fills. */
  private async closeAndStart(destroy: boolean): Promise<void> {
    // What is being started would take the place of what comes now.
    const engine = this.engine ?? (await this.starting?.catch(() => undefined))
    if (this.closed) return
    const openings = [...this.slots.values()].map(async ({ opening }) => opening)
    this.engine = undefined
    this.starting = undefined
    this.empty()
    await engine?.close(destroy)
    // What was still being opened has filled the state that is emptied now.
    await Promise.all(openings)
    this.empty()
    for (const slot of this.slots.values()) {
      const gone = [...slot.repository.openTables()].flatMap((table) => [
        ...slot.repository.state.items(table.schema.name),
      ])
      slot.repository.adopt(new RepositoryState())
      slot.repository.touch(gone)
      slot.repository.publishRemote()
      slot.changed.emit()
      this.open(slot)
    }
  }

  /** Finishes what earlier sessions left, in one tab after the other; what cannot be now is at the next start. */
  private tidySoon(): void {
    const { texts, name, alone = (work) => work() } = this.options
    if (this.closed || !hasLeftFolders(texts, name)) return
    const work = async (): Promise<void> => {
      const { tidy } = await loadSeldomOfStore()
      if (!this.closed) await tidy(this.options, this.tidier())
    }
    alone(work).catch(() => {})
  }

  private tidier(): Tidier {
    return {
      start: async (folder) => {
        const old = await this.options.start({
          folder,
          schemas: [],
          surroundings: this.ports(),
          open: () => Promise.reject(new IbexError('store-closed', 'This session has ended.')),
          abandoned: () => {},
        })
        this.background.add(old)
        if (this.offline) old.replica.setOffline(true)
        return old
      },
      ended: (old) => this.background.delete(old as Engine),
      createRepository: (path, session) =>
        new Repository({
          path: requireRepositoryPath(path),
          schemas: this.schemas,
          surroundings: this.ports(),
          session,
          authorOf: (id) => id,
        }),
      accepted: (opened) => this.accepted(opened),
    }
  }
}
