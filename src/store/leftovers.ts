/** Keeps what a page could not finish, and has finished what pages before it could not (I-3). */
import { admit } from '../repository/admission.js'
import { loadSeldomOfRepository } from '../repository/on-demand.js'
import type { Journal } from '../repository/journal.js'
import type { Finisher } from '../repository/finishing.js'
import { forgetLeft, leave, leftKey, leftKeys, readKey, rewriteWhenSigned } from '../repository/leaving.js'
import type { StorePorts } from './ports.js'
import type { Replica } from './replica.js'
import { pageLock } from '../repository/page-lock.js'

/** So many windows are still made commits: more would hold up the page's going. */
const MOST = 16
/** And so many characters are written down, of what is not durable. A window holds about 32,000, most hold 200. */
const MOST_TEXT = 512 * 1024
/** Milliseconds after which it is tried again to load what finishes them. */
const RETRY_MS = 5000

/** Identity: one for each engine. */
export class Leftovers {
  private readonly folder: string
  private readonly replica: Replica
  private readonly ports: Pick<StorePorts, 'leftovers' | 'locks'>
  private release: (() => void) | undefined
  private closed = false

  constructor(folder: string, replica: Replica, ports: Pick<StorePorts, 'leftovers' | 'locks'>) {
    this.folder = folder
    this.replica = replica
    this.ports = ports
    // As long as it is held, what this page left is its own to finish.
    void ports.locks?.request(pageLock(replica.options.lane), {}, async () => {
      if (!this.closed) await new Promise<void>((resolve) => (this.release = resolve))
    })
  }

  /** Writes down, in this task, what is not durable yet; answers the keys. */
  leave(): string[] {
    const { leftovers: texts } = this.ports
    const keys: string[] = []
    let room = MOST_TEXT
    for (const { journal, repository } of this.replica.all()) {
      journal.capture(MOST)
      if (!texts) continue
      // The oldest: whoever finishes them takes the newest for a sign that those before it are there.
      for (const window of journal.unstored) {
        const left = { repository: repository.path, lane: journal.options.lane, window }
        const key = leftKey(this.folder, left)
        const length = room > 0 && leave(texts, key, left)
        if (!length) break
        keys.push(key)
        room -= length
        rewriteWhenSigned(texts, key, left)
        window.wait('local').then(
          () => texts.removeItem(key),
          () => {},
        )
      }
    }
    return keys
  }

  /** Makes commits of what pages left for a repository, and is not in its log. */
  async collect(journal: Journal): Promise<void> {
    const { leftovers: texts } = this.ports
    if (!texts) return
    const { path } = journal.repository
    const keys = leftKeys(texts, this.folder).filter((key) => readKey(key).repository === path && !this.isOwn(key))
    if (keys.length > 0) await this.finish((finisher) => finisher.collect(keys, journal))
  }

  /** A page that goes says what it left. */
  hear(key: string): void {
    if (!this.isOwn(key)) void this.finish((finisher) => finisher.hear(key))
  }

  /** The page of a lane is gone, perhaps without a word of what it left. */
  gone(lane: string): void {
    const { leftovers: texts } = this.ports
    if (texts) for (const key of leftKeys(texts, this.folder)) if (readKey(key).lane === lane) this.hear(key)
  }

  /** This page has nothing more to do with what it left. `destroy`: nobody has. */
  close(destroy: boolean): void {
    this.closed = true
    if (destroy) forgetLeft(this.ports.leftovers, this.folder)
    this.release?.()
  }

  private isOwn(key: string): boolean {
    return readKey(key).lane === this.replica.options.lane
  }

  /** What cannot be loaded now is later, here or by whoever starts next: what was left stays where it is until then. */
  private async finish(work: (finisher: Finisher) => void | Promise<void>): Promise<void> {
    const { replica, ports } = this
    if (!ports.leftovers || this.closed) return
    const seldom = await loadSeldomOfRepository().catch(() => undefined)
    if (seldom) {
      const { leftovers: texts, locks } = ports
      await work(new seldom.Finisher({ replica, texts, locks, admit, isOver: () => this.closed }))
    } else replica.options.surroundings.scheduler.after(RETRY_MS, () => void this.finish(work))
  }
}
