import { cpuTime } from '../cpu.js'
import { heap } from '../heap.js'
import { openAsServer } from '../long-history.js'
import { prepareHistory } from '../prepared-history.js'
import type { Question } from '../question.js'
import { requireSame } from '../tasks.js'
import type { Storage } from '../../src/storage/port.js'

const ITEMS = 10_000

export const question: Question = {
  name: 'open-repository',
  title: 'Open a repository of 10,000 items on the server, in a process that has just begun',
  unit: 'ms',
  variants: [
    { key: '1k', title: '1,000 commits', size: 1000 },
    { key: '100k', title: '100,000 commits', size: 100_000, target: 150 },
    { key: 'log', title: '100,000 commits, without a checkpoint', size: 100_000 },
  ],
  peers: ['ibex'],
  flags: ['--expose-gc'],
  async run(_peer, { key, size }) {
    const history = prepareHistory({ items: ITEMS, commits: size })
    const { openFileStorage } = await import('../../src/server/file-disk.js')
    try {
      const storage = await openFileStorage(history.folder)
      const before = await heap()
      const worked = cpuTime()
      const began = performance.now()
      const { journal, problems, close } = await openAsServer(key === 'log' ? withoutCheckpoint(storage) : storage)
      const elapsed = performance.now() - began
      const value = cpuTime() - worked
      const held = ((await heap()) - before) / 1e6
      requireSame('what is wrong', problems, [])
      requireSame('the number of items', journal.repository.state.count('task'), ITEMS)
      requireSame('the number of commits', journal.graph.size >= size, true)
      requireSame('what is undecided', journal.repository.state.provisional.size, 0)
      await close()
      await storage.close()
      return { value, more: { 'ms elapsed': elapsed, 'MB held': held } }
    } finally {
      history.remove()
    }
  },
}

/** The same, but that its checkpoints are lost. */
function withoutCheckpoint(storage: Storage): Storage {
  return {
    ...storage,
    openLog: async (name) => ({
      ...(await storage.openLog(name)),
      newestKeyframe: async () => undefined,
      writeKeyframe: async () => {},
    }),
  }
}
