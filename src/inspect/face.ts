/**
 * What a panel holds: the pages that it looks at, their stores, and of each store a replica of its own. Everything that
 * changes is a `Live`. A panel asks for nothing by merely existing: a topic is watched while somebody subscribes to
 * it, and a repository is copied once it is opened.
 */
import type { AnySchema } from '../schema/schema.js'
import type { ReplayTest } from '../store/copy-as-test.js'
import type { Store } from '../store/face.js'
import type { CommandAnswer, CommandArgs, CommandName, InspectionEvent } from './channel.js'
import type {
  DrivingAbout,
  PendingAbout,
  QueryAbout,
  RepositoryAbout,
  StorageAbout,
  StoreAbout,
  SyncAbout,
  Troubles,
} from './topics.js'
import type { Live } from './live.js'

/** Everything that is inspected at the moment. */
export interface Inspection {
  /** Documents with a store: the page itself and its frames. */
  readonly pages: Live<readonly InspectedPage[]>
  /** The stores of all of them, oldest first. A store that is made anew (a reload, hot reload) is another one. */
  readonly stores: Live<readonly InspectedStore[]>
  /** Ends it: every page is live again, and nothing is kept of them. */
  close(): void
}

export interface InspectedPage {
  /** Names a document: another one after a reload. */
  readonly id: string
  readonly url: string
  readonly title: string
  /** Not a frame inside another. */
  readonly top: boolean
  /** `lost`: the line broke, and whoever gave it is making another. */
  readonly state: 'connected' | 'lost'
}

/**
 * How the line to a store stands. `lost`: it broke, and is being made again; what was read stays readable. `gone`: the store or
 * its page has ended. `refused`: both ends know no common version. `recorded`: it is a recording, and has no page. `message`
 * says why, where that is known.
 */
export interface StoreStanding {
  readonly state: 'connecting' | 'connected' | 'lost' | 'gone' | 'refused' | 'recorded'
  readonly message: string
}

/** A store of an inspected page. */
export interface InspectedStore {
  /** Unique among all pages. */
  readonly id: string
  readonly name: string
  readonly page: Live<InspectedPage>
  readonly standing: Live<StoreStanding>
  /** Undefined before the page has told. */
  readonly about: Live<StoreAbout | undefined>
  readonly repositories: Live<readonly RepositoryAbout[]>
  readonly queries: Live<readonly QueryAbout[]>
  readonly sync: Live<SyncAbout | undefined>
  readonly storage: Live<StorageAbout | undefined>
  readonly troubles: Live<Troubles>
  readonly pending: Live<PendingAbout>
  readonly driving: Live<DrivingAbout | null>
  /** Oldest first; the page keeps only so many. */
  readonly events: Live<readonly InspectionEvent[]>
  /**
   * The panel's own replica; undefined before the page has told its schemas, another one when the store began anew. Await
   * `ready(path)` to have a repository copied, and kept up to date from then on.
   */
  readonly data: Live<InspectedData | undefined>
  /**
   * Has something done in the page. Rejects with what the page says against it, and with `unreachable` where it is gone.
   * While the page shows a moment (`drive`), the panel says by itself that it is still there.
   */
  command<Name extends CommandName>(name: Name, args: CommandArgs<Name>): Promise<CommandAnswer<Name>>
  /** What the store keeps on its device, in the format of `store.export()`, as JSON. */
  exportAll(): Promise<Uint8Array>
  /** Takes in what {@link exportAll} gave. */
  importAll(bytes: Uint8Array): Promise<CommandAnswer<'import'>>
  /** Makes a replay file of what happened between two moments, or from the beginning and to now. */
  record(range: CommandArgs<'record'>): Promise<Uint8Array>
  /** What {@link record} gives as a test for Vitest, which opens it and holds how things were at both ends. */
  copyAsTest(range: CommandArgs<'record'>): Promise<ReplayTest>
}

/**
 * A store's data in the panel: a replica that joined by the ordinary sync protocol, and reads only. It has the schemas of the
 * page without what is code there: defaults are known, validators are not. What is void is without its changes here, and
 * where the page masks values the masked ones are folded.
 */
export interface InspectedData extends Pick<
  Store,
  'name' | 'schemas' | 'repository' | 'collection' | 'history' | 'isReady' | 'status' | 'subscribeStatus'
> {
  /** Copies a repository from the page. Rejects with `unreachable` where the page is gone, or the page's own reason. */
  ready(path?: string): Promise<void>
  /**
   * The schemas of the page, and one for each other kind of item in the copy of a repository: of those every field that items
   * had when it was first asked for is shown as it is stored.
   */
  schemasIn(path?: string): readonly AnySchema[]
  /** How far copying has come. */
  progress(path?: string): Live<CopyProgress>
}

export interface CopyProgress {
  /** Commits here. */
  readonly commits: number
  /** Commits in the page, as far as it has told. */
  readonly of: number
}
