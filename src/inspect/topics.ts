/** How things stand in a page, as it says it to a panel: by topics, each said whole. Plain data; see `channel.ts`. */
import type { IbexErrorCode } from '../errors.js'
import type { Value } from '../value/value.js'
import type { SchemaAbout } from './described-schema.js'

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
  /** Whether the app can show the past: something of it listens to the command `drive`. */
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
  /** All of the past is in the page, from the first commit on. */
  readonly whole: boolean
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
  /** Names it in the commands `highlight` and `components`, as long as the page lives. */
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
  /** The store is cut off by the command `setOffline`, here or by the app. */
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
