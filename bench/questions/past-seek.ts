import { openPast, percentile, PLAYABLE, spentOn, variantsOf } from '../asked-past.js'
import { median } from '../measure.js'
import type { Seen } from '../past-peer.js'
import type { Question } from '../question.js'

export const question: Question = {
  name: 'past-seek',
  title: 'Seek to a random moment: the windows of open queries (filter, sort, first 50) and 50 visible items',
  unit: 'ms',
  variants: variantsOf({ small: 16, large: 16 }),
  peers: PLAYABLE,
  async run(name, { size }) {
    const looks = name === 'ibex' ? 300 : 30
    const { past, moments, check } = await openPast(name, size, looks)
    const times: number[] = []
    for (const [i, moment] of moments.entries()) {
      let seen: Seen
      const spent = spentOn(() => (seen = past.seek(moment)))
      // The first ones warm up.
      if (i >= moments.length / 10) times.push(spent)
      if (i % Math.ceil(looks / 10) === 0) check(moment, seen!)
    }
    await past.close()
    return { value: median(times), more: { p99: percentile(times, 0.99), most: Math.max(...times) } }
  },
}
