import { cpuTime } from '../cpu.js'
import { loadPeer, EVERYBODY, LOGGING, type Question } from '../question.js'
import { makeTasks, requireSame } from '../tasks.js'

export const question: Question = {
  name: 'create-bulk',
  title: 'Create 10,000 items at once',
  unit: 'µs',
  variants: [
    { key: 'memory', title: 'an item', size: 10_000, target: 2 },
    { key: 'log', title: 'an item, with its log', size: 10_000, log: true, target: 8, peers: ['floor', ...LOGGING] },
  ],
  peers: EVERYBODY,
  async run(name, { size, log = false }, effort) {
    const peer = await loadPeer(name)
    let spent = 0
    let created = 0
    const patience = performance.now() + 20_000
    for (let run = 0; run < 2 || (spent < effort.measure && performance.now() < patience); run++) {
      const tasks = makeTasks(size, run * size)
      const items = await peer.open({ log })
      const start = cpuTime()
      const ids = await items.createMany(tasks)
      if (log) await items.flush?.()
      const took = cpuTime() - start
      await items.told?.()
      for (let i = 0; i < size; i += 97) requireSame('a title', await items.title(ids[i]!), tasks[i]!.title)
      await items.flush?.()
      await items.close()
      if (run === 0) continue
      spent += took
      created += size
    }
    return { value: (spent * 1000) / created }
  },
}
