import { checkTitles, load } from '../loaded.js'
import { costOf } from '../measure.js'
import { EVERYBODY, LOGGING, type Question } from '../question.js'

export const question: Question = {
  name: 'update-any',
  title: 'Update one field of one item after the other, nobody listens',
  unit: 'µs',
  variants: [
    { key: '10k', title: '10,000 items', size: 10_000 },
    { key: 'log', title: '10,000 items, with their log', size: 10_000, log: true, peers: ['floor', ...LOGGING] },
  ],
  peers: EVERYBODY,
  async run(name, { size, log = false }, effort) {
    const loaded = await load(name, { size, log })
    const { items, below } = loaded
    let edited: number[] = []
    let edits = 0
    const cost = await costOf(effort, {
      op() {
        const index = below(size)
        edited.push(index)
        return loaded.edit(index, { title: `title ${edits++}` })
      },
      ...(log && { finish: () => items.flush?.() ?? Promise.resolve() }),
      async after() {
        loaded.catchUp()
        await checkTitles(loaded, edited)
        edited = []
        await loaded.settle()
      },
    })
    await items.close()
    return { value: cost }
  },
}
