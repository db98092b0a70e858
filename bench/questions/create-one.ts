import { cpuTime } from '../cpu.js'
import { loadPeer, EVERYBODY, LOGGING, type Question } from '../question.js'
import { makeTasks, requireSame } from '../tasks.js'

/** Some copy everything with each task: they are stopped after so many milliseconds, and look better than they are. */
const ENOUGH = 1500

export const question: Question = {
  name: 'create-one',
  title: 'Create 10,000 items one by one',
  unit: 'µs',
  variants: [
    { key: 'memory', title: 'an item', size: 10_000, target: 4 },
    { key: 'log', title: 'an item, with its log', size: 10_000, log: true, target: 12, peers: ['floor', ...LOGGING] },
  ],
  peers: EVERYBODY,
  async run(name, { size, log = false }, effort) {
    const peer = await loadPeer(name)
    let spent = 0
    let created = 0
    let fewest = size
    for (let run = 0; run === 0 || spent < effort.measure; run++) {
      const tasks = makeTasks(size, run * size)
      const items = await peer.open({ log })
      const ids: string[] = []
      const used = process.cpuUsage()
      const start = cpuTime()
      for (const task of tasks) {
        const id = items.create(task)
        ids.push(typeof id === 'string' ? id : await id)
        if (ids.length % 128 === 0 && process.cpuUsage(used).user > ENOUGH * 1000) break
      }
      if (log) await items.flush?.()
      const took = cpuTime() - start
      await items.told?.()
      for (let i = 0; i < ids.length; i += 97) requireSame('a title', await items.title(ids[i]!), tasks[i]!.title)
      await items.flush?.()
      await items.close()
      fewest = Math.min(fewest, ids.length)
      // The first run warms up.
      if (run === 0) continue
      spent += took
      created += ids.length
    }
    return { value: (spent * 1000) / created, ...(fewest < size && { more: { 'items created': fewest } }) }
  },
}
