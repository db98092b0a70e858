/** Keeps what a page could not finish, and finishes what pages before it could not (I-3). */
import type { Journal } from '../repository/journal.js'
import { encodeLeft, leave, leftKey, leftKeys, readLeft, type TextStorage } from './leaving.js'
import type { Replica } from './replica.js'

/** So many windows are still small: more would hold up the page's going. A window holds about 32 kB. */
const MOST = 16
/** Milliseconds in which what a tab sent before it went is taken in. */
const GRACE = 500

/** Identity: one for each engine. */
export class Leftovers {
  private readonly folder: string
  private readonly replica: Replica
  private readonly texts: TextStorage | undefined

  constructor(folder: string, replica: Replica, texts: TextStorage | undefined) {
    this.folder = folder
    this.replica = replica
    this.texts = texts
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
        window.wait('local').then(
          () => texts.removeItem(key),
          () => {},
        )
      }
    }
    return keys
  }

  /** Makes commits of what was left for a repository, and is not in its log. */
  collect(journal: Journal): void {
    if (!this.texts) return
    for (const key of leftKeys(this.texts, this.folder)) this.finish(key, journal)
  }

  /** A tab that went says what it left. What it had sent before may still be on its way in. */
  hear(key: string): void {
    const { replica } = this
    replica.options.surroundings.scheduler.after(GRACE, () => {
      for (const { journal } of replica.all()) void journal.exclusive(async () => this.finish(key, journal))
    })
  }

  private finish(key: string, journal: Journal): void {
    const { texts } = this
    const left = texts && readLeft(texts, key)
    if (!left || !journal.log || left.repository !== journal.repository.path) return
    if (left.lane === journal.options.lane) return
    if (left.chunks.length === 0 || journal.hasFlush(left.lane, left.flush)) {
      texts.removeItem(key)
      return
    }
    const window = journal.repository.adoptWindow(left.flush, left.actions, left.chunks)
    journal.recommit(window, left.lane)
    window.wait('local').then(
      () => texts.removeItem(key),
      () => {},
    )
  }
}
