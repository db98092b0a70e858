/** Which items can be different between two moments. */
import { effective, type Sight, type Track } from './deed.js'
import type { Ledger } from './ledger.js'
import { positionOf } from './sight.js'

/**
 * Every item that something was done to between two moments, in either direction, or that one of them sees with less than
 * came before it; undefined where these are more than `most` actions.
 */
export function touchedBetween(
  ledger: Ledger,
  a: Sight,
  b: Sight,
  most: number = Number.POSITIVE_INFINITY,
): Set<Track> | undefined {
  const from = Math.min(positionOf(a), positionOf(b))
  const to = Math.max(positionOf(a), positionOf(b))
  if (to - from > most) return undefined
  const touched = new Set(a.except === b.except ? [] : [...a.concerned, ...b.concerned])
  if (from === to) return touched
  const { commits } = ledger
  for (let at = ledger.actionAt(from + 1).commit.index; at < commits.length && commits[at]!.start < to; at++) {
    const commit = commits[at]!
    if (effective(commit) === 0) continue
    for (const { action, track } of commit.deeds) {
      const position = commit.start + action
      if (position >= from && position < to) touched.add(track)
    }
  }
  return touched
}
