/**
 * What the panel remembers of one repository of one store: its history once that is open, the moment that all views show, the
 * range that is played, and what was typed and chosen. Views come and go; this stays as long as the store.
 */
import type { AnySchema, History, Moment, Timeline, TimelineEntry } from '../../../src/index.js'
import type { CopyProgress, InspectedData, InspectedStore } from '../../../src/inspect/face.js'
import { type Cell, createCell, type Live } from '../../../src/inspect/live.js'
import { type CommitReader, readCommits } from './commit-columns.js'
import { createDrive, type Drive } from './drive.js'
import { oncePerFrame, type PerFrame } from './frame.js'
import { hasteOf } from './haste.js'
import { messageOf } from './message-of.js'
import { createPlayer, type Player, type TimeRange } from './player.js'
import { followStrip, type Strip } from './strip.js'
import { type Unhurried, unhurried } from './unhurried.js'

/** Milliseconds: how often what one reads changes while moments pass by. */
const READABLE_MS = 100

/** How far a repository's history has come to the panel. */
export type Opening =
  /** The page has not told yet what its store is. */
  | { readonly state: 'waiting' }
  | { readonly state: 'copying'; readonly progress: Live<CopyProgress> }
  | Open
  | { readonly state: 'failed'; readonly message: string }

export interface Open {
  readonly state: 'open'
  readonly data: InspectedData
  readonly history: History
  /** The app's, and one for each other kind of item that is stored. */
  readonly schemas: readonly AnySchema[]
  /** All actions. */
  readonly actions: Timeline
  /** All commits, as they are read. */
  readonly commits: CommitReader
  /** When all were, also those that are not here yet. */
  readonly strip: Live<Strip>
  /** Counts the times that the history has changed. */
  readonly version: Live<number>
}

/** An item, or one field of it. */
export interface ItemPlace {
  readonly schema: string
  readonly id: string
  readonly field?: string | undefined
}

/** Identity: one for each repository that the panel has looked at. */
export class RepositorySession {
  readonly store: InspectedStore
  readonly path: string
  readonly opening: Cell<Opening> = createCell<Opening>({ state: 'waiting' })
  /** The moment that every view shows; null: the present, as it goes on. */
  readonly shown: Cell<Moment | null> = createCell<Moment | null>(null)
  /** The same for what takes longer to read, and to draw, than a frame lasts. */
  readonly readable: Unhurried<Moment | null> = unhurried(this.shown, READABLE_MS)
  /** Moments pass by faster than that. */
  readonly passing: Live<boolean> = hasteOf(this.shown, READABLE_MS)
  readonly range: Cell<TimeRange | null> = createCell<TimeRange | null>(null)
  readonly filter: Cell<string> = createCell('')
  /** What was chosen in a list, where the moment alone does not say it: a seal, a join, an action that is pending. */
  readonly picked: Cell<TimelineEntry | null> = createCell<TimelineEntry | null>(null)
  readonly item: Cell<ItemPlace | null> = createCell<ItemPlace | null>(null)
  readonly player: Player
  readonly drive: Drive
  private readonly scrub: PerFrame<Moment | null>
  private stop: (() => void) | undefined
  /** Counts openings, so that what an overtaken one brings is let go. */
  private turn = 0

  constructor(store: InspectedStore, path: string, view: () => Window) {
    this.store = store
    this.path = path
    this.scrub = oncePerFrame(view, (moment) => this.shown.set(moment))
    this.player = createPlayer(this)
    this.drive = createDrive(this)
  }

  /** Begins to copy the repository, and does so anew whenever the store does. */
  open(): void {
    if (this.stop) return
    const { data } = this.store
    this.stop = data.subscribe(() => void this.reopen())
    void this.reopen()
  }

  close(): void {
    this.stop?.()
    this.stop = undefined
    this.turn++
    this.release()
    this.opening.set({ state: 'waiting' })
  }

  /** Tries once more what has failed. */
  retry(): void {
    void this.reopen()
  }

  /** Shows a moment everywhere, at the next frame; null: the present. */
  show(moment: Moment | null): void {
    this.picked.set(null)
    this.scrub.ask(moment)
  }

  /** Shows what was chosen in a list: the moment after it. Something pending is in no moment: then the present. */
  pick(entry: TimelineEntry): void {
    this.scrub.cancel()
    this.player.pause()
    this.picked.set(entry)
    this.shown.set(entry.moment ?? null)
    this.readable.hurry()
  }

  /** Follows the present. */
  goLive(): void {
    this.player.pause()
    this.show(null)
  }

  get history(): History | undefined {
    return this.opened?.history
  }

  /** The history and what is read of it, where it is open. */
  get opened(): Open | undefined {
    const opening = this.opening.get()
    return opening.state === 'open' ? opening : undefined
  }

  private async reopen(): Promise<void> {
    const turn = ++this.turn
    this.release()
    const data = this.store.data.get()
    if (!data) {
      this.opening.set({ state: 'waiting' })
      return
    }
    this.opening.set({ state: 'copying', progress: data.progress(this.path) })
    try {
      await data.ready(this.path)
      const history = await data.history({ in: this.path })
      if (turn !== this.turn) {
        history.close()
        return
      }
      const version = createCell(0)
      history.subscribe(() => version.set(version.get() + 1))
      this.forgetWhatIsGone(history)
      const commits = readCommits(history)
      this.opening.set({
        state: 'open',
        data,
        history,
        schemas: data.schemasIn(this.path),
        actions: history.timeline(),
        commits,
        strip: followStrip(history, commits.columns),
        version,
      })
    } catch (error) {
      if (turn !== this.turn) return
      this.opening.set({ state: 'failed', message: messageOf(error) })
    }
  }

  /** A store that began anew may not have what was looked at. */
  private forgetWhatIsGone(history: History): void {
    this.picked.set(null)
    const moment = this.shown.get()
    if (moment === null) return
    try {
      history.place(moment)
    } catch {
      this.shown.set(null)
    }
  }

  private release(): void {
    this.scrub.cancel()
    this.player.stop()
    this.drive.end()
    this.opened?.commits.stop()
    this.opened?.history.close()
  }
}
