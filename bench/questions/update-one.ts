import { checkTitles, load } from '../loaded.js'
import { costOf } from '../measure.js'
import { EVERYBODY, LOGGING, type Question } from '../question.js'
import { requireSame } from '../tasks.js'

/** So many edits at most before it is another item's turn. */
const TURN = 1000

export const question: Question = {
  name: 'update-one',
  title: 'Update one field, one subscriber',
  unit: 'µs',
  variants: [
    { key: '10k', title: '10,000 items', size: 10_000, target: 2, must: true },
    { key: '100k', title: '100,000 items', size: 100_000, target: 2, must: true },
    {
      key: 'log',
      title: '10,000 items, with their log',
      size: 10_000,
      log: true,
      target: 7,
      must: true,
      peers: ['floor', ...LOGGING],
    },
  ],
  peers: EVERYBODY,
  async run(name, { size, log = false }, effort) {
    const loaded = await load(name, { size, log })
    const { items, ids, model, below } = loaded
    let index = 0
    let edits = 0
    let calls = 0
    let told = ''
    let stop: (() => void) | undefined
    const cost = await costOf(effort, {
      before() {
        calls = 0
        index = below(size)
        stop = items.subscribe(ids[index]!, (title) => {
          calls++
          told = title
        })
      },
      op: () => loaded.edit(index, { title: `title ${++edits}` }),
      ...(log && { finish: () => items.flush?.() ?? Promise.resolve() }),
      async after(operations) {
        loaded.catchUp()
        requireSame('the title that the listener was told', told, model.tasks[index]!.title)
        if (!items.told) requireSame('how often the listener was called', calls, operations)
        await checkTitles(loaded, [index, below(size)])
        stop?.()
        await loaded.settle()
      },
      most: TURN,
    })
    await items.close()
    return { value: cost }
  },
}
