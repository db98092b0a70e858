/** What the app did that is in no commit yet, or in one that history has not read yet, as if it were commits already. */
import type { PastCommit } from '../history/deed.js'
import type { Ledger } from '../history/ledger.js'
import type { CommitId } from '../ids.js'
import type { Journal } from './journal.js'
import { flatten, timed } from './window-commit.js'
import type { FlushWindow } from './window.js'

/** Identity: one for each history. */
export class HistoryTail {
  private readonly journal: Journal
  private readonly ledger: Ledger
  /** Windows that are commits, and not in the ledger yet. */
  private readonly bridged = new Map<CommitId, FlushWindow>()
  private mark = ''
  private last: readonly PastCommit[] = []

  constructor(journal: Journal, ledger: Ledger) {
    this.journal = journal
    this.ledger = ledger
  }

  /** Commits came: of those that this process wrote the windows stand for them until they have been read. */
  bridge(ids: readonly CommitId[]): void {
    for (const id of ids) {
      const window = this.journal.verdicts.own.get(id)?.window
      if (window && !window.isEmpty) this.bridged.set(id, window)
    }
  }

  /** Commits were taken out again. */
  forget(ids: readonly CommitId[]): void {
    for (const id of ids) this.bridged.delete(id)
  }

  /** Oldest first; the same list as long as nothing was done. */
  commits(): readonly PastCommit[] {
    const { repository, queued } = this.journal
    // Asked for every action that somebody looks at, and mostly there is nothing.
    const waits = this.bridged.size > 0 || queued.length > 0 || repository.waiting.length > 0
    if (!waits && this.last.length === 0) return this.last
    for (const id of this.bridged.keys()) if (this.ledger.get(id)) this.bridged.delete(id)
    const windows = [...this.bridged.values(), ...queued, ...repository.waiting].filter(({ isEmpty }) => !isEmpty)
    const { version } = this.ledger
    const mark = [version, ...windows.map(({ flush, bytes, actions, id }) => [flush, bytes, actions.length, id])].join()
    if (mark === this.mark) return this.last
    this.mark = mark
    let start = this.ledger.length
    const commits = windows.map((window, i) => {
      const commit = this.commitOf(window, this.ledger.commits.length + i, start)
      start += commit.actions.length
      return commit
    })
    if (commits.length > 0 || this.last.length > 0) this.last = commits
    return this.last
  }

  private commitOf(window: FlushWindow, index: number, start: number): PastCommit {
    const { actions, renumber } = flatten(window.actions)
    const commit: PastCommit & { deeds: PastCommit['deeds'] } = {
      origin: window.pending.origin,
      kind: 'change',
      size: 0,
      parents: [],
      lane: this.journal.options.lane,
      flush: window.flush,
      actions: timed(actions),
      deeds: [],
      standing: (window.id && this.journal.fates.of(window.id)) ?? 'pending',
      index,
      start,
    }
    commit.deeds = this.ledger.deedsOf(commit, window.chunks().map(renumber))
    return commit
  }
}
