import { openPast, PLAYABLE, spentOn, variantsOf } from '../asked-past.js'
import { median } from '../measure.js'
import type { Question } from '../question.js'
import { requireSame } from '../tasks.js'

export const question: Question = {
  name: 'past-whole',
  title: 'Every item at a random moment',
  unit: 'ms',
  variants: variantsOf({ large: 100 }),
  peers: PLAYABLE,
  async run(name, { size }) {
    const { past, moments } = await openPast(name, size, 30)
    const times: number[] = []
    // All items are there after the first hundredth of the commits.
    for (const moment of moments.filter((each) => each > size / 100)) {
      let count = 0
      times.push(spentOn(() => (count = past.whole(moment))))
      requireSame('the number of items', count, size === 10_000 ? 100 : 10_000)
    }
    await past.close()
    return { value: median(times.slice(3)), more: { first: times[0]! } }
  },
}
