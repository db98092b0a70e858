/** What a library must do to be asked a question. Adapters follow the library's own documentation, and do nothing clever. */
import type { Edit, Task } from './tasks.js'

export interface Peer {
  /** How the tables call it. */
  readonly name: string
  /** Packages whose versions the tables name. */
  readonly packages: readonly string[]
  /** What the figures do not say by themselves. */
  readonly note?: string
  /**
   * An empty collection of tasks. `log`: with a log of the changes, in a peer that can keep one; `disk`: what belongs on a
   * disk shall not be in memory.
   */
  open(options: OpenOptions): Items | Promise<Items>
}

export interface OpenOptions {
  readonly log: boolean
  readonly disk?: boolean
}

type Maybe<T> = T | Promise<T>

/** One collection of tasks. A method that answers a promise is awaited, and counts until then. */
export interface Items {
  /** Answers the name by which the task is known from now on. */
  create(task: Task): Maybe<string>
  createMany(tasks: readonly Task[]): Maybe<readonly string[]>
  /** One field of an item. */
  title(id: string): Maybe<string>
  update(id: string, edit: Edit): Maybe<void>
  /** Calls the listener with the title after each change of the item. */
  subscribe(id: string, listener: (title: string) => void): () => void
  /** A live query for tasks not done, the last updated first. Missing in libraries that neither have queries nor a usual way to derive. */
  query?(limit: number): Maybe<LiveQuery>
  /** Missing where no log is kept; resolves when all changes are in it. */
  flush?(): Promise<void>
  /** Missing where listeners are called at once; resolves when they have been called. */
  told?(): Promise<void>
  close(): Maybe<void>
}

export interface LiveQuery {
  /** The rows that a listener was given last, in order; and their names. */
  rows(): readonly unknown[]
  ids(): readonly string[]
  /** How often a listener was called. */
  readonly calls: number
  /** Also calls this listener. */
  listen(listener: () => void): () => void
  close(): void
}
