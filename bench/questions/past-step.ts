import { openPast, PLAYABLE, spentOn, variantsOf } from '../asked-past.js'
import { median } from '../measure.js'
import type { Question } from '../question.js'

const STEPS = 100

export const question: Question = {
  name: 'past-step',
  title: 'One commit on, or back, with the same queries and items (a peer that cannot: seeks to the next one)',
  unit: 'ms',
  variants: variantsOf({ small: 2, large: 2 }),
  peers: PLAYABLE,
  async run(name, { size }) {
    const { past, moments, check } = await openPast(name, size, 20)
    const times: number[] = []
    const { step } = past
    for (const moment of moments) {
      if (!step) {
        times.push(spentOn(() => past.seek(moment)))
        continue
      }
      past.seek(moment)
      // Together, because one is over before the clock can tell.
      for (const by of [-1, 1] as const) {
        times.push(
          spentOn(() => {
            for (let i = 0; i < STEPS; i++) step(by)
          }) / STEPS,
        )
      }
      step(-1)
      check(moment, step(1))
    }
    await past.close()
    return { value: median(times), more: { most: Math.max(...times) } }
  },
}
