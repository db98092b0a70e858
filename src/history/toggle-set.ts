/**
 * Taking back, and bringing back, what is in a set; see `toggle.ts`. Adds are looked at one by one. What was added is removed
 * by its own name, so that another's add of the same element stays.
 */
import { fromHex } from '../ids.js'
import type { Change } from '../item/change.js'
import { addsOf } from '../item/fields/set.js'
import { kindOf } from '../item/layout.js'
import type { Origin } from '../item/origin.js'
import { equalValues } from '../value/order.js'
import type { Value } from '../value/value.js'
import { isSame, names } from './blame.js'
import { isLater, lastTurnOf, type Place, type View, type Write } from './toggle-places.js'

/** An add. One that an undo made stands for those that its target had removed; one of a redo for those that it had made. */
interface Tag {
  readonly origin: Origin
  readonly index: number
  /** Undefined: it came before what is here, and counts. */
  readonly write: Write | undefined
  readonly stands: readonly Tag[]
}

export function toggleSet(view: View, place: Place, list: readonly Write[]): Change[] {
  const { field, version } = place
  const changes: Change[] = []
  const elements: Value[] = []
  for (const { deed, change } of list) {
    const element = elementOf(change)
    if (!view.mine.has(deed) || element === undefined) continue
    if (!elements.some((known) => equalValues(known, element))) elements.push(element)
  }
  const at = view.item.layout.find(field, kindOf('set', version))
  const standing = at < 0 ? [] : addsOf(view.item.cells, at)
  for (const element of elements) {
    const writes = list.filter(({ change }) => {
      const other = elementOf(change)
      return other !== undefined && equalValues(other, element)
    })
    const { tags, removes } = readTags(view, place, element, writes)
    const first = tags.filter((tag) => tag.stands.length === 0)
    const standsIn = (tag: Tag, counts: (write: Write) => boolean): boolean =>
      (tag.write === undefined || counts(tag.write)) &&
      !removes.some(
        (remove) => counts(remove) && tags.some((named) => isNamed(remove, named) && sameOrStandsFor(named, tag)),
      )
    const here = tags.filter((tag) =>
      standing.some(
        ([value, origin, index]) => index === tag.index && isSame(origin, tag.origin) && equalValues(value, element),
      ),
    )
    const exactly = view.tip.has(writes.at(-1)!.deed)
    // What an undo left as it was, a redo leaves too, unless others have turned since.
    const turns = writes.map(({ deed }) => lastTurnOf(view.context.marks, deed))
    const isAsLeft = view.undoneBy.some((undo) => !turns.some((turn) => isLater(turn, undo)))
    if (isAsLeft && !exactly) continue
    const gone = here.filter((tag) => {
      // What an undo had added goes, and what it had removed comes back.
      if (exactly) return tag.write !== undefined && view.tip.has(tag.write.deed)
      const originals = tag.stands.length > 0 ? tag.stands : [tag]
      return (
        originals.some((each) => standsIn(each, view.before)) && !originals.some((each) => standsIn(each, view.after))
      )
    })
    const isBack = exactly
      ? removes.some(({ deed }) => view.tip.has(deed))
      : first.some(
          (tag) =>
            standsIn(tag, view.after) &&
            !standsIn(tag, view.before) &&
            !here.some((each) => sameOrStandsFor(each, tag)),
        )
    if (gone.length > 0) {
      const named = gone.map(({ origin, index }): Value => [origin.id === '' ? null : fromHex(origin.id), index])
      changes.push({ action: 0, field, tag: 'remove', value: [element, named] })
    }
    if (isBack) changes.push({ action: 0, field, tag: 'add', value: element })
  }
  return changes
}

/** The adds and removes of one element. */
function readTags(
  view: View,
  { field, version }: Place,
  element: Value,
  writes: readonly Write[],
): { tags: Tag[]; removes: Write[] } {
  const { marks } = view.context
  const removes = writes.filter(({ change }) => change.tag === 'remove')
  const tags: Tag[] = []
  const { base } = view.track
  const at = base?.layout.find(field, kindOf('set', version)) ?? -1
  for (const [value, origin, index] of base && at >= 0 ? addsOf(base.cells, at) : []) {
    if (equalValues(value, element)) tags.push({ origin, index, write: undefined, stands: [] })
  }
  for (const write of writes) {
    if (write.change.tag !== 'add') continue
    const { kind, targets = [] } = marks.markOf(write.deed) ?? {}
    const isTargets = ({ deed }: Write): boolean => {
      const head = marks.headOf(deed)
      return targets.some(({ commit, action }) => head.commit === commit && head.action === action)
    }
    const meant = tags.filter((tag) =>
      kind === 'undo'
        ? removes.some((remove) => isTargets(remove) && isNamed(remove, tag))
        : kind === 'redo' && tag.write !== undefined && isTargets(tag.write),
    )
    const stands = new Set(meant.flatMap((tag) => (tag.stands.length > 0 ? tag.stands : tag)))
    tags.push({ origin: write.deed.commit.origin, index: write.index, write, stands: [...stands] })
  }
  return { tags, removes }
}

/** Whether a remove names an add. */
function isNamed({ change, deed }: Write, { origin, index }: Tag): boolean {
  const [, named] = Array.isArray(change.value) ? (change.value as Value[]) : []
  if (!Array.isArray(named)) return false
  return (named as Value[]).some((tag) => names(tag, deed.commit.origin, origin, index))
}

function sameOrStandsFor(a: Tag, b: Tag): boolean {
  return a === b || a.stands.includes(b)
}

function elementOf({ tag, value }: Change): Value | undefined {
  if (tag === 'add') return value
  return tag === 'remove' && Array.isArray(value) ? (value as Value[])[0] : undefined
}
