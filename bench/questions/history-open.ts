import { cpuTime } from '../cpu.js'
import { heap } from '../heap.js'
import { openAsServer } from '../long-history.js'
import { prepareHistory } from '../prepared-history.js'
import type { Question } from '../question.js'
import { requireSame } from '../tasks.js'
import { HistoryKeeper } from '../../src/repository/history-keeper.js'
import { platformSurroundings } from '../../src/store/surroundings.js'

export const question: Question = {
  name: 'history-open',
  title: "Build what history answers from, out of the server's log",
  unit: 'ms',
  variants: [
    { key: '1k', title: '10,000 items, 1,000 commits', size: 1000 },
    { key: '100k', title: '10,000 items, 100,000 commits', size: 100_000 },
  ],
  peers: ['ibex'],
  flags: ['--expose-gc'],
  async run(_peer, { size }) {
    const prepared = prepareHistory({ items: 10_000, commits: size })
    const { openFileStorage } = await import('../../src/server/file-disk.js')
    try {
      const storage = await openFileStorage(prepared.folder)
      const { journal, close } = await openAsServer(storage)
      // In real time, so that it pauses as it does in a page.
      Object.assign(journal.repository, { surroundings: platformSurroundings() })
      const before = await heap()
      let longest = 0
      let last = cpuTime()
      let watching = true
      const watch = (): void => {
        const now = cpuTime()
        longest = Math.max(longest, now - last)
        last = now
        if (watching) setImmediate(watch)
      }
      setImmediate(watch)
      const worked = cpuTime()
      const began = performance.now()
      const keeper = await HistoryKeeper.open(journal)
      const elapsed = performance.now() - began
      const value = cpuTime() - worked
      watching = false
      const held = ((await heap()) - before) / 1e6
      requireSame('the number of commits', keeper.ledger.commits.length, journal.graph.size)
      keeper.close()
      await close()
      await storage.close()
      return { value, more: { 'ms elapsed': elapsed, 'longest pause ms': longest, 'MB held': held } }
    } finally {
      prepared.remove()
    }
  },
}
