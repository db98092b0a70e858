import { heap } from '../heap.js'
import { loadPeer, EVERYBODY, type Question } from '../question.js'
import { makeTasks, requireSame } from '../tasks.js'

const EDITS = 10

export const question: Question = {
  name: 'heap',
  title: 'Heap an item, all of them read',
  unit: 'B',
  variants: [
    { key: 'new', title: '10,000 items', size: 10_000, target: 700 },
    {
      key: 'edited',
      title: `10,000 items, each edited ${EDITS} times`,
      size: 10_000,
      peers: ['floor', 'ibex', 'tinybase', 'yjs', 'automerge', 'loro'],
    },
  ],
  // SQLite keeps its rows where Node does not count.
  peers: [...EVERYBODY.filter((name) => name !== 'sqlite'), 'tinybase-mergeable'],
  flags: ['--expose-gc'],
  async run(name, { size, key }) {
    const peer = await loadPeer(name)
    // The library's own code and caches are not the items'.
    const first = await peer.open({ log: false, disk: true })
    await first.createMany(makeTasks(100))
    await first.flush?.()
    const items = await peer.open({ log: false, disk: true })
    const before = await heap()
    const { ids, check } = await fill()
    const after = await heap()
    await check()
    return { value: (after - before - 8 * ids.length) / size }

    async function fill(): Promise<{ ids: readonly string[]; check: () => Promise<void> }> {
      const tasks = makeTasks(size)
      const ids = await items.createMany(tasks)
      await items.told?.()
      await items.flush?.()
      let last = -1
      if (key === 'edited') {
        while (last < EDITS - 1) {
          last++
          for (const id of ids) await items.update(id, { title: `title ${last} of ${id}` })
          await items.told?.()
          await items.flush?.()
        }
      }
      for (const id of ids) if ((await items.title(id)).length === 0) throw new Error('Wrong answer: no title.')
      const title = last < 0 ? tasks[17]!.title : `title ${last} of ${ids[17]!}`
      return { ids, check: async () => requireSame('a title', await items.title(ids[17]!), title) }
    }
  },
}
