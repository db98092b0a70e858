/** From a run that failed to a short one that fails in the same way. */
import type { Scenario, Step } from './scenario.js'
import { type Failure, World } from './world.js'

/** What stays of a failure's text when the particulars are left out. */
export function kindOf({ what }: Failure): string {
  return what
    .split('\n', 3)
    .join(' | ')
    .replace(/\{.*\}/g, '…')
    .replace(/[0-9a-f]{64}/g, '#')
    .replace(/[a-z]?\d+/g, 'n')
    .slice(0, 120)
}

/** Leaves out what can be left out, in at most `most` runs. `tell` hears of each shorter scenario. */
export async function shrink(
  scenario: Scenario,
  kind: string,
  most: number = 2000,
  tell: (found: Scenario) => void = () => {},
): Promise<Scenario> {
  let best = scenario
  let runs = 0

  async function attempt(candidate: Scenario): Promise<boolean> {
    if (runs++ >= most) return false
    const failure = await new World(candidate).run()
    if (!failure || kindOf(failure) !== kind) return false
    best = candidate
    tell(best)
    return true
  }

  async function withoutSteps(): Promise<void> {
    for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < best.steps.length && runs < most;) {
        const steps = [...best.steps.slice(0, from), ...best.steps.slice(from + size)]
        if (!(await attempt({ ...best, steps }))) from += size
      }
    }
  }

  async function withFewerDevices(): Promise<void> {
    for (let n = best.devices.length - 1; n >= 0 && best.devices.length > 1; n--) {
      const devices = best.devices.filter((_, i) => i !== n)
      const steps = best.steps.flatMap((step): Step[] => {
        if (!('device' in step)) return [step]
        const device = step.device % best.devices.length
        return device === n ? [] : [{ ...step, device: device > n ? device - 1 : device }]
      })
      await attempt({ ...best, devices, steps })
    }
  }

  async function withSimplerSteps(): Promise<void> {
    for (let n = 0; n < best.steps.length && runs < most; n++) {
      const step = best.steps[n]!
      const put = (next: Step): Promise<boolean> => attempt({ ...best, steps: best.steps.with(n, next) })
      if (step.do === 'edit') {
        for (const edit of step.edits) if (step.edits.length > 1 && (await put({ ...step, edits: [edit] }))) break
      }
      if (step.do === 'pass' && step.ms > 0) await put({ ...step, ms: 0 })
      if (step.do === 'network')
        for (const name of Object.keys(step.faults))
          await put({ ...step, faults: { [name]: step.faults[name as never] } })
    }
    if (best.compress) await attempt({ ...best, compress: false })
    for (const [n, { ahead }] of best.devices.entries()) {
      if (ahead !== 0) await attempt({ ...best, devices: best.devices.with(n, { ...best.devices[n]!, ahead: 0 }) })
    }
  }

  await withoutSteps()
  await withFewerDevices()
  await withSimplerSteps()
  await withoutSteps()
  return best
}
