import { load } from '../loaded.js'
import { costOf } from '../measure.js'
import { QUERYING, type Question } from '../question.js'
import { LIMIT, requireSame } from '../tasks.js'
import type { LiveQuery } from '../peer.js'

export const question: Question = {
  name: 'query-cold',
  title: 'Open that query on 10,000 items',
  unit: 'ms',
  variants: [{ key: '10k', title: '', size: 10_000, target: 9 }],
  peers: QUERYING,
  async run(name, { size }, effort) {
    const { items, model, numberOf } = await load(name, { size })
    let opened: LiveQuery | undefined
    // Another limit each time: nobody shall find the answer in a cache.
    let more = 0
    const cost = await costOf(effort, {
      before: () => void (more = (more + 1) % 500),
      async op() {
        opened = await items.query!(LIMIT + more)
      },
      after() {
        requireSame(
          'the window',
          opened!.ids().map((id) => numberOf.get(id)),
          model.window(LIMIT + more),
        )
        opened!.close()
      },
      most: 1,
    })
    await items.close()
    return { value: cost / 1000 }
  },
}
