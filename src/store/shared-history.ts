/** What all who look at one repository's history hold together: built when the first looks, let go after the last. */
import { IbexError } from '../errors.js'
import type { TimerHandle } from '../ports.js'
import { HistoryKeeper } from '../repository/history-keeper.js'
import type { Journal } from '../repository/journal.js'
import type { History } from './history-face.js'
import { createHistory, type Wait } from './history.js'
import type { RecordOptions, RecordRange } from './record-face.js'
import { record } from './record.js'
import type { Opened } from './replica-options.js'

/** After the last holder has let go, in milliseconds, until what was built is let go too. */
const LINGER_MS = 5000

/** Identity: one for each open repository. */
export class SharedHistory {
  private readonly journal: Journal
  private readonly wait: Wait
  private readonly descent: Opened['descent']
  private keeper: Promise<HistoryKeeper> | undefined
  private built: HistoryKeeper | undefined
  /** Another has taken its place. */
  isOver = false
  /** Whether what is built does not begin with the first commit. */
  private isPartial = false
  private holders = 0
  private timer: TimerHandle | undefined

  constructor({ journal, descent }: Pick<Opened, 'journal' | 'descent'>, wait: Wait) {
    this.journal = journal
    this.descent = descent
    this.wait = wait
  }

  /** Another holder's hold. Throws `history-missing`. */
  async open(): Promise<History> {
    const { scheduler } = this.journal.repository.surroundings
    if (this.timer) scheduler.cancel(this.timer)
    this.timer = undefined
    // What was built without a past that has come since is built anew.
    if (this.holders === 0 && this.isPartial && !this.journal.boundary) this.close()
    this.holders++
    // What it lacks may be here by now.
    if (this.built?.hasEnded) this.keeper = undefined
    this.keeper ??= this.build()
    const { keeper } = this
    try {
      const built = (this.built = await keeper)
      await built.settled()
      built.require()
      return createHistory({ keeper: built, wait: this.wait, closed: () => this.release() })
    } catch (error) {
      if (this.keeper === keeper) this.keeper = undefined
      this.release()
      throw error
    }
  }

  private async build(): Promise<HistoryKeeper> {
    await this.fetchPast()
    this.isPartial = this.journal.base !== undefined
    return HistoryKeeper.open(this.journal)
  }

  /** What is below comes now, if it can be had; otherwise history begins where this replica did. */
  private async fetchPast(): Promise<void> {
    const { journal } = this
    if (!journal.boundary) return
    const descent = await this.descent()
    try {
      await descent.complete()
    } catch (cause) {
      journal.base = await descent.base()
      if (journal.boundary && !journal.base) {
        const why = 'What came before is not on this device, and nobody who has it can be reached. Look again later.'
        throw new IbexError('history-missing', why, { cause })
      }
    }
  }

  /** See `Store.record`. */
  async record(range: RecordRange = {}, options: RecordOptions = {}): Promise<Uint8Array> {
    const history = await this.open()
    try {
      return await record(await this.keeper!, history, range, options)
    } finally {
      history.close()
    }
  }

  /** The repository is closed, or, with `anew`, another takes its place: then the holders are told. */
  close(anew = false): void {
    if (anew) this.isOver = true
    void this.keeper?.then(
      (keeper) => {
        keeper.close()
        if (anew) keeper.onChange.emit()
      },
      () => {},
    )
    this.keeper = undefined
  }

  private release(): void {
    if (--this.holders > 0 || !this.keeper) return
    this.timer = this.journal.repository.surroundings.scheduler.after(LINGER_MS, () => this.close())
  }
}
