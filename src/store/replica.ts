/**
 * A node of the app: its session, its open repositories, and its links to others. Alone, as the tab that owns storage and
 * network, or as one that reaches both through another tab.
 */
import { IbexError } from '../errors.js'
import { type RepositoryPath, spaceOf } from '../ids.js'
import { FAR_AHEAD_MS } from '../graph/time.js'
import { Journal } from '../repository/journal.js'
import { loadSeldomOfRepository } from '../repository/on-demand.js'
import { openLog } from '../repository/opening.js'
import type { Repository } from '../repository/repository.js'
import { Signal } from '../signal.js'
import type { Log, Storage } from '../storage/port.js'
import type { Transport } from '../transport/port.js'
import { Checkpoints } from './checkpoints.js'
import { ClockOffset } from './clock-offset.js'
import { introduceTo } from './conversation.js'
import { Descents } from './descents.js'
import type { HistoryStatus } from './face.js'
import type { Follower, FollowingNode } from './following.js'
import { createLink, type Link } from './link.js'
import type { LinkOptions } from './link-options.js'
import { Network, type NetworkState } from './network.js'
import { loadSeldomOfStore } from './on-demand.js'
import type { Opened, Ready, ReplicaOptions, ServerOptions, TabWord } from './replica-options.js'

/** For fewer commits it is not worth its while to make a keyframe for a tab. */
const TABS_BEGIN_FROM = 1000
/** Milliseconds after which a tab asks again for the leading tab. */
const ASK_MS = 1000

/** Milliseconds after which it is tried again to open a log. */
const RETRY_MS = 5000

const ignore = (): void => {}

/** A disk may fail once, and an owner that is going may be slow to let go. */
async function openStoredLog(storage: Storage, path: RepositoryPath): Promise<Log> {
  try {
    return await storage.openLog(path)
  } catch (error) {
    if (!(error instanceof IbexError) || error.code !== 'storage') throw error
    return storage.openLog(path)
  }
}

/** Identity: one for each session of a store in this process. */
export class Replica implements FollowingNode {
  readonly options: ReplicaOptions
  /** After anything that a status shows may have changed. */
  readonly onChange: Signal = new Signal()
  /** The server, or a tab that speaks for it, refuses this session. */
  refusal: IbexError | undefined
  /** How the tab that owns the network is connected; undefined while this one owns it. */
  private reported: Extract<TabWord, { word: 'news' }> | undefined
  private storage: Storage | undefined
  private readonly opened = new Map<RepositoryPath, Opened>()
  private readonly network: Network | undefined
  private serverLink: Link | undefined
  private readonly tabLinks = new Set<Link>()
  private readonly offset = new ClockOffset()
  private readonly descents: Descents
  private following = false
  private follower: Follower | undefined
  private readonly checkpoints: Checkpoints
  private closed = false

  constructor(options: ReplicaOptions) {
    this.options = options
    const { server, surroundings, sessions } = options
    this.checkpoints = new Checkpoints(surroundings.scheduler)
    this.descents = new Descents({
      mode: options.history ?? 'full',
      ask: (path, question) => {
        const link = this.following ? this.follower?.link : this.serverLink
        if (link) return link.ask(path, question)
        return Promise.reject(new IbexError('unreachable', `Nobody who has the past of ${path} can be reached.`))
      },
      introduce: (credential) => introduceTo(sessions, credential, this.following),
      distrusted: (path, error) => this.distrust(path, error),
      changed: () => this.tell(),
    })
    if (server) {
      this.network = new Network({
        surroundings,
        connect: () => server.connect(),
        absent: () => server.absent?.(),
        serve: (transport) => this.serveNetwork(transport, server),
      })
      this.network.onChange.subscribe(() => this.tell())
    }
  }

  get connection(): NetworkState | 'local' {
    if (!this.network) return 'local'
    return this.following ? (this.reported?.connection ?? 'connecting') : this.network.state
  }

  /** Whether another tab leads. */
  get follows(): boolean {
    return this.following && !this.closed
  }

  /** Connections by which commits arrive. */
  get peers(): number {
    return this.tabLinks.size + (this.network?.state === 'online' ? 1 : 0)
  }

  get(path: RepositoryPath): Opened | undefined {
    return this.opened.get(path)
  }

  all(): Iterable<Opened> {
    return this.opened.values()
  }

  // ── opening ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Opens a repository with this replica's storage, if it has one. Afterwards it can be read and written. */
  async open(repository: Repository): Promise<Opened> {
    const opened = this.prepare(repository)
    if (this.storage) {
      const log = await openStoredLog(this.storage, repository.path)
      const found = await openLog(opened.journal, log).catch(async (error: unknown) => {
        await log.close().catch(ignore)
        throw error
      })
      opened.problems = found.problems
      if (opened.journal.boundary) this.descents.begun(opened.journal)
      // Signatures can be checked without anybody.
      else this.descents.resume(opened.journal)
      this.checkpoints.opened(opened.journal, found.tail)
    }
    this.join(opened)
    return opened
  }

  /** The same where there is no storage to wait for. */
  openInMemory(repository: Repository): Opened {
    const opened = this.prepare(repository)
    this.join(opened)
    return opened
  }

  /** Lets go of a repository that could not be opened after all. */
  async drop(path: RepositoryPath): Promise<void> {
    const opened = this.opened.get(path)
    this.opened.delete(path)
    for (const link of this.tabLinks) link.drop(path)
    if (opened) this.descents.stop(opened.journal)
    await opened?.journal.close()
  }

  private prepare(repository: Repository): Opened {
    const { path } = repository
    const { crypto, key, lane, sessions, server, keep, session } = this.options
    repository.session = session
    const journal = new Journal({
      repository,
      crypto,
      key,
      lane,
      sessions,
      authority: server && spaceOf(path) !== 'local' ? 'remote' : 'none',
      follows: () => this.following,
      clockOffset: () => this.offset.ms,
    })
    this.descents.watch(journal)
    return {
      journal,
      repository,
      everSynced: keep?.synced.has(path) ?? false,
      complete: false,
      refusal: undefined,
      problems: [],
      distrusted: undefined,
      history: () => this.historyOf(journal),
      descent: () => this.descents.of(journal),
    }
  }

  /** A tab tells what the one that leads has: that is on this device. */
  private historyOf(journal: Journal): HistoryStatus {
    const reported = this.following && this.reported?.history.find(([path]) => path === journal.repository.path)
    return reported ? reported[1] : this.descents.statusOf(journal)
  }

  private join(opened: Opened): void {
    const { journal, repository } = opened
    const { path } = repository
    this.opened.set(path, opened)
    repository.writable = true
    this.checkpoints.watch(journal)
    journal.storage.onStored.subscribe((ids) => {
      if (journal.storage.log) this.options.say?.({ word: 'stored', path, ids })
      else if (this.following) this.follower?.askLater(journal)
    })
    journal.onProgress.subscribe(() => this.onChange.emit())
    if (journal.options.authority === 'remote') this.serverLink?.carry(journal)
    for (const link of this.tabLinks) link.carry(journal)
    this.onChange.emit()
  }

  // ── roles ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** This replica owns storage and network from now on. What is open already is written to the storage. */
  async lead(storage: Storage | undefined): Promise<void> {
    // What is closed may have been destroyed, and must not be made anew.
    if (this.closed) return
    this.following = false
    this.storage = storage
    this.reported = undefined
    this.follower?.leave()
    const bare = [...this.opened.values()].filter(({ journal }) => storage && !journal.storage.log)
    for (const { journal } of bare) journal.storage.awaited = true
    for (const { journal } of bare) if (!this.closed) await this.giveLog(journal, storage!)
    if (!this.closed) this.network?.start()
    this.tell()
  }

  /** Gives a repository that is open already its log. Until there is one it goes on in memory. */
  private async giveLog(journal: Journal, storage: Storage): Promise<void> {
    try {
      await (await this.becomeFollower()).takeLog(journal, storage)
    } catch (error) {
      if (this.closed) return
      journal.storage.fail(error)
      this.options.surroundings.scheduler.after(RETRY_MS, () => void this.giveLog(journal, storage))
    }
  }

  /** Another tab owns storage and network: this replica talks to it. `lost`: it is there, but there is no line to it. */
  async follow(transport: Transport, ready: Ready, lost: () => void = ignore): Promise<void> {
    this.following = true
    this.onChange.emit()
    const again = (): void => {
      this.options.surroundings.scheduler.after(ASK_MS, () => {
        if (this.follows && !this.follower?.link) lost()
      })
    }
    let ended = false
    transport.onClose(() => (ended = true))
    const follower = await this.becomeFollower().catch(() => undefined)
    if (follower && this.follows && !ended) follower.follow(transport, ready, again)
    else {
      transport.close('not loaded')
      again()
    }
  }

  private async becomeFollower(): Promise<Follower> {
    // At once, because what a hand-over needs must be here by then.
    const [{ Follower }, seldom] = await Promise.all([loadSeldomOfStore(), loadSeldomOfRepository()])
    return (this.follower ??= new Follower(this, seldom))
  }

  /** Another tab wants to talk to this one, which leads. `open` opens what it asks for. */
  serveTab(transport: Transport, open: (path: RepositoryPath) => Promise<Journal>): void {
    const { sessions, session } = this.options
    const link: Link = this.addLink({
      role: 'acceptor',
      transport,
      trusted: true,
      welcome: async () => ({ certificate: sessions.get(session)?.certificate ?? undefined }),
      open: async (path) => {
        const journal = await open(path)
        return { journal, further: () => this.descents.of(journal) }
      },
      offersFrom: this.options.tabsBeginFrom ?? TABS_BEGIN_FROM,
      acknowledges: (journal) => (journal.options.authority === 'remote' ? 'accepted' : 'stored'),
      closed: () => this.forget(link),
    })
    this.tell()
  }

  addLink(options: LinkOptions): Link {
    const link = createLink(this.options, options)
    this.tabLinks.add(link)
    for (const { journal } of this.opened.values()) link.carry(journal)
    return link
  }

  /** A link to another tab has ended. */
  forget(link: Link): void {
    void link.idle().then(() => {
      this.tabLinks.delete(link)
      this.onChange.emit()
    })
  }

  /** Resolves when what other tabs have sent so far was worked on. */
  async idle(): Promise<void> {
    await Promise.all([...this.tabLinks].map((link) => link.idle()))
  }

  /** Another tab said something. */
  hear(word: TabWord): void {
    if (word.word === 'stored') {
      this.opened.get(word.path)?.journal.storage.forget(word.ids)
      return
    }
    if (word.word === 'kept') {
      const journal = this.opened.get(word.path)?.journal
      const ids = journal?.storage.log ? word.ids.filter((id) => journal.storage.isDurable(id)) : []
      if (ids.length > 0) this.options.say?.({ word: 'stored', path: word.path, ids })
      return
    }
    if (!this.following) return
    this.reported = word
    this.offset.ms = word.offset
    for (const [path, opened] of this.opened) {
      opened.complete = word.complete.includes(path)
      if (opened.complete) opened.everSynced = true
    }
    this.onChange.emit()
  }

  // ── the network ───────────────────────────────────────────────────────────────────────────────────────────────────

  setOffline(offline: boolean): void {
    this.network?.setOffline(offline)
  }

  /** The platform says that the network is back. */
  hurry(): void {
    if (!this.following) this.network?.hurry()
  }

  private serveNetwork(transport: Transport, server: ServerOptions): void {
    const { sessions, session, key, keep, surroundings } = this.options
    const link: Link = createLink(this.options, {
      role: 'initiator',
      begins: true,
      transport,
      trusted: false,
      token: () => server.token(),
      certificate: () => sessions.get(session)?.certificate ?? undefined,
      welcomed: ({ authority, certificate, time }) => {
        if (authority && !sessions.authorityKey) sessions.pinAuthority(authority)
        if (certificate) {
          sessions.trust(key.publicKey, certificate)
          if (authority) keep?.certificate(certificate, authority)
        }
        this.offset.begin(time, surroundings.clock.now())
        this.refusal = undefined
        this.network!.established()
      },
      refused: (error) => this.refuse(error),
      refusedRepository: (path, error) => this.refuseRepository(path, error),
      report: (error) => {
        if (error.code === 'sign-in') this.refuse(error)
      },
      synced: (path) => {
        const opened = this.opened.get(path)
        if (!opened) return
        opened.complete = true
        opened.refusal = undefined
        if (!opened.everSynced) keep?.wasSynced(path)
        opened.everSynced = true
        const { journal } = opened
        const remake = async (): Promise<void> => (await loadSeldomOfRepository()).remakeStranded(journal)
        // What could not be loaded is, at the next connection.
        if (journal.stranded.size > 0) remake().catch(ignore)
        this.descents.resume(journal)
        // Only now: what this device sent before it forgot is here again.
        this.correct()
        this.tell()
      },
      timed: (time) => {
        if (this.offset.hear(time, surroundings.clock.now())) this.tell()
        this.correct()
      },
      distrusted: (path, error) => this.distrust(path, error),
      resume: (path) => keep?.resume.get(path),
      resumable: (path, frontier) => keep?.resumable(path, frontier),
      closed: () => {
        if (this.serverLink === link) this.serverLink = undefined
        for (const opened of this.opened.values()) opened.complete = false
        this.tell()
      },
    })
    this.serverLink = link
    for (const { journal } of this.opened.values()) if (journal.options.authority === 'remote') link.carry(journal)
  }

  /** Somebody gave what does not hold, or lacks what is below: the app should know. Undefined: what was lacking is there. */
  distrust(path: RepositoryPath, error: IbexError | undefined): void {
    const opened = this.opened.get(path)
    if (!opened || (!error && opened.distrusted?.code !== 'history-missing')) return
    if (error && !opened.distrusted) console.error(`Ibex: ${path}: ${error.message}`, error)
    opened.distrusted = error
    this.onChange.emit()
  }

  refuseRepository(path: RepositoryPath, error: IbexError): void {
    const opened = this.opened.get(path)
    if (opened) opened.refusal = error
    this.onChange.emit()
  }

  /** The time is known at this moment: what was dated by a clock that was ahead is dated anew. */
  private correct(): void {
    const now = this.options.surroundings.clock.now()
    // By a clock that was set back, what the server has taken would seem to be of the future.
    if (this.following || !this.offset.holds(now)) return
    const due = now + this.offset.ms + FAR_AHEAD_MS
    for (const { journal } of this.opened.values()) {
      if (journal.options.authority !== 'remote' || journal.graph.maxTime().ms <= due) continue
      // What could not be loaded is, when the server says again what time it is.
      loadSeldomOfRepository()
        .then(({ redate }) => journal.exclusive(() => redate(journal)))
        .catch(ignore)
    }
  }

  /** The server, or a tab that speaks for it, refuses this session. */
  refuse(error: IbexError): void {
    this.refusal = error
    this.network?.refused()
    this.onChange.emit()
  }

  isComplete(path: RepositoryPath): boolean {
    return this.reported?.complete.includes(path) ?? false
  }

  changed(): void {
    this.onChange.emit()
  }

  /** Tells this tab and the others how things stand. */
  private tell(): void {
    this.onChange.emit()
    if (this.following) return
    const complete = [...this.opened].filter(([, { complete: whole }]) => whole).map(([path]) => path)
    const history = [...this.opened].map(([path, opened]) => [path, opened.history()] as const)
    this.options.say?.({ word: 'news', connection: this.connection, complete, history, offset: this.offset.ms })
  }

  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Stops talking and storing; what was captured is stored first. The storage stays open: it may be destroyed now. */
  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    this.checkpoints.stop()
    for (const { journal } of this.opened.values()) {
      this.descents.stop(journal)
      await journal.flush().catch(() => {})
    }
    this.network?.close()
    for (const link of this.tabLinks) link.close('closed')
    for (const { journal } of this.opened.values()) await journal.close()
  }
}
