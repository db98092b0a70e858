import { checkTitles, load } from '../loaded.js'
import { costOf } from '../measure.js'
import { EVERYBODY, type Question } from '../question.js'
import { requireSame } from '../tasks.js'

const SUBSCRIBERS = 1000

export const question: Question = {
  name: 'update-among-subscribers',
  title: 'Update one field, with 1,000 subscribers of other items',
  unit: 'µs',
  variants: [{ key: '10k', title: '10,000 items', size: 10_000, target: 3 }],
  peers: EVERYBODY,
  async run(name, { size }, effort) {
    const loaded = await load(name, { size })
    const { items, ids, below } = loaded
    let calls = 0
    for (let i = 0; i < SUBSCRIBERS; i++) items.subscribe(ids[i]!, () => calls++)
    let index = 0
    let edits = 0
    const cost = await costOf(effort, {
      before: () => void (index = SUBSCRIBERS + below(size - SUBSCRIBERS)),
      op: () => loaded.edit(index, { title: `title ${++edits}` }),
      async after() {
        loaded.catchUp()
        requireSame('how often listeners of other items were called', calls, 0)
        await checkTitles(loaded, [index, below(size)])
        await loaded.settle()
      },
      most: 1000,
    })
    await items.close()
    return { value: cost }
  },
}
