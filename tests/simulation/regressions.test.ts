/** Runs that failed once, made as short as they go. Each says what went wrong. */
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'vitest'
import { runScenario } from './run.js'
import type { Scenario } from './scenario.js'

const folder = new URL('./regressions/', import.meta.url)
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -5))

test.each(names)('%s', { timeout: 60_000 }, async (name) => {
  await runScenario(JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Scenario)
})
