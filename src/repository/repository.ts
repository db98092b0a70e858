/**
 * One repository in memory: its folded items, what the app is doing to them, and who wants to know. All of it is
 * synchronous. What makes commits of it, stores and exchanges them is the journal, which follows behind.
 */
import { IbexError } from '../errors.js'
import { foldPending, undoPending } from '../history/fold.js'
import { moreLabel, readLabel } from '../history/labels.js'
import { layerOf, RepositoryState } from '../history/state.js'
import type { ItemId, RepositoryPath, SessionId } from '../ids.js'
import type { Change, Chunk } from '../item/change.js'
import type { Item } from '../item/state.js'
import type { Surroundings } from '../ports.js'
import { requireKnownSchema } from '../schema/known.js'
import type { AnySchema } from '../schema/schema.js'
import { Signal } from '../signal.js'
import { isWellFormed } from '../value/utf8.js'
import { notReady } from './not-ready.js'
import { Table } from './table.js'
import { FlushWindow, MAX_ACTION_BYTES, SPLIT_BYTES, weigh, weighText, type WindowAction } from './window.js'

/** What changes elsewhere is told at most this often. */
const FRAME_MS = 16
/** And what shows an author whose name becomes known. */
const RENEW_MS = 200
/** Characters of an action's label. */
const MAX_LABEL = 1024

export interface RepositoryOptions {
  readonly path: RepositoryPath
  readonly schemas: readonly AnySchema[]
  readonly surroundings: Surroundings
  /** The session that signs this node's commits here. */
  readonly session: SessionId
  /** The user of a session, or the session itself where it has none. */
  authorOf(session: SessionId): string
}

/** The part of a schema that changes name. */
export interface VersionedName {
  readonly name: string
  readonly version: number
}

/** What is to be done to one item. */
export interface ItemChanges {
  readonly id: ItemId
  readonly schema: VersionedName
  /** Newly made, and from now on the fold's. */
  readonly changes: Change[]
}

/** Identity: the state of one open repository. */
export class Repository {
  readonly path: RepositoryPath
  state: RepositoryState = new RepositoryState()
  readonly surroundings: Surroundings
  /** After pending changes appeared. */
  readonly onPending: Signal = new Signal()
  /** After whatever changed was told to items and queries. */
  readonly onPublished: Signal = new Signal()
  session: SessionId
  /** Makes commits, at once, of these windows and of all that were handed over before. */
  settleEarlier: (windows: readonly FlushWindow[]) => void = () => {}
  /** False until the local copy is open; then writes are taken. */
  writable = false
  /** Why nothing can ever be written, if so. */
  refusal: IbexError | undefined
  private schemas: readonly AnySchema[]
  private readonly tables = new Map<string, Table>()
  private readonly tableList: Table[] = []
  private readonly options: RepositoryOptions
  /** Windows that became too large before they could be captured, oldest first. */
  private closed: FlushWindow[] = []
  private window: FlushWindow | undefined
  private flushes = 0
  private depth = 0
  private action = 0
  private actionStart = 0
  /** Whether a table was touched since everybody was told. */
  private touched = false
  private publishing = false
  private framed = false
  private renewing = false
  private lastRemote = Number.NEGATIVE_INFINITY

  constructor(options: RepositoryOptions) {
    this.options = options
    this.schemas = options.schemas
    this.path = options.path
    this.surroundings = options.surroundings
    this.session = options.session
  }

  /** The schema of that name, if the store was made with one. */
  schemaOf(name: string): AnySchema | undefined {
    return this.schemas.find((schema) => schema.name === name)
  }

  /** The table of a schema; throws `unknown-schema` where the store was made without it. */
  table(schema: AnySchema): Table {
    let table = this.tables.get(schema.name)
    if (table) return table
    table = new Table(requireKnownSchema(this.schemas, schema), {
      path: this.path,
      state: () => this.state,
      scheduler: this.surroundings.scheduler,
      authorOf: this.options.authorOf,
    })
    this.tables.set(schema.name, table)
    this.tableList.push(table)
    return table
  }

  /** Names of authors become known one after the other: everything is shown anew, but not for each of them. */
  renewSoon(): void {
    if (this.renewing) return
    this.renewing = true
    this.surroundings.scheduler.after(RENEW_MS, () => {
      this.renewing = false
      this.renew()
    })
  }

  /** The names of authors changed: everything is shown anew. */
  renew(): void {
    for (const table of this.tables.values()) {
      for (const item of this.state.items(table.schema.name)) {
        item.stale = true
        this.touchItem(item)
      }
    }
    this.publish()
  }

  /** Takes a state that was folded elsewhere, before anything was read from this repository. */
  adopt(state: RepositoryState): void {
    this.state = state
  }

  /** All tables that somebody has asked for. */
  openTables(): Iterable<Table> {
    return this.tables.values()
  }

  /** Shows the items of these schemas, too, from now on. */
  learn(schemas: readonly AnySchema[]): void {
    const names = new Set(schemas.map(({ name }) => name))
    this.schemas = [...this.schemas.filter(({ name }) => !names.has(name)), ...schemas]
  }

  /** Runs `fn` as one action; see `Store.transact`. */
  transact<T>(fn: () => T, label?: string): T {
    this.requireWritable()
    this.beginAction(label, true)
    const window = this.window!
    const action = this.action
    const outer = window.actions[action]!.within
    const { bytes } = window
    let failed = true
    try {
      const result = fn()
      if (isPromise(result)) {
        result.then(undefined, () => {})
        throw new IbexError(
          'draft-async',
          'transact(fn) runs synchronously, but fn returned a promise. Await first, then transact.',
        )
      }
      failed = false
      return result
    } finally {
      if (failed) {
        this.touch(undoPending(this.state, window.pending, action))
        window.actions.length = action
        window.bytes = bytes
      }
      if (outer !== undefined) this.action = outer
      this.endAction()
    }
  }

  /**
   * Applies changes to one item within an action of their own, or within the running transaction. Takes the changes over:
   * the caller does not use them again. `item`: what `state.get` answers, where the caller has asked already.
   */
  write(id: ItemId, schema: VersionedName, changes: Change[], item?: Item): FlushWindow {
    this.requireWritable()
    this.beginAction(undefined, false)
    try {
      this.apply(this.window!, id, schema, changes, item)
      return this.window!
    } finally {
      this.endAction()
    }
  }

  /**
   * Applies many items' changes, checked beforehand, as one action, or as several where they do not fit into one commit:
   * then the others say that they continue the first. Inside a transaction they belong to it. Takes the changes over.
   * `marked`: the label is one of `history/labels.ts`. `whole`: it fits into one commit, and is not split.
   */
  writeMany(
    items: Iterable<ItemChanges>,
    label?: string,
    { marked = false, whole = false }: { readonly marked?: boolean; readonly whole?: boolean } = {},
  ): FlushWindow {
    this.requireWritable()
    this.beginAction(label, false, marked)
    try {
      const { flush, actions } = this.window!
      const first = actions.filter(({ within }, i) => within === undefined && i < this.action).length
      for (const { id, schema, changes } of items) {
        if (!whole && this.depth === 1 && this.isFull) {
          this.closeWindow()
          this.newAction(moreLabel(flush, first), undefined)
        }
        this.apply(this.window!, id, schema, changes)
      }
      return this.window!
    } finally {
      this.endAction()
    }
  }

  /**
   * To be called before changes of an item are made out of its state: what earlier windows did to it becomes commits first,
   * because a change can name what it takes back only by its commit, or as part of its own.
   */
  settleItem(item: Item): void {
    // What is written now goes to the next one.
    if (this.depth === 0 && this.isFull) this.closeWindow()
    const own = this.window?.pending.origin
    const parts = layerOf(item)?.parts
    if (parts?.some(({ origin }) => origin.id === '' && origin !== own)) this.settleEarlier(this.takeClosed())
  }

  /** Everything that is pending becomes commits. */
  settlePending(): void {
    if (this.depth > 0) throw new IbexError('reentrant', 'What is pending cannot become a commit inside transact().')
    this.closeWindow()
    this.settleEarlier(this.takeClosed())
  }

  /** Whether the next action goes to a window of its own. */
  get isFull(): boolean {
    return this.window !== undefined && this.window.bytes >= SPLIT_BYTES
  }

  private takeClosed(): FlushWindow[] {
    const windows = this.closed
    this.closed = []
    return windows
  }

  /** Hands over the windows that wait to be captured, oldest first; new changes go to a new one. */
  takeWindows(): FlushWindow[] {
    if (this.depth > 0) throw new IbexError('reentrant', 'flush() cannot run inside transact().')
    this.closeWindow()
    return this.takeClosed()
  }

  /** Windows not yet handed over. */
  get waiting(): readonly FlushWindow[] {
    return this.window && this.window.actions.length > 0 ? [...this.closed, this.window] : this.closed
  }

  /** A window with changes that were made elsewhere, folded as if the app made them now. */
  adoptWindow(flush: number, actions: readonly WindowAction[], chunks: readonly Chunk[]): FlushWindow {
    const window = new FlushWindow(this.session, actions[0]?.at ?? this.surroundings.clock.now(), flush)
    window.actions.push(...actions)
    for (const { item, schema, version, changes } of chunks) {
      const opened = this.state.open(schema, item)
      foldPending(window.pending, opened, version, changes)
      this.touchItem(opened)
    }
    return window
  }

  /** A flush number for a commit that does not come from a window. */
  nextFlush(): number {
    return ++this.flushes
  }

  /** Notes items whose state changed from outside; they are told at the next {@link publish}. */
  touch(items: Iterable<Item>): void {
    for (const item of items) this.touchItem(item)
  }

  /** Tells items and queries what changed, unless an action is still running. */
  publish(): void {
    if (this.depth > 0 || this.publishing) return
    this.publishing = true
    let failure: { error: unknown } | undefined
    try {
      // A listener may write: what it changed is told in a further round.
      while (this.touched) {
        this.touched = false
        const tables = this.tableList
        for (let i = 0; i < tables.length; i++) tables[i]!.refresh()
        for (let i = 0; i < tables.length; i++) {
          try {
            tables[i]!.notify()
          } catch (error) {
            failure ??= { error }
          }
        }
      }
      this.onPublished.emit()
    } finally {
      this.publishing = false
    }
    if (failure) throw failure.error
  }

  /**
   * Tells what came from elsewhere: at once, but at most once a frame. What a listener throws is nobody's here to handle,
   * and becomes an uncaught error.
   */
  publishRemote(): void {
    const { clock, scheduler } = this.surroundings
    if (this.framed || !this.touched) return
    const now = clock.now()
    const tell = (): void => {
      this.lastRemote = clock.now()
      try {
        this.publish()
      } catch (error) {
        scheduler.after(0, () => {
          throw error
        })
      }
    }
    if (Math.abs(now - this.lastRemote) >= FRAME_MS) {
      tell()
      return
    }
    this.framed = true
    scheduler.frame(() => {
      this.framed = false
      tell()
    })
  }

  private requireWritable(): void {
    if (this.refusal) throw this.refusal
    if (!this.writable) notReady(this.path)
  }

  private beginAction(label: string | undefined, nests: boolean, marked: boolean = false): void {
    requireLabel(label, marked)
    // What is part of another action cannot say of itself what it undoes.
    if (marked && this.depth > 0) throw new IbexError('reentrant', 'undo() and redo() cannot run inside transact().')
    if (this.depth++ > 0) {
      if (nests) this.newAction(label, this.action)
      return
    }
    if (this.isFull) this.closeWindow()
    this.newAction(label, undefined)
  }

  private newAction(label: string | undefined, within: number | undefined): void {
    const now = this.surroundings.clock.now()
    this.window ??= new FlushWindow(this.session, now, this.nextFlush())
    this.action = this.window.actions.push({ label, at: now, within }) - 1
    this.surroundings.probe?.acted(this.window, this.action)
    if (within !== undefined) return
    this.window.bytes += label ? weighText(label) : 0
    this.actionStart = this.window.bytes
  }

  private apply(window: FlushWindow, id: ItemId, schema: VersionedName, changes: Change[], item?: Item): void {
    const { action } = this
    const weight = weigh(id, schema.name, changes)
    if (window.bytes - this.actionStart + weight > MAX_ACTION_BYTES) {
      throw new IbexError(
        'too-large',
        `One action may hold ${MAX_ACTION_BYTES / 1024} kB of changes, so that it fits into one commit. Split it, or keep large values elsewhere and store a reference.`,
      )
    }
    window.bytes += weight
    for (let i = 0; i < changes.length; i++) (changes[i] as { action: number }).action = action
    const target = item ?? this.state.open(schema.name, id)
    foldPending(window.pending, target, schema.version, changes)
    this.touchItem(target)
  }

  private touchItem(item: Item): void {
    const table = this.tables.get(item.layout.schema)
    // Without one nobody has ever looked.
    if (!table) return
    table.touch(item)
    this.touched = true
  }

  private endAction(): void {
    if (--this.depth > 0) return
    const window = this.window!
    // An action without effect leaves no trace.
    const effective = window.bytes > this.actionStart
    if (!effective) window.actions.length = Math.min(window.actions.length, this.action)
    try {
      this.publish()
    } finally {
      // Whatever a listener throws, what was written becomes a commit.
      if (effective) this.onPending.emit()
    }
  }

  private closeWindow(): void {
    if (this.window && !this.window.isEmpty) this.closed.push(this.window)
    this.window = undefined
  }
}

/** Throws `bad-option` for what no commit could hold, and for what only Ibex itself may say. */
function requireLabel(label: string | undefined, marked: boolean): void {
  if (label === undefined) return
  if (typeof label === 'string' && !marked && readLabel(label)) {
    throw new IbexError('bad-option', `'${label}' cannot be a label: by such labels Ibex finds what was undone.`)
  }
  if (typeof label === 'string' && label.length <= MAX_LABEL && isWellFormed(label)) return
  throw new IbexError('bad-option', `A label is a text of at most ${MAX_LABEL} characters.`)
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
