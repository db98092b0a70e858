import { openPast, PLAYABLE, spentOn, variantsOf } from '../asked-past.js'
import { median } from '../measure.js'
import type { Question } from '../question.js'
import { requireSame } from '../tasks.js'

export const question: Question = {
  name: 'past-field',
  title: 'What one field of an item was at a random moment',
  unit: 'ms',
  variants: variantsOf({ small: 1, large: 1 }),
  peers: PLAYABLE,
  async run(name, { size }) {
    const { past, moments, visible } = await openPast(name, size, 40)
    const times: number[] = []
    for (const [i, moment] of moments.entries()) {
      const place = i % visible.length
      let title: string | undefined
      times.push(spentOn(() => (title = past.title(moment, visible[place]!))))
      requireSame('a title', title, past.seek(moment).titles[place])
    }
    await past.close()
    return { value: median(times), more: { most: Math.max(...times) } }
  },
}
