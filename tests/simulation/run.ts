/** Runs scenarios, and makes of one that fails what helps to find out why. */
import { writeFileSync } from 'node:fs'
import { drawScenario, type Scenario } from './scenario.js'
import { kindOf, shrink } from './shrink.js'
import { type Failure, World } from './world.js'

/** So many runs to make a failed scenario shorter: a minute or so. */
const SHRINKING = 400

/** Throws if the run of a seed fails, and keeps a shorter one that fails in the same way among the regressions. */
export async function runSeed(seed: number): Promise<void> {
  const scenario = drawScenario(seed)
  const failure = await new World(scenario).run()
  if (!failure) return
  const short = await shrink(scenario, kindOf(failure), SHRINKING)
  const again = (await new World(short).run()) ?? failure
  const file = new URL(`./regressions/seed-${seed}.json`, import.meta.url)
  writeFileSync(
    file,
    encode(short, `Say what was wrong here, and name the file after it. ${again.what.split('\n')[0]}`),
  )
  throw new Error(
    [
      `Seed ${seed} failed ${place(failure, scenario)}: ${failure.what}`,
      `Again: IBEX_SEED=${seed} npx vitest run --project unit tests/simulation`,
      `Made short, and kept as ${file.pathname}, which fails ${place(again, short)}: ${again.what}`,
      await describeDivergence(short),
    ].join('\n'),
  )
}

/** Throws if a run fails. */
export async function runScenario(scenario: Scenario): Promise<void> {
  const failure = await new World(scenario).run()
  if (!failure) return
  throw new Error(`It failed ${place(failure, scenario)}: ${failure.what}\n${await describeDivergence(scenario)}`)
}

/** The steps of a run up to the first after which some replica's state is not what its commits say. */
async function describeDivergence(scenario: Scenario): Promise<string> {
  const failure = await new World(scenario).run({ looking: true })
  const last = typeof failure?.at === 'number' ? failure.at : scenario.steps.length
  const trace = scenario.steps.slice(0, last + 1).map((step, n) => `  ${n} ${JSON.stringify(step)}`)
  const devices = `  devices ${JSON.stringify(scenario.devices)}`
  return [
    `First seen ${failure ? `${place(failure, scenario)}: ${failure.what}` : 'never'}`,
    devices,
    ...trace.slice(-40),
  ].join('\n')
}

function place({ at }: Failure, { steps }: Scenario): string {
  return typeof at === 'number' ? `at step ${at} of ${steps.length}` : `while ${at}`
}

/** One step a line. */
function encode({ seed, compress, history, devices, steps }: Scenario, note: string): string {
  const line = (value: unknown): string => JSON.stringify(value)
  const head = [`"note": ${line(note)}`, `"seed": ${seed}`, `"compress": ${compress}`, `"devices": ${line(devices)}`]
  if (history) head.splice(3, 0, `"history": ${line(history)}`)
  return `{\n  ${head.join(',\n  ')},\n  "steps": [\n    ${steps.map(line).join(',\n    ')}\n  ]\n}\n`
}
