import { cpuTime } from '../cpu.js'
import { load } from '../loaded.js'
import { median } from '../measure.js'
import { LOGGING, type Question } from '../question.js'

const CHANGED = 1000

export const question: Question = {
  name: 'flush',
  title: `Write ${CHANGED.toLocaleString('en')} changed items to the log: longest pause of the main thread`,
  unit: 'ms',
  variants: [{ key: '10k', title: '10,000 items', size: 10_000, log: true, target: 8 }],
  peers: ['floor', ...LOGGING.filter((name) => name !== 'sqlite')],
  async run(name, { size }, effort) {
    const loaded = await load(name, { size, log: true })
    const { items, model, ids } = loaded
    const pauses: number[] = []
    const costs: number[] = []
    const patience = performance.now() + 10 * effort.measure
    let from = 0
    for (let run = 0; run < 8 || performance.now() < patience; run++) {
      for (let i = 0; i < CHANGED; i++) await loaded.edit((from + i) % size, { title: `title ${run} ${i}` })
      loaded.catchUp()
      const start = cpuTime()
      const pause = await longestPause(async () => {
        if (items.flush) await items.flush()
        // The least that a log can cost.
        else JSON.stringify(model.tasks.slice(from, from + CHANGED))
      })
      const cost = cpuTime() - start
      from = (from + CHANGED) % size
      if (run < 3) continue
      pauses.push(pause)
      costs.push(cost)
    }
    if (ids.length !== size) throw new Error('Wrong answer: items are missing.')
    await items.close()
    return { value: median(pauses), more: { 'ms of work': median(costs) } }
  },
}

/** The longest time in which no other task had its turn. By the wall clock, because that is what a user feels. */
async function longestPause(work: () => Promise<void>): Promise<number> {
  let longest = 0
  let last = performance.now()
  let running = true
  const look = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (running) setImmediate(look)
  }
  const looking = setImmediate(look)
  last = performance.now()
  await work()
  running = false
  clearImmediate(looking)
  return Math.max(longest, performance.now() - last)
}
