import { load } from '../loaded.js'
import { costOf } from '../measure.js'
import { EVERYBODY, type Question } from '../question.js'
import { requireSame } from '../tasks.js'

export const question: Question = {
  name: 'read-field',
  title: 'Read a field of one of 10,000 items',
  unit: 'µs',
  variants: [{ key: '10k', title: '', size: 10_000, target: 0.25, must: true }],
  peers: EVERYBODY,
  async run(name, { size }, effort) {
    const { items, ids, model } = await load(name, { size })
    // Read in an order that is the same for all, and no cache's.
    const { tasks } = model
    let index = 0
    let length = 0
    let expected = 0
    const cost = await costOf(effort, {
      op() {
        index = (index + 7919) % size
        const title = items.title(ids[index]!)
        if (typeof title === 'string') length += title.length
        else return title.then(({ length: more }) => void (length += more))
      },
      before() {
        length = 0
        expected = index
      },
      after(operations) {
        let sum = 0
        for (let i = 0; i < operations; i++) sum += tasks[(expected = (expected + 7919) % size)]!.title.length
        requireSame('the length of all titles', length, sum)
      },
      most: 50_000,
    })
    await items.close()
    return { value: cost }
  },
}
