/**
 * `store.history()`: what an app asks of a repository's past, put together. Loaded when somebody looks.
 */
import { IbexError } from '../errors.js'
import { touchedBetween } from '../history/between.js'
import { byTrack, effective, type Track } from '../history/deed.js'
import { changesTowards, fieldsOf, isEqualIn } from '../history/difference.js'
import { shownField } from '../history/changes.js'
import type { ActionPlace } from '../history/ledger.js'
import { itemSeen, snapshotSeen } from '../history/look.js'
import { type Moment, START } from '../history/moment.js'
import { momentOf, positionOf, type Sight, sightAfter, sightAt } from '../history/sight.js'
import type { ItemWrites } from '../history/toggle.js'
import { requireItemId } from '../ids.js'
import { existence } from '../item/fields/existence.js'
import { type Item, createItem } from '../item/state.js'
import type { TimerHandle } from '../ports.js'
import { HistoryKeeper } from '../repository/history-keeper.js'
import type { Journal } from '../repository/journal.js'
import type { FlushWindow } from '../repository/window.js'
import type { AnySchema, AnySnapshot, Snapshot } from '../schema/schema.js'
import type { Unsubscribe } from '../signal.js'
import { createBisection } from './history-bisect.js'
import { blameItem, conflictsIn } from './history-blame.js'
import { createCommits } from './history-commits.js'
import { EntryBook, nameOf, timeOf, wordsOf } from './history-entries.js'
import type { DiffOptions, History, ItemDifference, UndoStack } from './history-face.js'
import { createPast } from './history-past.js'
import { createPlayback } from './history-playback.js'
import { createTimeline, requireTime } from './history-timeline.js'
import { createUndoStack } from './history-undo.js'
import { findLastValid, verifyHistory } from './history-verify.js'
import type { RecordOptions, RecordRange } from './record-face.js'
import { record } from './record.js'
import type { Opened } from './replica-options.js'
import { requireFit, settleItems, toggleWrites, type Waiter, writeAll } from './history-writes.js'

/** After the last holder has let go, in milliseconds, until what was built is let go too. */
const LINGER_MS = 5000

type Wait = (window: FlushWindow, level: 'local' | 'server') => Promise<void>

/** Identity: what all who look at one repository's history hold together. */
export class SharedHistory {
  private readonly journal: Journal
  private readonly wait: Wait
  private readonly descent: Opened['descent']
  private keeper: Promise<HistoryKeeper> | undefined
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
    this.keeper ??= this.build()
    const { keeper } = this
    try {
      const built = await keeper
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

interface HistoryContext {
  readonly keeper: HistoryKeeper
  /** Resolves when a window has come that far, and hurries it there. */
  readonly wait: Wait
  /** The holder needs it no more. */
  closed(): void
}

function createHistory({ keeper, wait, closed }: HistoryContext): History {
  const { ledger, journal } = keeper
  const { repository } = journal
  const book = new EntryBook(keeper)
  const stacks = new Map<string, UndoStack>()
  const stops = new Set<() => void>()
  let isClosed = false
  const waiter: Waiter = (window) => ({ wait: (level) => wait(window, level) })

  const require = (): void => {
    if (isClosed) throw new IbexError('store-closed', 'This history was closed: ask the store for it again.')
    keeper.require()
  }
  const sightOf = (moment: Moment): Sight => {
    require()
    return keeper.sightOf(moment)
  }
  const find = (id: Parameters<HistoryKeeper['find']>[0]): ActionPlace => {
    require()
    return keeper.find(id)
  }
  /** Ends with the history. */
  const held = <T extends { close(): void }>(made: T): T => {
    const close = made.close.bind(made)
    stops.add(close)
    made.close = () => {
      stops.delete(close)
      close()
    }
    return made
  }
  const liveItem = (track: Track): Item | undefined => repository.state.get(track.schema, track.id)

  function* chosen(tracks: Iterable<Track>, { schema, items }: DiffOptions): Iterable<Track> {
    const name = typeof schema === 'object' ? schema.name : schema
    const ids = items && new Set(items)
    for (const track of tracks) {
      if ((name === undefined || track.schema === name) && (!ids || ids.has(track.id))) yield track
    }
  }

  function touchedSince(sight: Sight): Set<Track> {
    const tracks = touchedBetween(ledger, sight, sightAt(ledger, ledger.length))!
    for (const commit of keeper.tail()) for (const track of byTrack(commit.deeds).keys()) tracks.add(track)
    return tracks
  }

  /** What makes an item look as at a moment. */
  function writesTowards(track: Track, sight: Sight): ItemWrites[] {
    const item = liveItem(track)
    if (!item) return []
    const version = keeper.schemaOf(track.schema)?.version ?? track.deeds.at(-1)?.version ?? 1
    return Array.from(changesTowards(item, itemSeen(track, sight), version), ([of, changes]) => ({
      schema: track.schema,
      id: track.id,
      version: of,
      changes,
    }))
  }

  function differenceOf(
    track: Track,
    from: { item: Item; snapshot: AnySnapshot | undefined },
    to: { item: Item; snapshot: AnySnapshot | undefined },
  ): ItemDifference | undefined {
    const [was, is] = [existence(from.item) === 'present', existence(to.item) === 'present']
    if (!was && !is) return undefined
    const schema = keeper.schemaOf(track.schema)
    const fields = fieldsOf(from.item, to.item)
      .filter((place) => !isEqualIn(place, was ? from.item : undefined, is ? to.item : undefined))
      .map((place) => ({
        field: place.name,
        from: was ? shownField(from.item, place.merge, place.name, place.version, schema) : undefined,
        to: is ? shownField(to.item, place.merge, place.name, place.version, schema) : undefined,
      }))
    if (was === is && fields.length === 0) return undefined
    return {
      schema: track.schema,
      id: track.id,
      change: was ? (is ? 'updated' : 'deleted') : 'created',
      from: from.snapshot,
      to: to.snapshot,
      fields,
    }
  }

  return {
    path: repository.path,
    get complete() {
      return keeper.complete
    },
    begin: START,
    get closed() {
      return isClosed || keeper.hasEnded
    },
    subscribe(listener): Unsubscribe {
      require()
      return keeper.onChange.subscribe(listener)
    },
    close() {
      if (isClosed) return
      isClosed = true
      for (const stop of [...stops]) stop()
      closed()
    },

    now() {
      require()
      return keeper.now()
    },
    at(time) {
      require()
      const ms = requireTime(time)
      let low = 0
      let high = ledger.commits.length
      while (low < high) {
        const middle = (low + high) >>> 1
        if (ledger.commits[middle]!.origin.ms <= ms) low = middle + 1
        else high = middle
      }
      const last = ledger.commits[low - 1]
      const seen = last ? last.actions.filter(({ offset }) => last.origin.ms + offset <= ms).length : 0
      return momentOf(ledger, sightAt(ledger, last ? last.start + Math.min(seen, effective(last)) : 0))
    },
    after(id) {
      const { commit, action } = keeper.marks().partsOf(find(id)).at(-1)!
      requireCommitted(keeper, commit.origin.id)
      return momentOf(ledger, sightAfter(commit, action + 1))
    },
    before(id) {
      const { commit, action } = find(id)
      requireCommitted(keeper, commit.origin.id)
      return momentOf(ledger, sightAt(ledger, commit.start + action))
    },
    moment(text) {
      sightOf(text as Moment)
      return text as Moment
    },
    place(moment) {
      const sight = sightOf(moment)
      const position = positionOf(sight)
      const last = position > 0 ? ledger.actionAt(position) : undefined
      return Object.freeze({
        moment,
        position,
        of: ledger.length,
        time: last ? timeOf(last) : 0,
        action: last && nameOf(last),
        commits: moment === START ? [] : moment.split('~').map((id) => id.split('.')[0]!),
        late: [...sight.except].reduce(
          (sum, { actions, standing }) => sum + (standing === 'void' ? 0 : actions.length),
          0,
        ),
      })
    },

    get<S extends AnySchema>(schema: S, id: string, moment: Moment) {
      const builder = keeper.builderOf(schema)
      const track = ledger.track(schema.name, requireItemId(id))
      const sight = sightOf(moment)
      return (track && snapshotSeen(track, sight, builder)) as Snapshot<S> | undefined
    },
    checkout(moment) {
      require()
      return held(createPast(keeper, keeper.checkout(moment)))
    },
    diff(from, to, options = {}) {
      const before = sightOf(from)
      const after = to === undefined ? undefined : sightOf(to)
      const tracks = after ? touchedBetween(ledger, before, after)! : touchedSince(before)
      const found: ItemDifference[] = []
      const at = (track: Track, sight: Sight | undefined): { item: Item; snapshot: AnySnapshot | undefined } => {
        const schema = keeper.schemaOf(track.schema)
        if (sight) {
          return {
            item: itemSeen(track, sight),
            snapshot: schema && snapshotSeen(track, sight, keeper.builderOf(schema)),
          }
        }
        return {
          item: liveItem(track) ?? createItem(track.id, track.root),
          snapshot: schema && repository.table(schema).get(track.id),
        }
      }
      for (const track of chosen(tracks, options)) {
        const difference = differenceOf(track, at(track, before), at(track, after))
        if (difference) found.push(Object.freeze(difference))
      }
      return found
    },

    timeline(filter = {}) {
      require()
      return createTimeline(keeper, book, filter)
    },
    entry: (id) => book.entryOf(find(id)),
    blame(schema, id, { at } = {}) {
      require()
      return blameItem(keeper, schema, requireItemId(id), at === undefined ? undefined : keeper.sightOf(at))
    },
    conflicts(schema, id) {
      require()
      return conflictsIn(keeper, schema, requireItemId(id), waiter)
    },

    undoStack({ scope = 'session' } = {}) {
      require()
      if (scope !== 'session' && scope !== 'user') {
        throw new IbexError('bad-option', "undoStack({ scope }) takes 'session' or 'user'.")
      }
      let stack = stacks.get(scope)
      if (!stack) stacks.set(scope, (stack = createUndoStack(keeper, scope, waiter)))
      return stack
    },
    revert(actions, { label } = {}) {
      const ids = [actions].flat()
      settleItems(keeper, ids.map(find))
      const only = ids.length === 1 ? wordsOf(keeper.marks(), find(ids[0]!)) : undefined
      const words = only === undefined ? 'Revert' : `Revert: ${only}`
      const compute = (): ItemWrites[] => [...toggleWrites(keeper, ids.map(find), false)]
      return writeAll(keeper, compute, label ?? words, false, waiter)
    },
    revertTo(moment, options = {}) {
      const sight = sightOf(moment)
      const tracks = [...chosen(touchedSince(sight), options)]
      for (const track of tracks) {
        const item = liveItem(track)
        if (item) repository.settleItem(item)
      }
      const compute = (): ItemWrites[] => {
        const writes = tracks.flatMap((track) => writesTowards(track, sight))
        requireFit(keeper, writes)
        return writes
      }
      return writeAll(keeper, compute, options.label ?? 'Revert to an earlier moment', false, waiter)
    },
    lastValid(options = {}) {
      require()
      return findLastValid(keeper, options)
    },

    bisect(isGood, options = {}) {
      require()
      const search = createBisection(keeper, book, options)
      try {
        const { past } = search
        const shown = past.moment
        past.seek(options.bad ?? keeper.now())
        if (isGood(past)) return undefined
        past.seek(shown)
        while (!search.found) {
          if (isGood(past)) search.good()
          else search.bad()
        }
        return search.found
      } finally {
        search.close()
      }
    },
    bisection(options) {
      require()
      return held(createBisection(keeper, book, options))
    },
    verify(options = {}) {
      require()
      return verifyHistory(keeper, options)
    },
    playback(options = {}) {
      require()
      return held(createPlayback(keeper, options))
    },
    get commits() {
      require()
      return createCommits(keeper)
    },
  }
}

function requireCommitted(keeper: HistoryKeeper, id: string): void {
  if (id !== '' && keeper.ledger.get(id as never)) return
  throw new IbexError('unknown-moment', 'A pending action has no moment yet: what is after it is the present.')
}
