/** What all who look at one repository's history hold together: built when the first looks, let go after the last. */
import { IbexError } from '../../errors.js'
import type { TimerHandle } from '../../ports.js'
import { type Below, HistoryKeeper } from '../../repository/history-keeper.js'
import type { Journal } from '../../repository/journal.js'
import type { History } from './face.js'
import { createHistory, type Wait } from './history.js'
import type { RecordOptions, RecordRange } from '../record-face.js'
import { record } from '../record.js'
import type { Opened } from '../replica-options.js'

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
  private holders = 0
  private timer: TimerHandle | undefined

  constructor({ journal, descent }: Pick<Opened, 'journal' | 'descent'>, wait: Wait) {
    this.journal = journal
    this.descent = descent
    this.wait = wait
    // What was here so far is not what the repository begins with from now on.
    journal.onBegun.subscribe(() => this.close(this.isOver, true))
  }

  /** Another holder's hold. Throws `history-missing`. */
  async open(): Promise<History> {
    const { scheduler } = this.journal.repository.surroundings
    if (this.timer) scheduler.cancel(this.timer)
    this.timer = undefined
    this.holders++
    // What it lacks may be here by now.
    if (this.built?.hasEnded) this.keeper = undefined
    this.keeper ??= this.build()
    const { keeper } = this
    try {
      const built = (this.built = await keeper)
      await built.settled()
      built.require()
      return createHistory({
        keeper: built,
        wait: this.wait,
        load: () => this.load(),
        closed: () => this.release(),
      })
    } catch (error) {
      if (this.keeper === keeper) this.keeper = undefined
      this.release()
      throw error
    }
  }

  private async build(): Promise<HistoryKeeper> {
    return HistoryKeeper.open(this.journal, await this.below())
  }

  /** Where this replica began from a keyframe, history does too; a tab that has none waits until all is here. */
  private async below(): Promise<Below | undefined> {
    const { journal } = this
    if (!journal.boundary) return undefined
    const descent = await this.descent()
    const base = await descent.base()
    if (base) return { base, source: descent }
    try {
      await descent.complete()
    } catch (cause) {
      const why = 'What came before is not on this device, and nobody who has it can be reached. Look again later.'
      if (journal.boundary) throw new IbexError('history-missing', why, { cause })
    }
    return undefined
  }

  /** Brings all that is below. */
  private async load(): Promise<void> {
    if (this.journal.boundary) await (await this.descent()).complete()
    await this.built?.settled()
  }

  /** See `Store.record`. */
  async record(range: RecordRange = {}, options: RecordOptions = {}): Promise<Uint8Array> {
    const history = await this.open()
    try {
      // Where it cannot be had the recording begins where history does.
      if (range.from === undefined) await this.load().catch(() => {})
      return await record(await this.keeper!, history, range, options)
    } finally {
      history.close()
    }
  }

  /** The repository is closed, or, with `anew`, another takes its place: then the holders are told, as with `tell`. */
  close(anew = false, tell: boolean = anew): void {
    if (anew) this.isOver = true
    void this.keeper?.then(
      (keeper) => {
        keeper.close()
        if (tell) keeper.onChange.emit()
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
