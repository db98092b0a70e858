import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { createNode } from '../../tests/repository/node.js'
import { createMemoryStorage } from '../storage/memory.js'
import type { Log } from '../storage/port.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** As one on a disk: what was appended takes no memory here. */
async function forgetfulLog(): Promise<Log> {
  let position = 0
  return { ...(await createMemoryStorage().openLog('r')), append: async () => ++position }
}

test('I-17: memory follows live state: of an own commit that was folded and stored little more stays than its index entry', async () => {
  const { journal, time, title, create, setTitle } = createNode({ log: await forgetfulLog() })
  const items = Array.from({ length: 10 }, (_, i) => `i${i}`)
  for (const item of items) create(item, '')
  const edit = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n++) {
      setTitle(items[n % items.length]!, `title ${n}`)
      await journal.flush()
      if (n % 100 === 99) await time.pass(1000)
    }
  }
  const heap = async (): Promise<number> => {
    // What is let go of in one collection holds what the next one finds.
    for (let i = 0; i < 4; i++) {
      await new Promise((resolve) => setImmediate(resolve))
      collect()
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  // What is kept of the latest commits only has found its size by then.
  await edit(0, 6000)
  const before = await heap()
  await edit(6000, 16_000)
  const each = ((await heap()) - before) / 10_000
  expect(journal.graph.size).toBe(16_000)
  expect(title('i9')).toBe('title 15999')
  expect(each).toBeGreaterThan(60)
  expect(each).toBeLessThan(150)
  if (process.env['IBEX_REPORT']) console.log(`journal: ${each.toFixed(0)} bytes a commit`)
})
