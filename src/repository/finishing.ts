/**
 * Finishes what pages that are gone could not (I-3). Loaded when one left something: until then it lies in `localStorage`,
 * where the next start finds it too.
 */
import type { CommitId, Lane, RepositoryPath, SessionId } from '../ids.js'
import type { CryptoPort } from '../crypto/port.js'
import type { Commit } from '../graph/commit.js'
import type { Journal } from './journal.js'
import { remakeStranded, strand } from './mending.js'
import { type LeftFlush, readLeft } from './left-flush.js'
import { rewriteWhenSigned, type TextStorage } from './leaving.js'
import { type LocksLike, pageLock } from './page-lock.js'

/** Milliseconds within which other tabs bring what they have. */
const PATIENCE_MS = 5000

export interface FinisherOptions {
  readonly replica: {
    readonly options: { readonly crypto: CryptoPort }
    /** `complete`: the server has sent all it has. */
    get(path: RepositoryPath): { readonly journal: Journal; readonly complete: boolean } | undefined
    /** Resolves when what other tabs have sent so far was worked on. */
    idle(): Promise<void>
  }
  readonly texts: TextStorage
  readonly locks: LocksLike | undefined
  /** See `admission.ts`. */
  admit(
    journal: Journal,
    commits: readonly Commit[],
    source: { readonly trusted: true; readonly session: SessionId },
  ): Promise<{ readonly admitted: readonly CommitId[]; readonly stored: Promise<void> }>
  /** Whether this page has nothing more to do with it. */
  isOver(): boolean
}

/** Identity: one for each call of a page. */
export class Finisher {
  private readonly options: FinisherOptions

  constructor(options: FinisherOptions) {
    this.options = options
  }

  /** What a page left that is only hidden follows when that is gone. */
  async collect(keys: readonly string[], journal: Journal): Promise<void> {
    // It may descend from what another page left: what has no past yet is looked at again after the others.
    let open = keys
    let last = false
    while (open.length > 0) {
      const early: string[] = []
      const behind = new Set<Lane>()
      for (const key of open) {
        const left = this.read(key)
        if (!left) continue
        let isDone = !behind.has(left.lane)
        const finish = async (): Promise<void> => void (isDone &&= await this.finishAlone(key, journal, last))
        if (!(await this.whenGone(left.lane, { ifAvailable: true }, finish))) this.hear(key)
        else if (!isDone) {
          early.push(key)
          behind.add(left.lane)
        }
      }
      last = early.length === open.length
      open = early
    }
  }

  /** A page that goes has left this. */
  hear(key: string): void {
    const left = this.read(key)
    if (!left) return
    const { replica } = this.options
    void this.whenGone(left.lane, {}, async () => {
      // What it had sent before may still be on its way in.
      await replica.idle()
      const journal = replica.get(left.repository)?.journal
      if (journal) await this.finishAlone(key, journal, true)
    })
  }

  private read(key: string): LeftFlush | undefined {
    const { texts, replica } = this.options
    return readLeft(texts, key, replica.options.crypto.sha256)
  }

  /** Answers false where the page of a lane is not gone, and this is not to wait for that. */
  private async whenGone(
    lane: Lane,
    how: { ifAvailable?: boolean },
    work: () => void | Promise<void>,
  ): Promise<boolean> {
    const { locks, isOver } = this.options
    let gone = true
    const held = async (lock: unknown): Promise<void> => {
      gone = lock !== null
      if (gone && !isOver()) await work()
    }
    await (locks ? locks.request(pageLock(lane), how, held) : held(true))
    return gone
  }

  /** Behind all admissions under way. */
  private finishAlone(key: string, journal: Journal, strands: boolean): Promise<boolean> {
    return journal.exclusive(() => this.finish(key, journal, strands))
  }

  /** `strands`: what has no past is shown without; else it answers false, and nothing is done. */
  private async finish(key: string, journal: Journal, strands: boolean): Promise<boolean> {
    const { texts, admit } = this.options
    const left = this.read(key)
    if (!left) return true
    const { storage, verdicts, stranded } = journal
    const again = (): void => void this.finishAlone(key, journal, true)
    if (!storage.log) {
      // The disk was full when this tab took over.
      once(journal, () => storage.log !== undefined, again)
      return true
    }
    const remove = (): void => texts.removeItem(key)
    const { repository, lane, commit } = left
    const earlier = shownOf(stranded, (flush) => flush < left.flush, left)
    if (left.chunks.length === 0) remove()
    // It is here, but perhaps not in the log.
    else if (isHere(journal, left)) storage.settled().then(remove, () => {})
    else if (commit && journal.options.authority === 'remote' && !journal.hasParents(commit)) {
      if (!strands) return false
      // Two pages may have left commits of the same flush.
      const twin = shownOf(stranded, (flush) => flush === left.flush, left)
      if (!twin) strand(journal, commit)
      // It stands once what is missing has come, or it was committed anew: then it is seen to be here.
      once(journal, () => !stranded.has(twin ?? commit.id), again)
      const settle = (): void => {
        if (stranded.has(commit.id) && this.options.replica.get(repository)?.complete) remakeStranded(journal, [commit])
      }
      // What is missing may yet come from another tab, and from the server until it has sent all; but not what gave way here.
      if (commit.header.parents.some((parent) => journal.gaveWay.has(parent))) settle()
      else journal.repository.surroundings.scheduler.after(PATIENCE_MS, settle)
    } else if (earlier) {
      // It would be a sign that those before it are here.
      if (!strands) return false
      once(journal, () => !stranded.has(earlier), again)
    } else if (!commit || !journal.hasParents(commit)) {
      const window = journal.recommit(left)
      rewriteWhenSigned(texts, key, { repository, lane, window })
      window.wait('local').then(remove, () => {})
    } else {
      const { session } = commit.header
      const { admitted, stored } = await admit(journal, [commit], { trusted: true, session })
      if (admitted.length > 0 && journal.fates.of(commit.id) === 'provisional')
        verdicts.own.set(commit.id, { actions: commit.actions.length })
      void stored.then(() => storage.isDurable(commit.id) && remove())
    }
    return true
  }
}

/** A later flush of a lane says that the earlier ones are here, unless the log has holes. */
function isHere(journal: Journal, left: LeftFlush): boolean {
  const { commit } = left
  if (journal.flushes.commitOf(left) !== undefined) return true
  if (commit && journal.graph.has(commit.id)) return true
  return journal.stranded.size === 0 && !journal.flushes.holed.has(left.lane) && journal.flushes.has(left)
}

/** A commit that is shown without its past, of the same page and such a flush. */
function shownOf(
  stranded: Journal['stranded'],
  is: (flush: number) => boolean,
  { lane }: LeftFlush,
): CommitId | undefined {
  for (const [id, { header }] of stranded) if (header.lane === lane && is(header.flush)) return id
  return undefined
}

/** Does something when that is so, which is looked at whenever something has changed. */
function once({ onProgress, storage }: Journal, isSo: () => boolean, then: () => void): void {
  const look = (): void => {
    if (!isSo()) return
    for (const stop of stops) stop()
    then()
  }
  const stops = [onProgress.subscribe(look), storage.onStored.subscribe(look)]
}
