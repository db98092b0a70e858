/**
 * The runs of the simulation, dealt out to files that run beside each other: first those that failed once, then the seeds.
 * `IBEX_SEED=7` runs one again, `IBEX_SEEDS=50000` runs as many, `IBEX_FROM=2001` begins elsewhere.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'vitest'
import { runScenario, runSeed } from './run.js'
import type { Scenario } from './scenario.js'

const PARTS = 4
const SEEDS_OF_A_TEST = 25
const { IBEX_SEED, IBEX_SEEDS, IBEX_FROM } = process.env
const first = Number(IBEX_SEED ?? IBEX_FROM ?? 1)
const count = IBEX_SEED === undefined ? Number(IBEX_SEEDS ?? 2000) : 1

/** `part`: from 0. */
export function simulate(part: number): void {
  const mine = (_: unknown, i: number): boolean => i % PARTS === part
  const folder = new URL('./regressions/', import.meta.url)
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  for (const name of IBEX_SEED === undefined ? names.filter(mine) : []) {
    const scenario = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Scenario & { readonly note: string }
    test(`${name}: ${scenario.note}`, { timeout: 120_000 }, () => runScenario(scenario))
  }
  const seeds = Array.from({ length: count }, (_, i) => first + i).filter(mine)
  for (let from = 0; from < seeds.length; from += SEEDS_OF_A_TEST) {
    const some = seeds.slice(from, from + SEEDS_OF_A_TEST)
    test(`I-1 I-3 I-5 I-6 I-9 I-11 I-12 I-15: seeds ${some[0]} to ${some.at(-1)}`, { timeout: 600_000 }, async () => {
      for (const seed of some) await runSeed(seed)
    })
  }
  // A file without any test would fail.
  // oxlint-disable-next-line vitest/no-disabled-tests, vitest/no-conditional-tests
  if (seeds.length === 0) test.skip('another file has the seed', () => {})
}
