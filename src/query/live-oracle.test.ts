import { describe, expect, test } from 'vitest'
import type { AnySnapshot } from '../schema/schema.js'
import { LINGER_MS } from './live.js'
import { evaluate, matches } from './match.js'
import { bench, randomFields, randomQuery, row, seeded } from './query.fixture.js'
import type { View } from './query.js'

/**
 * Random rows, queries and changes; after every step every view against its query answered from scratch. A failure names
 * its seed and the first step that diverged. `QUERY_SEEDS=1000` makes a long run.
 */
describe('live equals from scratch', () => {
  test.each(Array.from({ length: Number(process.env['QUERY_SEEDS'] ?? 10) }, (_, seed) => seed + 1))(
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
  const fields = (): Record<string, unknown> => randomFields(random)

  const ids = Array.from({ length: 400 }, (_, i) => `i${i}`)
  const { table, queries, open, scheduler } = bench(ids.slice(int(400)).map((id) => row(id, fields())))
  const inputs = Array.from({ length: 8 }, () => randomQuery(random))
  const watched = new Map<
    View<AnySnapshot>,
    { rows: unknown; ids: unknown; calls: number; idCalls: number; stop: () => void }
  >()
  const watch = (view: View<AnySnapshot>): void => {
    if (watched.has(view)) return
    const state = { rows: view.get() as unknown, ids: view.ids() as unknown, calls: 0, idCalls: 0, stop: () => {} }
    const stops = [view.subscribe(() => state.calls++), view.subscribeIds(() => state.idCalls++)]
    state.stop = () => stops.forEach((stop) => stop())
    watched.set(view, state)
  }

  for (let step = 0; step < 100; step++) {
    if (random() < 0.2) watch(open(pick(inputs)))
    if (random() < 0.05) {
      for (const [view, state] of watched) {
        if (random() < 0.5) {
          state.stop()
          watched.delete(view)
        }
      }
      scheduler.pass(pick([10, LINGER_MS]))
    }
    const size = random() < 0.02 ? 1001 : random() < 0.3 ? int(30) : 1
    const changes = Array.from({ length: size }, () => {
      // Often a row that somebody shows.
      const shown = watched.size > 0 && random() < 0.5 ? pick([...watched.keys()]).ids() : []
      const id = shown.length > 0 ? pick(shown) : pick(ids)
      const kind = random()
      if (!table.get(id)) return table.set(id, row(id, fields()))
      return kind < 0.4 ? table.set(id, undefined) : table.patch(id, fields())
    })
    queries.update(changes)
    if (random() < 0.3) open(pick(inputs)).get()
    queries.notify()
    for (const [view, state] of watched) {
      const where = `seed ${seed}, step ${step}, ${JSON.stringify(view.query)}`
      const expected = evaluate(view.query, table.all())
      const [now, nowIds] = [view.get(), view.ids()]
      if (now.length !== expected.length || now.some((each, i) => each !== expected[i])) {
        return `${where}: got ${nowIds.join()}, expected ${expected.map((each) => each.$id).join()}`
      }
      const count = [...table.all()].filter((each) => matches(view.query, each)).length
      if (view.count !== count) return `${where}: count ${view.count}, expected ${count}`
      const before = state.rows as readonly AnySnapshot[]
      const same = before.length === now.length && before.every((each, i) => each === now[i])
      const sameIds = before.map((each) => each.$id).join() === nowIds.join()
      if (nowIds.join() !== now.map((each) => each.$id).join()) return `${where}: ids differ from rows`
      if ((state.rows === now) !== same) return `${where}: rows ${same ? 'lost' : 'kept'} identity`
      if ((state.ids === nowIds) !== sameIds) return `${where}: ids ${sameIds ? 'lost' : 'kept'} identity`
      if (state.calls !== Number(!same)) return `${where}: told ${state.calls} times, changed: ${!same}`
      if (state.idCalls !== Number(!sameIds)) return `${where}: ids told ${state.idCalls} times, changed: ${!sameIds}`
      Object.assign(state, { rows: now, ids: nowIds, calls: 0, idCalls: 0 })
    }
  }
  return undefined
}
