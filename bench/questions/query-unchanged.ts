import { load } from '../loaded.js'
import { costOf } from '../measure.js'
import { QUERYING, type Question } from '../question.js'
import { LIMIT, requireSame } from '../tasks.js'

export const question: Question = {
  name: 'query-unchanged',
  title: 'Update that does not change the window of a live query',
  unit: 'µs',
  variants: [
    { key: '10k', title: '10,000 items', size: 10_000, target: 10 },
    { key: '100k', title: '100,000 items', size: 100_000, target: 10 },
  ],
  peers: QUERYING,
  async run(name, { size }, effort) {
    const loaded = await load(name, { size })
    const { items, model, below, numberOf } = loaded
    const query = await items.query!(LIMIT)
    const expected = model.window()
    let turn = 0
    let calls = 0
    const cost = await costOf(effort, {
      before: () => void (calls = query.calls),
      // Titles of items outside of the window, and every other time their place far below it.
      op() {
        let index = below(size)
        while (expected.includes(index)) index = below(size)
        return loaded.edit(index, turn++ % 2 === 0 ? { title: `title ${turn}` } : { updatedAt: model.newTime(false) })
      },
      async after() {
        loaded.catchUp()
        requireSame(
          'the window',
          query.ids().map((id) => numberOf.get(id)),
          expected,
        )
        requireSame('the window of the model', model.window(), expected)
        if (name === 'ibex' || name === 'floor') requireSame('how often the listener was called', query.calls, calls)
        await loaded.settle()
      },
      most: 400,
    })
    query.close()
    await items.close()
    return { value: cost }
  },
}
