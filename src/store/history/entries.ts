/** Timeline entries: what an action was, as an app shows it. */
import { fieldChanges, type FieldChange, meaningOf } from '../../history/changes.js'
import { byTrack, type Deed, type PastCommit, type Standing, type Track } from '../../history/deed.js'
import { readLabel } from '../../history/labels.js'
import type { ActionPlace } from '../../history/ledger.js'
import type { Marks } from '../../history/marks.js'
import { type ActionId, actionId, flushActionId, type Moment } from '../../history/moment.js'
import { isAboveFloor, momentOf, sightAfter } from '../../history/sight.js'
import { applyDeed, countAt, itemAfter } from '../../history/track.js'
import type { CommitId } from '../../ids.js'
import type { Item } from '../../item/state.js'
import type { HistoryKeeper } from '../../repository/history-keeper.js'
import type { TimelineEntry, TouchedItem } from './face.js'

/** The name of an action, by its commit as soon as it is in one. */
export function nameOf({ commit, action }: ActionPlace): ActionId {
  const { origin, lane, flush } = commit
  if (origin.id !== '') return actionId(origin.id, action)
  return lane === '' ? keyOf({ commit, action }) : flushActionId(lane, flush, action)
}

/** The name of an action, which stays the same when it becomes a commit. */
export function keyOf({ commit, action }: ActionPlace): ActionId {
  const { origin, lane, flush } = commit
  return lane === '' ? actionId(origin.id as CommitId, action) : flushActionId(lane, flush, action)
}

/** When an action was, in milliseconds since 1970. */
export function timeOf({ commit, action }: ActionPlace): number {
  return commit.origin.ms + (commit.actions[action]?.offset ?? 0)
}

/** What an action did, by the order of its deeds. */
export function deedsOf({ commit, action }: ActionPlace): readonly Deed[] {
  return commit.deeds.filter((deed) => deed.action === action)
}

/** Identity: makes the entries of one history, each once as long as it says the same. */
export class EntryBook {
  private readonly keeper: HistoryKeeper
  private readonly entries = new Map<ActionId, { readonly entry: TimelineEntry; readonly mark: string }>()

  constructor(keeper: HistoryKeeper) {
    this.keeper = keeper
  }

  /** The entry of an action, given its first part; or of a commit without actions, as if it had one. */
  entryOf(head: ActionPlace): TimelineEntry {
    const key = keyOf(head)
    const marks = this.keeper.marks()
    const by = this.keeper.journal.options.sessions.authorOf(head.commit.origin.session)
    const parts = marks.partsOf(head)
    const standing = standingOf(parts)
    const undone = marks.isUndone(head)
    const target = marks.markOf(head)?.target
    const known = this.keeper.depthOf(head.commit)
    const mark = [head.commit.origin.id, standing, undone, by, parts.length, target && nameOf(target), known].join(' ')
    const before = this.entries.get(key)
    const entry =
      before?.mark === mark ? before.entry : this.make(head, { key, by, parts, standing, undone, known }, marks)
    // Those that were asked for longest ago go first.
    this.entries.delete(key)
    this.entries.set(key, { entry, mark })
    if (this.entries.size > MANY) this.entries.delete(this.entries.keys().next().value!)
    return entry
  }

  private make(
    head: ActionPlace,
    { key, by, parts, standing, undone, known }: Pick<TimelineEntry, Given> & Parts,
    marks: Marks,
  ): TimelineEntry {
    const { commit } = head
    const mark = marks.markOf(head)
    const { ledger } = this.keeper
    const last = parts.at(-1)!
    let moment: Moment | undefined
    let items: readonly TouchedItem[] | undefined
    const isPending = !isSettled(this.keeper, last.commit)
    const brief = this.keeper.older?.briefOf(commit)
    return Object.freeze({
      kind: commit.kind === 'change' ? 'action' : commit.kind,
      id: nameOf(head),
      key,
      known,
      get moment(): Moment | undefined {
        if (isPending || !isAboveFloor(ledger, last.commit)) return undefined
        return (moment ??= momentOf(ledger, sightAfter(last.commit, commit.kind === 'change' ? last.action + 1 : 0)))
      },
      commit: commit.origin.id || undefined,
      at: timeOf(head),
      by,
      session: commit.origin.session,
      label: wordsOf(marks, head),
      standing,
      undoes: mark?.kind === 'undo' ? nameOf(mark.target) : undefined,
      redoes: mark?.kind === 'redo' ? nameOf(mark.target) : undefined,
      undone,
      get items(): readonly TouchedItem[] {
        return (items ??= Object.freeze(touchedBy(parts.flatMap(deedsOf))))
      },
      outline: brief && Object.freeze({ bytes: brief.size, items: brief.items }),
      changes: () => (commit.kind === 'change' && known === 'whole' ? this.changesOf(head) : []),
    } satisfies TimelineEntry)
  }

  /** What was pending when its entry was made is found anew: it may be a commit by now. */
  private changesOf(place: ActionPlace): readonly FieldChange[] {
    const marks = this.keeper.marks()
    const head = isSettled(this.keeper, place.commit) ? marks.headOf(place) : this.keeper.find(keyOf(place))
    return marks.partsOf(head).flatMap((part) => {
      return Array.from(byTrack(deedsOf(part)), ([track, deeds]) =>
        fieldChanges(this.itemBefore(part, track), deeds, this.keeper.schemaOf(track.schema)),
      ).flat()
    })
  }

  /** An item before an action, the caller's own. */
  private itemBefore({ commit, action }: ActionPlace, track: Track): Item {
    const { ledger } = this.keeper
    const id = commit.origin.id
    if (id !== '' && ledger.get(id) === commit) return itemAfter(track, countAt(track, commit.start + action))
    const item = itemAfter(track, track.deeds.length)
    for (const earlier of this.keeper.tail()) {
      for (const deed of earlier.deeds) {
        if (deed.track !== track || (earlier === commit && deed.action >= action)) continue
        if (earlier.index <= commit.index) applyDeed(item, deed)
      }
    }
    return item
  }
}

type Given = 'key' | 'by' | 'standing' | 'undone' | 'known'

interface Parts {
  readonly parts: readonly ActionPlace[]
}

/** So many entries at most are kept for whoever asks again. */
const MANY = 20_000

/** As its least settled part. */
function standingOf(parts: readonly ActionPlace[]): Standing {
  const order: readonly Standing[] = ['pending', 'provisional', 'accepted', 'void']
  return order[Math.min(...parts.map(({ commit }) => order.indexOf(commit.standing)))]!
}

export function labelOf({ commit, action }: ActionPlace): string | undefined {
  return commit.actions[action]?.label
}

/** The label of an action; of an undo or redo, what was undone or redone. */
export function wordsOf(marks: Marks, head: ActionPlace): string | undefined {
  const mark = marks.markOf(head)
  const own = labelOf(head)
  // What it means may not be here.
  const kind = mark?.kind ?? (own === undefined ? undefined : readLabel(own)?.kind)
  if (kind === undefined || kind === 'more') return own
  const word = kind === 'undo' ? 'Undo' : 'Redo'
  const label = mark && labelOf(mark.target)
  return label === undefined ? word : `${word}: ${label}`
}

function touchedBy(deeds: readonly Deed[]): TouchedItem[] {
  return Array.from(byTrack(deeds), ([{ schema, id }, own]) => {
    const changes = own.flatMap((deed) => deed.changes)
    const lived = changes.findLast(({ tag }) => meaningOf(tag)?.merge === 'existence')
    const did = (lived?.tag ?? 'update') as TouchedItem['did']
    const fields = [...new Set(changes.flatMap(({ field }) => (field === '' ? [] : field)))]
    return Object.freeze({ schema, id, did, fields: Object.freeze(fields) })
  })
}

/** Whether a commit is in the ledger; what is pending, or about to come, is not. */
export function isSettled(keeper: HistoryKeeper, commit: PastCommit): boolean {
  return commit.origin.id !== '' && keeper.ledger.get(commit.origin.id) === commit
}
