/** Checking what is here, and finding the newest moment at which all was well. */
import { effective, type Track } from '../../history/deed.js'
import type { Moment } from '../../history/moment.js'
import { momentOf, sightAt } from '../../history/sight.js'
import { applyDeed, firstItem } from '../../history/track.js'
import { verifyCommits } from '../../history/verify.js'
import { problemsOf } from '../../item/snapshot.js'
import type { HistoryKeeper } from '../../repository/history-keeper.js'
import { createPace } from '../../repository/pace.js'
import type { AnySchema } from '../../schema/schema.js'
import type { CommitId } from '../../ids.js'
import type { LongOptions, Verification } from './face.js'

export async function verifyHistory(keeper: HistoryKeeper, options: LongOptions): Promise<Verification> {
  const { journal, ledger, source } = keeper
  const { sessions, crypto } = journal.options
  const { commits, sealed, faults } = await verifyCommits({
    source,
    crypto,
    path: journal.repository.path,
    authority: sessions.authoritySession,
    keyOf: (session) => sessions.get(session)?.publicKey,
    pause: createPace(journal.repository.surroundings),
    progress: (done, of) => options.progress?.(done, of),
    check: () => requireGoingOn(keeper, options),
  })
  const places = faults.flatMap(({ commit }) => ledger.get(commit as CommitId) ?? [])
  const first = places.length > 0 ? Math.min(...places.map(({ start }) => start)) : ledger.length
  return Object.freeze({
    ok: faults.length === 0,
    commits,
    sealed,
    first: faults[0],
    faults: Object.freeze(faults),
    soundUntil: momentOf(ledger, sightAt(ledger, first)),
  })
}

/** See `History.lastValid`. */
export async function findLastValid(keeper: HistoryKeeper, options: LongOptions): Promise<Moment> {
  const { ledger, journal } = keeper
  const { soundUntil } = await verifyHistory(keeper, { signal: options.signal, progress: options.progress })
  const sound = keeper.sightOf(soundUntil)
  const end = sound.last ? sound.last.start + Math.min(sound.actions, effective(sound.last)) : 0
  const pause = createPace(journal.repository.surroundings)
  // By positions: how many items are spoiled from there on, and how many no longer.
  const turns = new Int32Array(end + 2)
  for (const name of ledger.schemas()) {
    const schema = keeper.schemaOf(name)
    for (const track of schema ? ledger.tracks(name) : []) {
      markSpoiled(track, schema!, end, turns)
      requireGoingOn(keeper, options)
      await pause()
    }
  }
  let newest = -1
  let spoiled = 0
  for (let position = 0; position <= end; position++) {
    spoiled += turns[position]!
    if (spoiled === 0) newest = position
  }
  return newest <= 0 ? keeper.first : momentOf(ledger, sightAt(ledger, newest))
}

/** Notes where an item that could be seen could not satisfy its schema. */
function markSpoiled(track: Track, schema: AnySchema, end: number, turns: Int32Array): void {
  const item = firstItem(track)
  let was = problemsOf(item, schema).length > 0
  if (was) turns[0]!++
  for (const deed of track.deeds) {
    const position = deed.commit.start + deed.action + 1
    if (position > end) return
    applyDeed(item, deed)
    const is = problemsOf(item, schema).length > 0
    if (is !== was) turns[position]! += is ? 1 : -1
    was = is
  }
}

function requireGoingOn(keeper: HistoryKeeper, { signal }: LongOptions): void {
  keeper.require()
  signal?.throwIfAborted()
}
