/**
 * What a store's page and a panel say to each other besides commits, which travel by the ordinary sync protocol. Plain
 * data; `channel-codec.ts` has the bytes.
 *
 * Both ends begin with `hello` and go on with the highest version that both know; where there is none, the page says
 * `refused` and the reason, in words for a person. `hello` and `refused` are never changed. A message of an unknown type is
 * answered by `unknown`, and is no mistake; fields may be added to what is here, and whoever does not know them passes over
 * them.
 *
 * The page says how things stand as *topics*: whole, only those that the panel watches, at most every {@link TOPIC_MS},
 * and only if they differ from what it said last. So a lost connection costs nothing but the time it takes to begin anew.
 * What happened once is an *event*, numbered, and kept in the page until it is pushed out by {@link MAX_EVENTS} newer ones: a
 * panel that comes back asks for what followed the last that it has.
 */
import type { IbexErrorCode } from '../errors.js'
import type { Value } from '../value/value.js'
import type { SchemaAbout } from './described-schema.js'

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

// ── topics ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** How things stand, by the name of what is said. */
export interface Topics {
  readonly about: StoreAbout
  readonly repositories: readonly RepositoryAbout[]
  readonly queries: readonly QueryAbout[]
  readonly sync: SyncAbout
  readonly storage: StorageAbout
  readonly troubles: Troubles
  readonly pending: PendingAbout
  /** What the page shows in place of the present, if it does. */
  readonly driving: DrivingAbout | null
}

export type TopicName = keyof Topics

/** In the order in which they are said. */
export const TOPICS: readonly TopicName[] = [
  'about',
  'repositories',
  'queries',
  'sync',
  'storage',
  'troubles',
  'pending',
  'driving',
]

/** What hardly changes in the life of a store. */
export interface StoreAbout {
  readonly name: string
  /** The version of ibex-state that the page runs. */
  readonly release: string
  /** Counts the times that the store began anew: after a reset, a sign-out, or a return from the browser's page cache. */
  readonly epoch: number
  readonly schemas: readonly SchemaAbout[]
  /** The repository used where none is named. */
  readonly repository: string
  readonly hasServer: boolean
  /** The session that signs what this page writes; empty before the store runs. */
  readonly session: string
  /** What the app calls the user of that session; null: nobody in particular. */
  readonly user: string | null
  /** The authority's public key, in hexadecimal, once it is known. */
  readonly authority: string | null
  /** Values are masked before they leave the page: see `docs/devtools.md` for what that takes away. */
  readonly redacts: boolean
  /** Whether the app can show the past: something of it listens to {@link Commands.drive}. */
  readonly drivable: boolean
}

/** A repository that the page has opened, or has been asked to. */
export interface RepositoryAbout {
  readonly path: string
  /** `closed`: asked for, but not opened (yet). */
  readonly state: 'closed' | 'opening' | 'open' | 'failed'
  readonly ready: boolean
  /** What the server has is here too. */
  readonly complete: boolean
  /** Whose word counts. `none`: there is no server, and the store trusts itself. */
  readonly authority: 'self' | 'remote' | 'none'
  readonly commits: number
  /** Bytes of all commits. */
  readonly bytes: number
  readonly heads: readonly string[]
  readonly seals: number
  readonly lastSeal: string | null
  /** The greatest time of a commit. Milliseconds since 1970. */
  readonly lastTime: number
  /** Items by schema, deleted ones among them. */
  readonly items: { readonly [schema: string]: number }
  /** Actions that the server has not accepted yet (without a server: that are not yet durable). */
  readonly pending: number
  /** Why it failed, or why the server does not talk about it. */
  readonly error: Trouble | null
}

export interface Trouble {
  readonly code: IbexErrorCode
  readonly message: string
}

/** A live query, and what it costs. Nothing is read for this that the app has not read itself. */
export interface QueryAbout {
  /** Names it in {@link Commands.highlight} and {@link Commands.components}, as long as the page lives. */
  readonly id: string
  readonly repository: string
  readonly schema: string
  /** The canonical condition, order, limit and offset as data: see `query/query.ts`. */
  readonly where: Value
  readonly orderBy: readonly (readonly [field: string, direction: string])[]
  readonly limit: number | null
  readonly offset: number
  /** It also has a filter function, which data does not show. */
  readonly opaque: boolean
  /** How many rows match; null as long as nobody has read it. */
  readonly rows: number | null
  /** How many rows it holds, in and around its window. */
  readonly held: number
  readonly listeners: number
  /** Since it was first seen: changes that were held against it, how often its listeners were told, and the time of both. */
  readonly changes: number
  readonly notified: number
  readonly milliseconds: number
  /** The slowest: telling everybody who listens includes what they do at once. */
  readonly slowest: number
  /** When it last told its listeners. Milliseconds since 1970; 0: never. */
  readonly lastNotified: number
}

/** The network, the other tabs, and what went over the lines since the store announced itself. */
export interface SyncAbout {
  readonly connection: string
  /** The store is cut off by {@link Commands.setOffline}, here or by the app. */
  readonly offline: boolean
  readonly conditions: Conditions
  /** `leads`: this tab owns storage and network. `follows`: it reaches both through another. */
  readonly role: 'leads' | 'follows' | 'alone'
  /** Milliseconds that are added to this device's clock to get the server's. */
  readonly clockOffset: number
  /** Lines to others, the newest first, closed ones after those that are open. */
  readonly lines: readonly LineAbout[]
}

/** How bad the network is made. Loss and delay are of messages, each way. */
export interface Conditions {
  /** Milliseconds. */
  readonly delay: number
  /** From 0 to 1. */
  readonly loss: number
}

/** One connection, from its beginning to its end. */
export interface LineAbout {
  readonly id: number
  readonly peer: 'server' | 'leading tab' | 'tab'
  readonly since: number
  readonly until: number | null
  /** Why it ended. */
  readonly reason: string | null
  readonly sent: Traffic
  readonly received: Traffic
  readonly repositories: readonly LineRepository[]
}

export interface Traffic {
  readonly messages: number
  readonly bytes: number
}

/** One repository's conversation over a line. */
export interface LineRepository {
  readonly path: string
  /** The heads that the other end named last. */
  readonly heads: readonly string[]
  /** Bytes of messages with commits, as they travelled. */
  readonly received: number
  readonly sent: number
  /** Questions for what is lacking here; each is a round trip. */
  readonly questions: number
  /** Those of them that asked for what a filter had wrongly taken for known, or what came before its parents. */
  readonly filterMisses: number
  /** Milliseconds from the last question, or word of what is held here, to the end of its answer; null before the first. */
  readonly roundTrip: number | null
  /** How often this end has said what it holds, to find out what is lacking on either side. */
  readonly reconciles: number
}

export interface StorageAbout {
  readonly mode: string
  /** The browser promised not to evict the data. */
  readonly persisted: boolean
  readonly keyExtractable: boolean
  /** Of the whole origin, as the browser tells it; null where it does not. */
  readonly usage: number | null
  readonly quota: number | null
  readonly logs: readonly LogAbout[]
}

/** The log of a repository; only the tab that owns storage has any. */
export interface LogAbout {
  readonly path: string
  readonly bytes: number
  readonly segments: number
  readonly frames: number
  /** The newest keyframe: how many commits it spares the next start; null: there is none. */
  readonly keyframe: { readonly name: string; readonly bytes: number } | null
  readonly damage: readonly {
    readonly kind: string
    readonly segment: number
    readonly offset: number
    readonly bytes: number
    readonly records: number
  }[]
  /** What keeps it from being written. */
  readonly error: Trouble | null
}

export interface Troubles {
  readonly rejected: readonly RejectionAbout[]
  readonly problems: readonly ProblemAbout[]
}

/** A commit of this device that the authority refused for good. */
export interface RejectionAbout {
  readonly commit: string
  readonly repository: string
  readonly code: string
  readonly message: string
  readonly at: number
  readonly changes: readonly ChangeAbout[]
}

export interface ChangeAbout {
  readonly schema: string
  readonly item: string
  readonly field: string
  readonly operation: string
  readonly value: Value
}

export interface ProblemAbout {
  readonly kind: string
  readonly message: string
  readonly repository: string | null
  readonly schema: string | null
  readonly item: string | null
}

export interface PendingAbout {
  readonly count: number
  /** The newest; fewer than `count` where there are many. */
  readonly actions: readonly PendingAction[]
}

/** An action that the authority has not accepted yet, or that is not durable. */
export interface PendingAction {
  readonly repository: string
  readonly label: string | null
  readonly at: number
  /** `open`: in no commit yet; `captured`: in one that is not durable; `stored`: durable here. */
  readonly level: 'open' | 'captured' | 'stored'
  /** The commit it is in, and its place there. */
  readonly commit: string | null
  readonly action: number
  readonly touched: readonly { readonly schema: string; readonly item: string; readonly fields: readonly string[] }[]
  readonly source: SourcePosition | null
}

/** Where in the app's code something was called, as the browser knows the file: a source map may know it better. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly function: string | null
  /** The lines of the stack from there on, at most eight. */
  readonly stack: readonly string[]
}

export interface DrivingAbout {
  readonly repository: string
  readonly moment: string
}

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
