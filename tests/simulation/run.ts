/** Runs scenarios, and says of one that failed how to see it again. */
import { drawScenario, type Scenario } from './scenario.js'
import { type Failure, World } from './world.js'

export async function runSeed(seed: number): Promise<void> {
  await runScenario(drawScenario(seed))
}

/** Throws for a run that failed what it was, and the steps before. */
export async function runScenario(scenario: Scenario): Promise<void> {
  const failure = await new World(scenario).run()
  if (failure) throw new Error(explain(scenario, failure))
}

function explain({ seed, steps }: Scenario, { at, what }: Failure): string {
  const before = typeof at === 'number' ? at : steps.length
  const trace = steps.slice(Math.max(0, before - 8), before + 1).map((step) => JSON.stringify(step))
  return [`seed ${seed} failed at step ${at} of ${steps.length}: ${what}`, ...trace].join('\n')
}
