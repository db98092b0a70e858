import { describe, expect, test } from 'vitest'
import { fleetCommits } from '../../tests/history/fleet.js'
import { addAll, byId, foldSeen } from '../../tests/history/past.js'
import { idOf } from '../history/deed.js'
import { FlatColumns } from '../history/flat-columns.js'
import { Ledger } from '../history/ledger.js'
import { countSeen, momentOf, sightAt } from '../history/sight.js'
import type { ItemId, RepositoryPath } from '../ids.js'
import { existence } from '../item/fields/existence.js'
import { createSnapshotBuilder, snapshotOf } from '../item/snapshot.js'
import { canonicalQuery } from '../query/canonical.js'
import { evaluate, matches } from '../query/match.js'
import { ManualScheduler, randomFields, randomQuery, seeded, Task } from '../query/query.fixture.js'
import type { View } from '../query/query.js'
import type { AnySnapshot } from '../schema/schema.js'
import { PastRepository } from './past.js'
import { columnMaker } from './past-queries.js'

const path = '/data/main' as RepositoryPath

/**
 * Random histories, moments and queries; after every move every item and view against a fold from the beginning. A failure
 * names its seed and the first step that diverged. `PAST_SEEDS=500` makes a long run.
 */
describe('the past equals from scratch', () => {
  test.each(Array.from({ length: Number(process.env['PAST_SEEDS'] ?? 12) }, (_, seed) => seed + 1))(
    'seed %i',
    (seed) => {
      const divergence = run(seed)
      if (divergence) expect.fail(divergence)
    },
  )
})

function run(seed: number): string | undefined {
  const random = seeded(seed)
  const int = (n: number): number => Math.floor(random() * n)
  const pick = <T>(list: readonly T[]): T => list[int(list.length)]!
  const items = 1 + int(20)
  const commits = fleetCommits({
    schema: Task,
    random,
    items,
    commits: 20 + int(80),
    fields: () => randomFields(random),
  })
  const all = byId(commits)
  const builder = createSnapshotBuilder(Task, path, (session) => session)
  const scheduler = new ManualScheduler()
  const ledger = new Ledger()
  const here = addAll(ledger, commits.slice(0, Math.ceil(commits.length * random())), commits).length
  const columns = new FlatColumns(ledger, 'task', columnMaker(builder))
  const past = new PastRepository(
    { ledger, scheduler, builderOf: () => builder, columnsOf: () => columns },
    momentOf(ledger, sightAt(ledger, int(ledger.length + 1))),
  )
  let left = commits.slice(here)
  const table = past.table(Task)
  const ids = Array.from({ length: items }, (_, i) => `i${i}`)

  const watched = new Map<
    View<AnySnapshot>,
    { rows: readonly AnySnapshot[]; ids: readonly string[]; calls: number; idCalls: number; stop: () => void }
  >()
  const heard = new Map<string, number>()
  const shown = new Map<string, AnySnapshot | undefined>()
  const counts = new Map<string, number>()
  const statuses = new Map<string, string>()
  for (const id of ids) {
    shown.set(id, table.get(id))
    statuses.set(id, table.existence(id))
    if (random() < 0.5) table.subscribe(id, () => heard.set(id, (heard.get(id) ?? 0) + 1))
    else heard.set(id, Number.NaN)
  }

  for (let step = 0; step < 60; step++) {
    if (random() < 0.3) {
      const view = table.queries.open(canonicalQuery(Task, randomQuery(random)))
      if (!watched.has(view)) {
        const state = { rows: view.get(), ids: view.ids(), calls: 0, idCalls: 0, stop: () => {} }
        const stops = [view.subscribe(() => state.calls++), view.subscribeIds(() => state.idCalls++)]
        state.stop = () => stops.forEach((stop) => stop())
        watched.set(view, state)
      }
    }
    if (random() < 0.05) {
      for (const [view, { stop }] of watched) {
        if (random() < 0.5) continue
        stop()
        watched.delete(view)
      }
    }
    const move = random()
    if (move < 0.4) past.seekPosition(past.position + pick([-2, -1, 1, 2]))
    else if (move < 0.7) past.seek(momentOf(ledger, sightAt(ledger, int(ledger.length + 1))))
    else if (move < 0.9) {
      const some = left.slice(0, 1 + int(3))
      left = left.slice(some.length)
      addAll(ledger, some, commits)
    } else if (move < 0.95) {
      const standing = pick(['void', 'accepted'] as const)
      const judged = ledger.commits.filter((commit) => commit.standing !== 'void')
      if (judged.length > 0) ledger.judge([idOf(pick(judged))], () => standing)
    }
    const where = `seed ${seed}, step ${step}`

    const state = foldSeen(ledger, past.sight, all)
    const rows: AnySnapshot[] = []
    for (const id of ids) {
      const item = state.get('task', id as never)
      const expected = item && snapshotOf(item, builder)
      const got = table.get(id)
      if (JSON.stringify(got) !== JSON.stringify(expected))
        return `${where}, ${id}: ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`
      if (table.existence(id) !== existence(item))
        return `${where}, ${id}: ${table.existence(id)}, expected ${existence(item)}`
      const before = shown.get(id)
      const track = ledger.track('task', id as ItemId)
      const count = track ? countSeen(track, past.sight) : 0
      // What became different and then the same again may be another object.
      const same = JSON.stringify(before) === JSON.stringify(got) && counts.get(id) === count
      counts.set(id, count)
      if (same && before !== got) return `${where}, ${id}: lost identity`
      const changed = before !== got || statuses.get(id) !== table.existence(id)
      const calls = heard.get(id) ?? 0
      if (!Number.isNaN(calls) && calls !== Number(changed))
        return `${where}, ${id}: told ${calls} times, changed: ${changed}`
      if (!Number.isNaN(calls)) heard.set(id, 0)
      shown.set(id, got)
      statuses.set(id, table.existence(id))
      if (got) rows.push(got)
    }
    for (const [view, told] of watched) {
      const query = `${where}, ${JSON.stringify(view.query)}`
      const expected = evaluate(view.query, rows)
      const [now, nowIds] = [view.get(), view.ids()]
      if (now.length !== expected.length || now.some((each, i) => each !== expected[i]))
        return `${query}: got ${nowIds.join()}, expected ${expected.map(({ $id }) => $id).join()}`
      const count = rows.filter((each) => matches(view.query, each)).length
      if (view.count !== count) return `${query}: count ${view.count}, expected ${count}`
      if (nowIds.join() !== now.map(({ $id }) => $id).join()) return `${query}: ids differ from rows`
      const same = told.rows.length === now.length && told.rows.every((each, i) => each === now[i])
      if ((told.rows === now) !== same) return `${query}: rows ${same ? 'lost' : 'kept'} identity`
      if (told.calls !== Number(!same)) return `${query}: told ${told.calls} times, changed: ${!same}`
      const sameIds = told.ids.join() === nowIds.join()
      if ((told.ids === nowIds) !== sameIds) return `${query}: ids ${sameIds ? 'lost' : 'kept'} identity`
      if (told.idCalls !== Number(!sameIds)) return `${query}: ids told ${told.idCalls} times, changed: ${!sameIds}`
      Object.assign(told, { rows: now, ids: nowIds, calls: 0, idCalls: 0 })
    }
  }
  past.close()
  return undefined
}
