import { cpuTime } from '../cpu.js'
import { openAsServer } from '../long-history.js'
import { prepareHistory } from '../prepared-history.js'
import type { Question } from '../question.js'
import { requireSame } from '../tasks.js'
import { chunksOf } from '../../src/history/fold.js'
import { openFileStorage } from '../../src/server/file-disk.js'

export const question: Question = {
  name: 'read-commits',
  title: 'Read 100,000 commits back from the log on the server, with what each changed',
  unit: 'ms',
  variants: [{ key: '100k', title: 'all, in the order of the log', size: 100_000, target: 1000 }],
  peers: ['ibex'],
  async run(_peer, { size }) {
    const history = prepareHistory({ items: 10_000, commits: size })
    try {
      const storage = await openFileStorage(history.folder)
      const { journal, close } = await openAsServer(storage)
      const { graph } = journal
      const worked = cpuTime()
      const began = performance.now()
      const ids = Array.from({ length: graph.size }, (_, n) => graph.idAt(n))
      let found = 0
      let changed = 0
      const missing = await journal.storage.readCommits(ids, (commit) => {
        found++
        changed += chunksOf(commit).length
      })
      const elapsed = performance.now() - began
      const value = cpuTime() - worked
      requireSame('the number of commits', [found, missing.length], [graph.size, 0])
      requireSame('the number of changed items', changed > size, true)
      await close()
      await storage.close()
      return { value, more: { 'ms elapsed': elapsed } }
    } finally {
      history.remove()
    }
  },
}
