/** What is different between two moments, and what makes the present look as at one. */
import { touchedBetween } from '../../history/between.js'
import { shownField } from '../../history/changes.js'
import { byTrack, type Sight, type Track } from '../../history/deed.js'
import { changesTowards, fieldsOf, isEqualIn } from '../../history/difference.js'
import { itemSeen, snapshotSeen } from '../../history/look.js'
import { sightAt } from '../../history/sight.js'
import type { ItemWrites } from '../../history/toggle.js'
import { existence } from '../../item/fields/existence.js'
import { createItem, type Item } from '../../item/state.js'
import type { HistoryKeeper } from '../../repository/history-keeper.js'
import type { AnySnapshot } from '../../schema/schema.js'
import type { DiffOptions, ItemDifference } from './face.js'
import { requireFit } from './writes.js'

/** An item at one of two moments. */
interface Side {
  readonly item: Item
  readonly snapshot: AnySnapshot | undefined
}

/** `to` undefined: the present, with what is pending. */
export function differences(
  keeper: HistoryKeeper,
  from: Sight,
  to: Sight | undefined,
  options: DiffOptions,
): readonly ItemDifference[] {
  const tracks = to ? touchedBetween(keeper.ledger, from, to)! : touchedSince(keeper, from)
  const found: ItemDifference[] = []
  for (const track of chosen(tracks, options)) {
    const difference = differenceOf(keeper, track, sideOf(keeper, track, from), sideOf(keeper, track, to))
    if (difference) found.push(Object.freeze(difference))
  }
  return found
}

/**
 * Works out, each time it is called, what makes items look as at a moment. It throws `invalid` where that would not satisfy
 * their schemas.
 */
export function writesBackTo(keeper: HistoryKeeper, sight: Sight, options: DiffOptions): () => ItemWrites[] {
  const tracks = [...chosen(touchedSince(keeper, sight), options)]
  for (const track of tracks) {
    const item = presentItem(keeper, track)
    if (item) keeper.journal.repository.settleItem(item)
  }
  return () => {
    const writes = tracks.flatMap((track) => writesTowards(keeper, track, sight))
    requireFit(keeper, writes)
    return writes
  }
}

function writesTowards(keeper: HistoryKeeper, track: Track, sight: Sight): ItemWrites[] {
  const item = presentItem(keeper, track)
  if (!item) return []
  const version = keeper.schemaOf(track.schema)?.version ?? track.deeds.at(-1)?.version ?? 1
  return Array.from(changesTowards(item, itemSeen(track, sight), version), ([of, changes]) => ({
    schema: track.schema,
    id: track.id,
    version: of,
    changes,
  }))
}

function differenceOf(keeper: HistoryKeeper, track: Track, from: Side, to: Side): ItemDifference | undefined {
  const was = existence(from.item) === 'present'
  const is = existence(to.item) === 'present'
  if (!was && !is) return undefined
  const schema = keeper.schemaOf(track.schema)
  const fields = fieldsOf(from.item, to.item)
    .filter((place) => !isEqualIn(place, was ? from.item : undefined, is ? to.item : undefined))
    .map(({ name, merge, version }) => ({
      field: name,
      from: was ? shownField(from.item, merge, name, version, schema) : undefined,
      to: is ? shownField(to.item, merge, name, version, schema) : undefined,
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

function sideOf(keeper: HistoryKeeper, track: Track, sight: Sight | undefined): Side {
  const schema = keeper.schemaOf(track.schema)
  if (sight) {
    return { item: itemSeen(track, sight), snapshot: schema && snapshotSeen(track, sight, keeper.builderOf(schema)) }
  }
  return {
    item: presentItem(keeper, track) ?? createItem(track.id, track.root),
    snapshot: schema && keeper.journal.repository.table(schema).get(track.id),
  }
}

function presentItem({ journal }: HistoryKeeper, { schema, id }: Track): Item | undefined {
  return journal.repository.state.get(schema, id)
}

function touchedSince(keeper: HistoryKeeper, sight: Sight): Set<Track> {
  const { ledger } = keeper
  const tracks = touchedBetween(ledger, sight, sightAt(ledger, ledger.length))!
  for (const { deeds } of keeper.tail()) for (const track of byTrack(deeds).keys()) tracks.add(track)
  return tracks
}

function* chosen(tracks: Iterable<Track>, { schema, items }: DiffOptions): Iterable<Track> {
  const name = typeof schema === 'object' ? schema.name : schema
  const ids = items && new Set<string>(items)
  for (const track of tracks) {
    if ((name === undefined || track.schema === name) && (!ids || ids.has(track.id))) yield track
  }
}
