/** What an app holds of a repository's past: the types of `store.history()`. */
import type { FieldChange } from '../../history/changes.js'
import type { Standing } from '../../history/deed.js'
import type { Fault } from '../../history/verify.js'
import type { ActionId, Moment } from '../../history/moment.js'
import type { AnySchema, AnySnapshot, FieldsOf, Snapshot } from '../../schema/schema.js'
import type { Unsubscribe } from '../../signal.js'
import type { Collection, Write } from '../collection-face.js'

/**
 * What happened in one repository, and how it was. Reads are synchronous; who has read, and wants to know when something
 * came, subscribes. Several can hold the history of one repository at once: what it takes to answer is built once, and let
 * go when all of them have closed theirs.
 */
export interface History {
  readonly path: string
  /**
   * Whether the past is here from the first commit on. A new device begins with what all up to {@link begin} comes to: of
   * what came before, timelines show what is known, and it comes in the background, or by {@link load}.
   */
  readonly complete: boolean
  /** The first moment that can be shown: another when the rest has come. What is asked about an earlier one throws `history-missing`. */
  readonly begin: Moment
  /**
   * It answers no more: its holder has closed it, or the store has begun anew (`reset`, `signOut`), or what came could not be
   * read. Ask the store for another. Who listens to it, or to what it gave, is told unless the holder or the store was closed.
   */
  readonly closed: boolean
  /** Calls `listener` after commits came, actions were made, or the authority has spoken. */
  subscribe(listener: () => void): Unsubscribe
  /**
   * Brings all of the past to this device; resolves when every moment can be shown. Rejects with `unreachable` where nobody
   * who has it is there, with `history-damaged` where nobody has all of it.
   */
  load(): Promise<void>
  /** Lets go. What is called afterwards throws `store-closed`; a {@link Past} or {@link Playback} of it ends too. */
  close(): void

  // ── moments ──

  /** After all that is in a commit here by now. */
  now(): Moment
  /** After all that was done up to a time, as the commits say. Throws `history-missing` for one before {@link begin}. */
  at(time: Date | number): Moment
  /** After an action; throws `unknown-action`. */
  after(action: ActionId): Moment
  /** Before an action; throws `unknown-action`. */
  before(action: ActionId): Moment
  /** Checks what comes from an address or a link. Throws `malformed-id`, `unknown-moment`, `history-missing`. */
  moment(text: string): Moment
  /** Where a moment stands among all. Throws `unknown-moment`. */
  place(moment: Moment): Place

  // ── how it was ──

  /** An item at a moment; the same object for as long as somebody holds it. Throws `unknown-moment`. */
  get<S extends AnySchema>(schema: S, id: string, moment: Moment): Snapshot<S> | undefined
  /** The repository at a moment, to be looked at like the present one, and to be moved. Throws `unknown-moment`. */
  checkout(moment: Moment): Past
  /** What is different between two moments; without the second, between then and now, with what is pending. */
  diff(from: Moment, to?: Moment, options?: DiffOptions): readonly ItemDifference[]

  // ── who did what ──

  /** Actions that fit, live. */
  timeline(filter?: TimelineFilter): Timeline
  /** One action. Throws `unknown-action`. */
  entry(action: ActionId): TimelineEntry
  /** Who wrote what an item's fields hold; without a moment now. `$exists`: who created, deleted or restored it last. */
  blame<S extends AnySchema>(schema: S, id: string, options?: { readonly at?: Moment | undefined }): BlameOf<S>
  /** Values that lost against others which were written without having seen them, and that nobody has decided between yet. */
  conflicts<S extends AnySchema>(schema: S, id: string): readonly Conflict<S>[]

  // ── going back ──

  /** Undo and redo of what this session does here, or of all that its user does. */
  undoStack(options?: UndoOptions): UndoStack
  /**
   * Takes back what these actions did, whoever did them, as one new action; what others did since stays, and what would not
   * satisfy its schema any more. Throws `unknown-action`, `too-large`.
   */
  revert(actions: ActionId | readonly ActionId[], options?: { readonly label?: string | undefined }): Write
  /**
   * Writes what makes everything, or some of it, look as at a moment, as one new action, or several where one would not fit
   * into a commit. Throws `unknown-moment`, `invalid`.
   */
  revertTo(moment: Moment, options?: RevertOptions): Write
  /**
   * The newest moment up to which {@link verify} finds nothing wrong and at which every item satisfied its schema:
   * `history.revertTo(await history.lastValid())`.
   */
  lastValid(options?: LongOptions): Promise<Moment>

  // ── looking for something ──

  /**
   * Finds the action that made `isGood` false, among those after `good` (without it the beginning) up to `bad` (without it
   * now), by looking at few moments between. Undefined where it is not false at `bad`.
   */
  bisect(isGood: (past: Past) => boolean, options?: BisectOptions): TimelineEntry | undefined
  /** The same step by step, by hand. */
  bisection(options?: BisectOptions): Bisection
  /** Checks every hash, signature, time, parent and seal of what is here. Sliced: the page goes on meanwhile. */
  verify(options?: LongOptions): Promise<Verification>
  /** A film of what happened. */
  playback(options?: PlaybackOptions): Playback

  /** Every commit, oldest first, as a graph is drawn of it. */
  readonly commits: Commits
}

/** Where a moment stands. */
export interface Place {
  readonly moment: Moment
  /** How many actions there are up to it, of how many. */
  readonly position: number
  readonly of: number
  /** When its last action was; milliseconds since 1970, 0 before the first. */
  readonly time: number
  /** Its last action. */
  readonly action: ActionId | undefined
  /** The frontier: the commits that stand for all below them. */
  readonly commits: readonly string[]
  /** Actions earlier than its last one that came after it was chosen, and that it does not show. */
  readonly late: number
}

/** A repository at a moment that can be moved. Nobody but its holder moves it. */
export interface Past {
  readonly moment: Moment
  /** Calls `listener` after it was moved. */
  subscribe(listener: () => void): Unsubscribe
  /**
   * The items of a schema as they were. What reads works as in the present, with views that are live as the past moves, and
   * listeners that hear only of what became different; what writes throws `past-is-read-only`.
   */
  collection<S extends AnySchema>(schema: S): Collection<S>
  /**
   * `store`, but for this repository: its collections are those of the past, and what writes to it throws
   * `past-is-read-only`. Another object at each call.
   */
  within<T extends HasCollections>(store: T): T
  /** Shows another moment. Throws `unknown-moment`. */
  seek(moment: Moment): void
  /** Goes so many actions on, or back where negative; stops at either end. Whether it moved. */
  step(actions?: number): boolean
  close(): void
}

/** What of a store is different where it shows the past. */
export interface HasCollections {
  /** The repository used where none is named. */
  readonly repository: string
  collection<S extends AnySchema>(schema: S, options?: { readonly in?: string | undefined }): Collection<S>
  transact<T>(fn: () => T, options?: { readonly label?: string; readonly in?: string }): T
}

/** Which actions. What is left out does not matter. */
export interface TimelineFilter {
  readonly schema?: string | AnySchema | undefined
  /** The id of an item. */
  readonly item?: string | undefined
  readonly field?: string | undefined
  readonly session?: string | undefined
  /** As `$updatedBy` shows it. */
  readonly user?: string | undefined
  /** The whole label. */
  readonly label?: string | undefined
  /** Is in the label or in a value that was written, whatever the case. */
  readonly text?: string | undefined
  readonly since?: Date | number | Moment | undefined
  readonly until?: Date | number | Moment | undefined
  readonly standing?: Standing | readonly Standing[] | undefined
  /** Also commits that join or seal others, without an action. Default: false. */
  readonly joins?: boolean | undefined
  /** Only these kinds of entries. */
  readonly kind?: EntryKind | readonly EntryKind[] | undefined
  /** How many {@link Timeline.get} shows, from the newest. Default: 100. */
  readonly limit?: number | undefined
}

/**
 * Actions that fit a filter. Of what came before {@link History.begin} only an index is here at first, and of each action only
 * who, when, and on which item: by field, label or text, or by schema without an item, it is found when its content is here.
 * What `get` and `slice` show is brought, and then told. Methods are bound, and keep identity as long as the timeline does.
 */
export interface Timeline {
  readonly filter: TimelineFilter
  /** How many fit. */
  readonly count: number
  /** The newest, newest first; frozen; the same array, with the same entries, until something changed. */
  readonly get: () => readonly TimelineEntry[]
  /** Entries by age, the oldest is 0: what is newer than they does not move them. */
  readonly slice: (from: number, to: number) => readonly TimelineEntry[]
  readonly subscribe: (listener: () => void) => Unsubscribe
}

export type EntryKind = 'action' | 'join' | 'seal'

/** An action; or, where the filter says so, a commit without one. Frozen; another object only when it says something else. */
export interface TimelineEntry {
  readonly kind: EntryKind
  readonly id: ActionId
  /** The same before and after the action became a commit: names it in lists. */
  readonly key: string
  /**
   * How much of it is here. `whole`: all of it. `content`: it lies before {@link History.begin}, so that it is not known what
   * it made of items: it has no `changes`, and but for the last before that no `moment`, what it undid is not named, and it
   * stands as accepted. `index`: of that only what an index says of its commit; the content comes when it is looked at, and
   * then it has a label, items and another `key`.
   */
  readonly known: 'whole' | 'content' | 'index'
  /** After it; undefined while it is pending: then that is the present; and where that cannot be shown yet. */
  readonly moment: Moment | undefined
  readonly commit: string | undefined
  /** Milliseconds since 1970. */
  readonly at: number
  /** As `$updatedBy` shows it: the user, or the session where it has none. */
  readonly by: string
  readonly session: string
  /** As the app gave it; of an undo or redo: what was undone or redone, in words. */
  readonly label: string | undefined
  readonly standing: Standing
  /** What it undid, or redid. */
  readonly undoes: ActionId | undefined
  readonly redoes: ActionId | undefined
  /** It was undone, and not redone. */
  readonly undone: boolean
  /** What it touched. Empty where it was withheld or erased, or only an index is here. */
  readonly items: readonly TouchedItem[]
  /** What an index says of its commit, where nothing else is here: how many bytes it has, and how many items it touched. */
  readonly outline: { readonly bytes: number; readonly items: number } | undefined
  /** What it did to each field. Worked out when it is called. Empty where not the whole of it is {@link known}. */
  readonly changes: () => readonly FieldChange[]
}

export interface TouchedItem {
  readonly schema: string
  readonly id: string
  readonly did: 'create' | 'update' | 'delete' | 'restore'
  readonly fields: readonly string[]
}

/** An item that is not the same at two moments. */
export interface ItemDifference {
  readonly schema: string
  readonly id: string
  readonly change: 'created' | 'deleted' | 'updated'
  /** Undefined where there was no such item, or the store does not have its schema. */
  readonly from: AnySnapshot | undefined
  readonly to: AnySnapshot | undefined
  readonly fields: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[]
}

export interface DiffOptions {
  readonly schema?: string | AnySchema | undefined
  /** Ids. */
  readonly items?: readonly string[] | undefined
}

export interface RevertOptions extends DiffOptions {
  readonly label?: string | undefined
}

/** Who wrote a value. */
export interface Blame {
  readonly by: string
  readonly session: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Undefined where it was written before what is here begins. */
  readonly action: ActionId | undefined
  readonly label: string | undefined
  /** After the action. */
  readonly moment: Moment | undefined
  readonly standing: Standing
  /**
   * What vouches for it: a seal of the authority that covers it, the signature of its session, or nothing yet because it is
   * pending.
   */
  readonly verified: 'seal' | 'signature' | 'pending'
}

/** Of sets and maps, also who wrote what is in them. */
export interface FieldBlame extends Blame {
  readonly parts?: readonly (Blame & { readonly part: unknown })[]
}

export type BlameOf<S extends AnySchema> = {
  readonly [field in keyof FieldsOf<S>]?: FieldBlame
} & { readonly $exists?: Blame }

/** A field, or a key of a map, of which several values were written at once. */
export interface Conflict<S extends AnySchema = AnySchema> {
  readonly field: keyof FieldsOf<S> & string
  /** Of a map. */
  readonly key: string | undefined
  /** What is shown. */
  readonly value: unknown
  readonly by: Blame
  readonly losing: readonly LosingValue[]
  /** Writes what is shown once more, so that nobody is asked again; nothing, where something else is shown by now. */
  keep(): Write
}

/** Undefined as a value: it was cleared. */
export interface LosingValue {
  readonly value: unknown
  readonly by: Blame
  /** Writes this value after all. */
  take(): Write
}

export interface UndoOptions {
  /** `session` (the default): what this device did. `user`: what all devices of its user did. */
  readonly scope?: 'session' | 'user' | undefined
}

/** What can be undone and redone. Methods are bound, and keep identity as long as the stack does. */
export interface UndoStack {
  /** Frozen; the same object until something in it changed. */
  readonly get: () => UndoState
  readonly subscribe: (listener: () => void) => Unsubscribe
  /** Undoes the newest action that can be; where there is none, nothing. */
  readonly undo: () => Write
  readonly redo: () => Write
}

export interface UndoState {
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** The label of what would be undone; undefined where it has none. */
  readonly undoLabel: string | undefined
  readonly redoLabel: string | undefined
  readonly undoAction: ActionId | undefined
  readonly redoAction: ActionId | undefined
}

export interface LongOptions {
  readonly progress?: ((done: number, of: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface BisectOptions {
  readonly good?: Moment | undefined
  readonly bad?: Moment | undefined
}

/** A search for the action that spoiled something. */
export interface Bisection {
  /** Shows the moment that is to be judged. */
  readonly past: Past
  /** About how many moments are still to be judged. */
  readonly left: number
  /** The action after which it is bad; undefined as long as that is not known. */
  readonly found: TimelineEntry | undefined
  /** What it can still be, where all that is left was skipped. */
  readonly suspects: readonly ActionId[]
  good(): void
  bad(): void
  /** This moment cannot be judged. */
  skip(): void
  close(): void
}

export interface Verification {
  readonly ok: boolean
  /** How many commits were checked. */
  readonly commits: number
  /** How many of them a seal of the authority covers. */
  readonly sealed: number
  /** The first that fails, parents before children. */
  readonly first: Fault | undefined
  readonly faults: readonly Fault[]
  /** The newest moment before anything that fails. */
  readonly soundUntil: Moment
}

export interface PlaybackOptions {
  /** Default: from the beginning. */
  readonly from?: Moment | undefined
  /** Default: until now. */
  readonly to?: Moment | undefined
  /** `time` (the default): as it went, or so many times faster; `actions`: so many actions a second. */
  readonly by?: 'time' | 'actions' | undefined
  /** Default: 1. By time 0.5 to 32; by actions 0.1 to 1000. */
  readonly speed?: number | undefined
  /** Pauses longer than this are shortened to it; milliseconds. Default: 1000. */
  readonly idle?: number | undefined
  /** Begins anew at the end. Default: false. */
  readonly loop?: boolean | undefined
}

/** A film. It begins paused, before the first action of its range. */
export interface Playback {
  /** What is shown. To be moved by the playback only. */
  readonly past: Past
  readonly moment: Moment
  /** Actions of the range up to here, and in all. */
  readonly position: number
  readonly length: number
  readonly playing: boolean
  readonly by: 'time' | 'actions'
  readonly speed: number
  readonly loop: boolean
  /** Calls `listener` after any of this changed. */
  subscribe(listener: () => void): Unsubscribe
  play(): void
  pause(): void
  step(actions?: number): void
  /** To a moment, or to a position. */
  seek(to: Moment | number): void
  set(options: PlaybackOptions): void
  close(): void
}

/** Every commit by its stamp. */
export interface Commits {
  readonly count: number
  /** The oldest is 0. */
  at(index: number): CommitSummary
  /**
   * When those were that lie below the first moment that can be shown and are not counted here, as far as something is known of
   * them; ascending, in milliseconds since 1970. It asks for their index. The same list until more is known.
   */
  olderTimes(): Float64Array
}

export interface CommitSummary {
  readonly id: string
  readonly kind: 'change' | 'join' | 'seal'
  readonly parents: readonly string[]
  readonly session: string
  readonly by: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly standing: Standing
  readonly actions: number
  /** Bytes as stored. */
  readonly size: number
}
