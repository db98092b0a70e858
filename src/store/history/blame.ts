/** Blame and conflicts, as an app is shown them. */
import { keyOf } from '../../history/changes.js'
import { lastWriter, partWriters, type Writer } from '../../history/blame.js'
import { rivalsIn, type Write as RivalWrite } from '../../history/conflicts.js'
import type { Deed, Track, Sight } from '../../history/deed.js'
import { itemSeen } from '../../history/look.js'
import { momentOf, countSeen, sightAfter } from '../../history/sight.js'
import type { ItemId } from '../../ids.js'
import type { Change } from '../../item/change.js'
import { kindOf } from '../../item/layout.js'
import type { Origin } from '../../item/origin.js'
import type { Item } from '../../item/state.js'
import type { HistoryKeeper } from '../../repository/history-keeper.js'
import { fromStored } from '../../schema/check.js'
import type { AnySchema } from '../../schema/schema.js'
import type { FieldShape } from '../../schema/shape.js'
import { isSettled, nameOf, timeOf, wordsOf } from './entries.js'
import type { Blame, BlameOf, Conflict, FieldBlame, LosingValue } from './face.js'
import { DONE, presentOf, requireFit, type Waiter, writeAll } from './writes.js'

/** Throws `unknown-schema`. */
export function blameItem<S extends AnySchema>(
  keeper: HistoryKeeper,
  schema: S,
  id: ItemId,
  sight: Sight | undefined,
): BlameOf<S> {
  keeper.builderOf(schema)
  const blame: Record<string, FieldBlame> = {}
  const track = keeper.ledger.track(schema.name, id)
  if (!track) return blame
  const present = presentOf(keeper)
  const deeds = sight ? deedsSeen(track, sight) : present.deedsOf(track)
  const item = sight ? itemSeen(track, sight) : present.itemOf(track)
  if (!item) return blame
  for (const name of schema.names) {
    const field = schema.fields[name]!
    const { merge } = field
    const deed = lastWriter(deeds, merge, name, schema.version)
    const origin = deed?.commit.origin ?? originOf(item, field, name, schema.version)
    if (!origin) continue
    blame[name] = {
      ...blameOf(keeper, { deed, origin }),
      ...((merge === 'set' || merge === 'map') && {
        parts: partWriters(item, deeds, merge, name, schema.version).map(({ part, ...writer }) =>
          Object.freeze({
            part: merge === 'set' ? fromStored(field.element!, part) : part,
            ...blameOf(keeper, writer),
          }),
        ),
      }),
    }
    Object.freeze(blame[name])
  }
  const lived = lastWriter(deeds, 'existence', '', undefined)
  const origin = lived?.commit.origin ?? item.lived
  if (origin) blame['$exists'] = Object.freeze(blameOf(keeper, { deed: lived, origin }))
  return Object.freeze(blame)
}

/** Conflicts in an item, by the order of its fields. */
export function conflictsIn<S extends AnySchema>(
  keeper: HistoryKeeper,
  schema: S,
  id: ItemId,
  waiter: Waiter,
): readonly Conflict<S>[] {
  keeper.builderOf(schema)
  const track = keeper.ledger.track(schema.name, id)
  if (!track) return []
  const pending = keeper.tail().flatMap(({ deeds }) => deeds.filter((deed) => deed.track === track))
  const rivals = rivalsIn(track.deeds, keeper.ledger.frontiers).filter(
    ({ field, version, key }) =>
      version === schema.version &&
      schema.fields[field] !== undefined &&
      // Whoever writes now has seen them all.
      !lastWriter(pending, key === undefined ? 'register' : 'map', field, version, (change) => keyOf(change) === key),
  )
  const order = (name: string): number => schema.names.indexOf(name)
  rivals.sort((a, b) => order(a.field) - order(b.field))
  return rivals.map(({ field: name, key, winner, losers }) => {
    const shape: FieldShape = schema.fields[name]!
    const shown = (write: RivalWrite): unknown => {
      if (write.value === undefined) return undefined
      return fromStored(key === undefined ? shape : shape.element!, write.value)
    }
    return Object.freeze({
      field: name,
      key,
      value: shown(winner),
      by: Object.freeze(blameOf(keeper, { deed: winner.deed, origin: winner.deed.commit.origin })),
      losing: Object.freeze(
        losers.map((loser): LosingValue =>
          Object.freeze({
            value: shown(loser),
            by: Object.freeze(blameOf(keeper, { deed: loser.deed, origin: loser.deed.commit.origin })),
            take: () => settle(keeper, track, loser, 'Take another value', waiter),
          }),
        ),
      ),
      keep() {
        keeper.require()
        const isOfPlace = (change: Change): boolean => keyOf(change) === key
        const merge = key === undefined ? 'register' : 'map'
        const last = lastWriter(presentOf(keeper).deedsOf(track), merge, name, schema.version, isOfPlace)
        return last === winner.deed ? settle(keeper, track, winner, 'Keep what is shown', waiter) : DONE
      },
    })
  })
}

/** Writes one of several values that were written at once, by which it has seen them all. */
function settle(
  keeper: HistoryKeeper,
  track: Track,
  { deed, change }: RivalWrite,
  label: string,
  waiter: Waiter,
): ReturnType<LosingValue['take']> {
  keeper.require()
  if (!keeper.journal.repository.state.get(track.schema, track.id)) return DONE
  const writes = [{ schema: track.schema, id: track.id, version: deed.version, changes: [{ ...change, action: 0 }] }]
  requireFit(keeper, writes)
  return writeAll(keeper, () => writes, label, false, waiter)
}

function deedsSeen(track: Track, sight: Sight): readonly Deed[] {
  const deeds = track.deeds.slice(0, countSeen(track, sight))
  return sight.concerned.has(track) ? deeds.filter(({ commit }) => !sight.except.has(commit)) : deeds
}

/** Where a field has its value from, where no deed says so. */
function originOf(item: Item, { merge }: FieldShape, name: string, version: number): Origin | undefined {
  const at = item.layout.find(name, kindOf(merge, version))
  return merge === 'register' && at >= 0 ? (item.cells[at + 1] as Origin | undefined) : undefined
}

function blameOf(keeper: HistoryKeeper, { deed, origin }: Writer): Blame {
  const { sessions } = keeper.journal.options
  const who = { by: sessions.authorOf(origin.session), session: origin.session }
  if (!deed) {
    const standing = 'accepted'
    return { ...who, at: origin.ms, action: undefined, label: undefined, moment: undefined, standing, verified: 'seal' }
  }
  const head = keeper.marks().headOf(deed)
  const isHere = isSettled(keeper, deed.commit)
  return {
    ...who,
    at: timeOf(deed),
    action: nameOf(head),
    label: wordsOf(keeper.marks(), head),
    moment: isHere ? momentOf(keeper.ledger, sightAfter(deed.commit, deed.action + 1)) : undefined,
    standing: deed.commit.standing,
    verified: origin.id === '' ? 'pending' : keeper.isSealed(origin.id) ? 'seal' : 'signature',
  }
}
