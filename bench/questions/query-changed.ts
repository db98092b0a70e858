import { load } from '../loaded.js'
import { costOf } from '../measure.js'
import { QUERYING, type Question } from '../question.js'
import { LIMIT, requireSame } from '../tasks.js'

export const question: Question = {
  name: 'query-changed',
  title: `Update that changes the window of a live query (filter, sort, first ${LIMIT})`,
  unit: 'µs',
  variants: [
    { key: '10k', title: '10,000 items', size: 10_000, target: 50, must: true },
    { key: '100k', title: '100,000 items', size: 100_000, target: 80, must: true },
  ],
  peers: QUERYING,
  async run(name, { size }, effort) {
    const loaded = await load(name, { size })
    const { items, model, below, numberOf } = loaded
    const query = await items.query!(LIMIT)
    const window = model.window()
    requireSame(
      'the window',
      query.ids().map((id) => numberOf.get(id)),
      window,
    )
    let turn = 0
    let chosen = 0
    let calls = 0
    const cost = await costOf(effort, {
      before: () => void (calls = query.calls),
      // Four edits, each of which changes the window: one comes to its top, one of it is done, is not, sinks to the bottom.
      op() {
        const step = turn++ % 4
        if (step === 0) {
          let index = below(size)
          while (model.tasks[index]!.done || window.includes(index)) index = below(size)
          window.unshift(index)
          return loaded.edit(index, { updatedAt: model.newTime(true) })
        }
        if (step === 1) chosen = window[turn % LIMIT]!
        if (step < 3) return loaded.edit(chosen, { done: step === 1 })
        window.splice(window.indexOf(chosen), 1)
        return loaded.edit(chosen, { updatedAt: model.newTime(false) })
      },
      async after(operations) {
        loaded.catchUp()
        const expected = model.window()
        requireSame(
          'the window',
          query.ids().map((id) => numberOf.get(id)),
          expected,
        )
        window.splice(0, window.length, ...expected)
        if (!items.told) requireSame('how often the listener was called', query.calls - calls, operations)
        await loaded.settle()
      },
      most: 48,
    })
    query.close()
    await items.close()
    return { value: cost }
  },
}
