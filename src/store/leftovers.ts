/** Keeps what a page could not finish, and finishes what pages before it could not (I-3). */
import type { Commit } from '../graph/commit.js'
import type { Lane, RepositoryPath } from '../ids.js'
import { admit } from '../repository/admission.js'
import type { Journal } from '../repository/journal.js'
import type { FlushWindow } from '../repository/window.js'
import { strand } from '../repository/stranded.js'
import { encodeLeft, leave, type LeftFlush, leftKey, leftKeys, readLeft, type TextStorage } from './leaving.js'
import type { StorePorts } from './ports.js'
import type { Replica } from './replica.js'
import { type LocksLike, pageLock } from './tabs.js'

/** So many windows are still small: more would hold up the page's going. A window holds about 32 kB. */
const MOST = 16

/** Identity: one for each engine. */
export class Leftovers {
  private readonly folder: string
  private readonly replica: Replica
  private readonly texts: TextStorage | undefined
  private readonly locks: LocksLike | undefined
  private release: (() => void) | undefined
  private closed = false

  constructor(folder: string, replica: Replica, { leftovers, locks }: Pick<StorePorts, 'leftovers' | 'locks'>) {
    this.folder = folder
    this.replica = replica
    this.texts = leftovers
    this.locks = locks
    // As long as it is held, what this page left is its own to finish.
    void locks?.request(pageLock(replica.options.lane), {}, async () => {
      if (!this.closed) await new Promise<void>((resolve) => (this.release = resolve))
    })
  }

  /** Writes down, in this task, what is not durable yet; answers the keys. */
  leave(): string[] {
    const { texts } = this
    const keys: string[] = []
    for (const { journal, repository } of this.replica.all()) {
      journal.capture(MOST)
      if (!texts) continue
      // The oldest: whoever finishes them takes the newest for a sign that those before it are there.
      for (const window of journal.unstored.slice(0, MOST)) {
        const { lane } = journal.options
        const key = leftKey(this.folder, { repository: repository.path, lane, flush: window.flush })
        if (!leave(texts, key, encodeLeft(repository.path, lane, window))) break
        keys.push(key)
        this.rewrite(key, repository.path, lane, window)
        window.wait('local').then(
          () => texts.removeItem(key),
          () => {},
        )
      }
    }
    return keys
  }

  /**
   * Makes commits of what was left for a repository, and is not in its log. What a page left that is only hidden follows
   * when that is gone.
   */
  async collect(journal: Journal): Promise<void> {
    const { texts, folder } = this
    if (!texts) return
    for (const key of leftKeys(texts, folder)) {
      const left = this.read(key)
      if (!left || left.repository !== journal.repository.path || left.lane === journal.options.lane) continue
      if (!(await this.whenGone(left.lane, { ifAvailable: true }, () => this.finishAlone(key, journal)))) this.hear(key)
    }
  }

  /** A page that goes says what it left. */
  hear(key: string): void {
    const left = this.read(key)
    if (!left || left.lane === this.replica.options.lane) return
    void this.whenGone(left.lane, {}, async () => {
      // What it had sent before may still be on its way in.
      await this.replica.idle()
      const journal = this.replica.get(left.repository)?.journal
      if (journal) await this.finishAlone(key, journal)
    })
  }

  private read(key: string): LeftFlush | undefined {
    return this.texts && readLeft(this.texts, key, this.replica.options.crypto.sha256)
  }

  /** This page has nothing more to do with what it left. `destroy`: nobody has. */
  close(destroy: boolean): void {
    this.closed = true
    if (destroy) forgetLeft(this.texts, this.folder)
    this.release?.()
  }

  /** Answers false where the page of a lane is not gone, and this is not to wait for that. */
  private async whenGone(
    lane: Lane,
    how: { ifAvailable?: boolean },
    work: () => void | Promise<void>,
  ): Promise<boolean> {
    let gone = true
    const held = async (lock: unknown): Promise<void> => {
      gone = lock !== null
      if (gone && !this.closed) await work()
    }
    await (this.locks ? this.locks.request(pageLock(lane), how, held) : held(true))
    return gone
  }

  /** Behind all admissions under way. */
  private finishAlone(key: string, journal: Journal): Promise<void> {
    return journal.exclusive(async () => this.finish(key, journal))
  }

  /** What is written down must be what is sent: whoever finds it then must not make another commit of it. */
  private rewrite(key: string, path: RepositoryPath, lane: Lane, window: FlushWindow): void {
    const { texts } = this
    window.onSigned = () => {
      if (texts && texts.getItem(key) !== null) leave(texts, key, encodeLeft(path, lane, window))
    }
  }

  private async finish(key: string, journal: Journal): Promise<void> {
    const { texts } = this
    const left = this.read(key)
    if (!texts || !left) return
    if (!journal.storage.log) {
      // The disk was full when this tab took over.
      const stop = journal.onProgress.subscribe(() => {
        if (!journal.storage.log) return
        stop()
        void this.finishAlone(key, journal)
      })
      return
    }
    const remove = (): void => texts.removeItem(key)
    const { commit } = left
    if (left.chunks.length === 0) remove()
    // It is here, but perhaps not in the log.
    else if (isHere(journal, left)) journal.storage.settled().then(remove, () => {})
    else if (!commit || (journal.options.authority !== 'remote' && !hasParents(journal, commit))) {
      const window = journal.repository.adoptWindow(left.flush, left.actions, left.chunks)
      journal.recommit(window, left.lane)
      this.rewrite(key, left.repository, left.lane, window)
      window.wait('local').then(remove, () => {})
    } else if (hasParents(journal, commit)) {
      const { session } = commit.header
      const { admitted, stored } = await admit(journal, [commit], { trusted: true, session })
      if (admitted.length > 0 && journal.fates.of(commit.id) === 'provisional')
        journal.verdicts.own.set(commit.id, { actions: commit.actions.length })
      void stored.then(() => journal.storage.isDurable(commit.id) && remove())
    } else {
      strand(journal, commit)
      const stop = journal.storage.onStored.subscribe(() => {
        if (journal.stranded.has(commit.id)) return
        stop()
        remove()
      })
    }
  }
}

/** Nobody finishes what pages of a folder left. */
export function forgetLeft(texts: TextStorage | undefined, folder: string): void {
  if (texts) for (const key of leftKeys(texts, folder)) texts.removeItem(key)
}

/** A later flush of a lane says that the earlier ones are here, unless the log has holes. */
function isHere(journal: Journal, { lane, flush, commit }: LeftFlush): boolean {
  if (journal.flushes.commitOf({ lane, flush }) !== undefined) return true
  if (commit && (journal.graph.has(commit.id) || journal.stranded.has(commit.id))) return true
  return journal.stranded.size === 0 && journal.flushes.has({ lane, flush })
}

function hasParents({ graph }: Journal, { header }: Commit): boolean {
  return header.parents.every((parent) => graph.has(parent))
}
