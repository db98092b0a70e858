/**
 * What a store's page and a panel say to each other besides commits, which travel by the ordinary sync protocol. Plain
 * data; `channel-codec.ts` has the bytes.
 *
 * Both ends begin with `hello` and go on with the highest version that both know; where there is none, the page says
 * `refused` and the reason, in words for a person. `hello` and `refused` are never changed. A message of an unknown type is
 * answered by `unknown`, and is no mistake; fields may be added to what is here, and whoever does not know them passes over
 * them.
 *
 * The page says how things stand as *topics* (`topics.ts`): whole, only those that the panel watches, at most every
 * {@link TOPIC_MS}, and only if they differ from what it said last. So a lost connection costs nothing but the time it takes
 * to begin anew.
 * What happened once is an *event*, numbered, and kept in the page until it is pushed out by {@link MAX_EVENTS} newer ones: a
 * panel that comes back asks for what followed the last that it has.
 */
import type { Value } from '../value/value.js'
import type { Conditions, SourcePosition, TopicName, Topics, Trouble } from './topics.js'

/** Versions of this channel that this build speaks. */
export const CHANNEL_VERSIONS: readonly number[] = [1]
/** Purposes of the streams that a panel opens to a store: this channel, and the sync protocol. */
export const CHANNEL_STREAM = 'channel'
export const COPY_STREAM = 'copy'
/** A topic is said at most so often. Milliseconds. */
export const TOPIC_MS = 200
/** Events that a page keeps. */
export const MAX_EVENTS = 500
/** While the page shows the past it waits so long for a word of the panel, and then goes back to the present. Milliseconds. */
export const SILENCE_MS = 2000
/** How often the panel says that it is there, while the page shows the past. Milliseconds. */
export const ALIVE_MS = 500
/** The label of actions that a panel made. */
export const DEVTOOLS_LABEL = 'devtools'
/** Faults that a verification tells. */
export const MAX_FAULTS = 100
/** Bytes of one part of an export or import. */
export const PART_BYTES: number = 256 * 1024

// ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Something that happened once. */
export interface InspectionEvent {
  /** Counts up from 1 in the life of a page's store. */
  readonly n: number
  readonly at: number
  readonly kind: 'connection' | 'rejected' | 'withdrawn' | 'storage' | 'command' | 'restarted'
  readonly repository: string | null
  readonly message: string
  readonly commits: readonly string[]
}

// ── commands ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a panel can have done: for each command what it takes and what it answers. */
export interface Commands {
  /** Cuts the network, or no longer; what a panel has cut is joined when the last one is gone. */
  readonly setOffline: Command<{ offline: boolean }, null>
  /** Makes the network to the server worse; it is well again when the last panel is gone. */
  readonly setConditions: Command<Conditions, null>
  /**
   * Shows a moment in the page in place of the present; null: the present again. It stays while the panel says `alive`.
   * `moment` is a `Moment` of the store's history, `time` when that was, for the page to say.
   */
  readonly drive: Command<{ repository: string; moment: string | null; time?: number }, null>
  /** Writes what takes back these actions (`<commit>/<index>`), or what makes the state that of a moment. */
  readonly revert: Command<
    { repository: string; actions: readonly string[] } | { repository: string; moment: string },
    null
  >
  /** Changes fields of an item as it is now. Null clears an optional field. */
  readonly edit: Command<
    { repository: string; schema: string; item: string; patch: { readonly [field: string]: Value } },
    null
  >
  readonly retryRejection: Command<{ repository: string; commit: string }, null>
  /**
   * As `retryRejection`, with other values in the places of those that were put: all else of the commit is as it was. Null
   * clears an optional field.
   */
  readonly retryEdited: Command<{ repository: string; commit: string; edits: readonly RefusedEdit[] }, null>
  readonly discardRejection: Command<{ repository: string; commit: string }, null>
  /** Checks every hash and signature of what is stored here. */
  readonly verify: Command<{ repository: string }, VerificationAbout>
  /** Makes what {@link Commands.exportPart} gives piece by piece: JSON, as `store.export()`, with the keys of its sessions. */
  readonly export: Command<null, { export: number; bytes: number }>
  /** Makes a replay file of what happened between two moments of a repository; {@link Commands.exportPart} gives it. */
  readonly record: Command<
    { repository: string; from: string | null; to: string | null; title: string },
    { export: number; bytes: number }
  >
  readonly exportPart: Command<{ export: number; from: number }, Uint8Array>
  /** Takes the commits of an export into this store, after all of it was given in parts. They are checked like any others. */
  readonly import: Command<{ import: number }, { commits: number; refused: number }>
  readonly importPart: Command<{ import: number; bytes: Uint8Array }, null>
  /** Deletes what this store keeps on this device. `confirm` is the store's name. */
  readonly clear: Command<{ confirm: string }, null>
  /** Frames the components that read this query, and flashes them when it changes; null: no longer. */
  readonly highlight: Command<{ query: string | null }, null>
  /** The names of the React components that read this query. */
  readonly components: Command<{ query: string }, readonly string[]>
  /** Where in the code an action was called; null: it was not kept. */
  readonly sourceOf: Command<{ repository: string; commit: string; action: number }, SourcePosition | null>
}

/** A value in the place of one that was refused with its commit. */
export interface RefusedEdit {
  readonly schema: string
  readonly item: string
  readonly field: string
  readonly value: Value
}

export interface Command<Args, Answer> {
  readonly args: Args
  readonly answer: Answer
}

export type CommandName = keyof Commands
export type CommandArgs<Name extends CommandName> = Commands[Name]['args']
export type CommandAnswer<Name extends CommandName> = Commands[Name]['answer']

/** What `history.verify()` of the page found. */
export interface VerificationAbout {
  readonly ok: boolean
  readonly commits: number
  /** How many of them a seal of the authority covers. */
  readonly sealed: number
  /** Parents before children; the first {@link MAX_FAULTS} of them. */
  readonly faults: readonly FaultAbout[]
}

export interface FaultAbout extends Trouble {
  readonly commit: string
  readonly at: number
}

// ── messages ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The first word of each end. */
export interface HelloMessage {
  readonly type: 'hello'
  readonly versions: readonly number[]
  /** The version of ibex-state that speaks, for people. */
  readonly release: string
}

/** There is no version that both know. After it the line ends. */
export interface RefusedMessage {
  readonly type: 'refused'
  readonly message: string
}

/** The other end sent a message of this type, which is not known here. */
export interface UnknownAnswer {
  readonly type: 'unknown'
  readonly of: string
}

export type PanelMessage =
  | HelloMessage
  | UnknownAnswer
  /** Say these topics, whenever they change, and events that follow number `since`. */
  | { readonly type: 'watch'; readonly topics: readonly TopicName[]; readonly since: number }
  | { readonly type: 'command'; readonly id: number; readonly name: CommandName; readonly args: Value }
  /** The panel is there, and still wants the page to show the past. */
  | { readonly type: 'alive' }

export type PageMessage =
  | HelloMessage
  | RefusedMessage
  | UnknownAnswer
  | TopicMessage
  /** `lost`: so many between the number asked for and the first of these are not kept any more. */
  | { readonly type: 'events'; readonly events: readonly InspectionEvent[]; readonly lost: number }
  | { readonly type: 'answer'; readonly id: number; readonly value: Value }
  | { readonly type: 'failure'; readonly id: number; readonly code: string; readonly message: string }
  | MasksMessage

export type TopicMessage = {
  readonly [Name in TopicName]: { readonly type: 'topic'; readonly name: Name; readonly data: Topics[Name] }
}[TopicName]

/**
 * What is shown for chunks that leave the page as their hashes, since a value in them is masked. Sent before the commits
 * that they belong to.
 */
export interface MasksMessage {
  readonly type: 'masks'
  readonly repository: string
  readonly masks: readonly Mask[]
}

/** The chunks of one commit that are masked, by their places in it, in the encoding of chunks. */
export interface Mask {
  readonly commit: string
  readonly chunks: readonly { readonly index: number; readonly bytes: Uint8Array }[]
}
