/**
 * What a tab does where another one owns storage and network: it reaches both through that, keeps what it wrote until that
 * has stored it, and takes the log over when that goes. Loaded where there is another.
 */
import type { IbexError } from '../errors.js'
import type { CommitId, RepositoryPath } from '../ids.js'
import type { Journal } from '../repository/journal.js'
import type { Seldom } from '../repository/seldom.js'
import type { Storage } from '../storage/port.js'
import type { Transport } from '../transport/port.js'
import type { Link } from './link.js'
import type { LinkOptions } from './link-options.js'
import type { Opened, Ready, ReplicaOptions } from './replica-options.js'

/** Milliseconds after which a tab asks for what it was not told. */
const ASK_MS = 1000

/** The replica, as its follower sees it. */
export interface FollowingNode {
  readonly options: ReplicaOptions
  readonly follows: boolean
  get(path: RepositoryPath): Opened | undefined
  /** Whether the leading tab has all that the server has of a repository. */
  isComplete(path: RepositoryPath): boolean
  refuse(error: IbexError): void
  refuseRepository(path: RepositoryPath, error: IbexError): void
  distrust(path: RepositoryPath, error: IbexError | undefined): void
  /** Begins to talk to a replica of this device about all that is open. */
  addLink(options: LinkOptions): Link
  /** The link has ended. */
  forget(link: Link): void
  changed(): void
}

/** Identity: one for each replica that has followed another. */
export class Follower {
  private readonly node: FollowingNode
  private readonly seldom: Seldom
  private readonly asking = new Set<RepositoryPath>()
  /** What attempts to take a log over, that failed in the end, found to be folded already. */
  private readonly passed = new Map<RepositoryPath, Set<CommitId>>()
  /** The line to the tab that leads, while there is one. */
  link: Link | undefined

  constructor(node: FollowingNode, seldom: Seldom) {
    this.node = node
    this.seldom = seldom
  }

  /** Talks to the tab that leads. `broken`: the line to it broke. */
  follow(transport: Transport, ready: Ready, broken: () => void): void {
    const tell: Ready = (path, error) => {
      ready(path, error)
      const journal = this.node.get(path)?.journal
      if (journal && !error) this.askLater(journal)
    }
    const lost = (): void => {
      if (this.link !== link) return
      this.link = undefined
      broken()
    }
    const link = callTab(this.node, transport, { begins: true, ready: tell, broken: lost })
    this.link = link
  }

  /** This tab leads from now on. */
  leave(): void {
    const { link } = this
    this.link = undefined
    link?.close('this tab leads')
  }

  /** What was stored before this tab had it, or by a tab that is gone, nobody tells it unasked. */
  askLater({ repository, storage }: Journal): void {
    const { node, asking } = this
    const { path } = repository
    if (asking.has(path)) return
    asking.add(path)
    node.options.surroundings.scheduler.after(ASK_MS, () => {
      asking.delete(path)
      const ids = storage.kept
      if (node.follows && ids.length > 0) node.options.say?.({ word: 'kept', path, ids })
    })
  }

  /** Gives a repository that is open already its log. */
  async takeLog(journal: Journal, storage: Storage): Promise<void> {
    const { path } = journal.repository
    const opened = this.node.get(path)
    const before = this.passed.get(path)
    // What the tab that led had of the server's was said of that one.
    if (opened && !before) opened.complete = false
    const passed = before ?? new Set()
    this.passed.set(path, passed)
    await this.seldom.mergeLog(journal, await storage.openLog(path), passed)
    this.passed.delete(path)
    // By now the server may have sent all it has, and says so once.
    if (opened?.complete && journal.stranded.size > 0) this.seldom.remakeStranded(journal)
    if (journal.storage.error) journal.storage.recover()
  }
}

export interface CallOptions {
  /** What holds nothing begins from a keyframe of the other. */
  readonly begins?: boolean
  readonly ready?: Ready
  readonly broken?: () => void
}

/** Calls another replica of this device: the tab that leads, or one that is nobody's leader, and then both keep what they have. */
export function callTab(
  node: FollowingNode,
  transport: Transport,
  { begins = false, ready = () => {}, broken = () => {} }: CallOptions = {},
): Link {
  const { sessions, key } = node.options
  const link: Link = node.addLink({
    role: 'initiator',
    begins,
    transport,
    trusted: true,
    token: async () => undefined,
    certificate: () => undefined,
    welcomed: ({ authority, certificate }) => {
      if (authority && !sessions.authorityKey) sessions.pinAuthority(authority)
      if (certificate) sessions.trust(key.publicKey, certificate)
    },
    refused: (error) => node.refuse(error),
    refusedRepository: (path, error) => {
      node.refuseRepository(path, error)
      ready(path, error)
    },
    synced: (path) => {
      const opened = node.get(path)
      if (opened) opened.complete = node.isComplete(path)
      ready(path)
      node.changed()
    },
    timed: () => {},
    distrusted: (path, error) => node.distrust(path, error),
    resume: () => undefined,
    resumable: () => {},
    closed: () => {
      node.forget(link)
      broken()
    },
  })
  return link
}
