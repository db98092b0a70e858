/** What taking actions back looks at: every write to a field, a key or an item's existence, and which of them count. */
import type { Change } from '../item/change.js'
import type { Item } from '../item/state.js'
import { keyOf, meaningOf } from './changes.js'
import type { Deed, Track } from './deed.js'
import type { ActionPlace } from './ledger.js'
import type { Marks } from './marks.js'

/** What taking back asks. */
export interface ToggleContext {
  readonly marks: Marks
  /** Everything that was done to an item, in order, with what is pending. */
  deedsOf(track: Track): readonly Deed[]
  /** The item as it is. */
  itemOf(track: Track): Item | undefined
}

type Merge = NonNullable<ReturnType<typeof meaningOf>>['merge']

/** One write of a place. */
export interface Write {
  readonly deed: Deed
  readonly change: Change
  /** Its place in its chunk. */
  readonly index: number
}

/** A field in one version, or a key of it, or the item's existence. */
export interface Place {
  readonly merge: Merge
  readonly version: number
  readonly field: string
  readonly key: string | undefined
}

export interface Turn {
  /** What is turned did this, and what undid and redid it. */
  readonly mine: ReadonlySet<Deed>
  isTurned(place: ActionPlace): boolean
  readonly on: boolean
  /** What undid it last, where it is to be in effect again; and what that did. */
  readonly undoneBy: readonly ActionPlace[]
  readonly tip: ReadonlySet<Deed>
}

export interface View extends Pick<Turn, 'mine' | 'undoneBy' | 'tip'> {
  readonly context: ToggleContext
  readonly item: Item
  readonly track: Track
  /** Whether a write is in effect, and whether it shall be. */
  before(write: Write): boolean
  after(write: Write): boolean
}

/** What was written to each place, in order. */
export function writesByPlace(deeds: readonly Deed[]): Map<string, { readonly place: Place; readonly list: Write[] }> {
  const places = new Map<string, { readonly place: Place; readonly list: Write[] }>()
  for (const deed of deeds) {
    deed.changes.forEach((change, i) => {
      const merge = meaningOf(change.tag)?.merge
      if (!merge) return
      const key = keyOf(change)
      // Nonsense, which the fold passes over too.
      if (merge === 'map' && key === undefined) return
      // Existence is the same for all versions.
      const version = merge === 'existence' ? 0 : deed.version
      const name = JSON.stringify([merge, version, change.field, key])
      let known = places.get(name)
      if (!known) places.set(name, (known = { place: { merge, version, field: change.field, key }, list: [] }))
      known.list.push({ deed, change, index: deed.indexes ? deed.indexes[i]! : i })
    })
  }
  return places
}

/** Whether what is shown may be overwritten: it was written by what is taken back, or by what is not in effect itself. */
export function isFree({ mine, undoneBy, before, context }: View, { deed, ...last }: Write, changes: boolean): boolean {
  if (mine.has(deed)) return true
  if (!changes || before({ deed, ...last })) return false
  // What was not in effect when it was undone, and so was left as it was, a redo leaves too.
  const since = lastTurnOf(context.marks, deed)
  return undoneBy.every((undo) => isLater(since, undo))
}

/** When what an action did began or ceased to be in effect. */
export function lastTurnOf(marks: Marks, place: ActionPlace): ActionPlace {
  return marks.markOf(place) ? place : (marks.chainOf(marks.headOf(place)).at(-1)?.place ?? place)
}

export function isLater(a: ActionPlace, b: ActionPlace): boolean {
  return a.commit === b.commit ? a.action > b.action : a.commit.index > b.commit.index
}

/** What a redo brings back where nobody has written since the undo: exactly what that took. */
export function taken({ tip }: View, list: readonly Write[]): { readonly write: Write | undefined } | undefined {
  return tip.has(list.at(-1)!.deed) ? { write: list.findLast(({ deed }) => !tip.has(deed)) } : undefined
}

/** Whether a write to an item counts. */
export function effectIn(marks: Marks, deeds: readonly Deed[]): (write: Write) => boolean {
  const isMade = madeIn(marks, deeds)
  return (write) => isMade(write) || marks.isInEffect(write.deed)
}

/** Who makes an item, makes it with all that is in it: whoever restores it finds everything. */
export function madeIn(marks: Marks, deeds: readonly Deed[]): (write: Write) => boolean {
  const makers = deeds.filter(({ changes }) => changes.some(({ tag }) => tag === 'create')).map(marks.headOf)
  return ({ deed, change }) => {
    const { commit, action } = marks.headOf(deed)
    return change.field !== '' && makers.some((maker) => maker.commit === commit && maker.action === action)
  }
}
