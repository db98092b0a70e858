import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileStorage } from '../../src/server/file-disk.js'
import { bundlePage, openBrowser, servePage, threadTime } from '../browser.js'
import type { OpenedInPage, page } from '../history-page.js'
import { prepareHistory } from '../prepared-history.js'
import type { Question } from '../question.js'
import { requireSame } from '../tasks.js'
import { MAIN } from '../tasks-repository.js'

const ITEMS = 10_000

export const question: Question = {
  name: 'open-in-page',
  title: 'Open a repository of 10,000 items from OPFS, in a page that has just begun',
  unit: 'ms',
  variants: [
    { key: '1k', title: '1,000 commits', size: 1000 },
    { key: '100k', title: '100,000 commits', size: 100_000, target: 250 },
    { key: 'log', title: '100,000 commits, without a checkpoint', size: 100_000 },
  ],
  peers: ['ibex'],
  async run(_peer, { key, size }) {
    const code = await bundlePage(`import './history-page.js'`)
    const worker = await bundlePage(`import '../src/storage/opfs-worker.js'`, { effects: true })
    const server = await servePage(code, { '/opfs-worker.js': worker, '/log': await logOf(size) })
    const profile = mkdtempSync(join(tmpdir(), 'ibex-bench-'))
    const browser = await openBrowser(profile)
    try {
      const tab = browser.page
      const begin = async (): Promise<void> => {
        await tab.goto(server.url)
        await tab.waitForFunction(() => 'page' in globalThis)
      }
      const call = (method: keyof typeof page): Promise<unknown> =>
        tab.evaluate((name) => (globalThis as unknown as { page: typeof page }).page[name as 'open'](), method)
      await begin()
      await call('fill')
      await begin()
      if (key !== 'log') {
        await call('open')
        await call('checkpoint')
        await begin()
      }
      const devtools = await tab.context().newCDPSession(tab)
      const heap = async (): Promise<number> => {
        for (let i = 0; i < 3; i++) await devtools.send('HeapProfiler.collectGarbage')
        // Typed arrays lie outside of the heap.
        const { usedSize, backingStorageSize } = await devtools.send('Runtime.getHeapUsage')
        return (usedSize + backingStorageSize) / 1e6
      }
      await devtools.send('Performance.enable')
      const before = await heap()
      const worked = await threadTime(devtools)
      const { ms, longest, commits, items, problems } = (await call('open')) as OpenedInPage
      const work = (await threadTime(devtools)) - worked
      requireSame('what is wrong', problems, [])
      requireSame('the number of items', items, ITEMS)
      requireSame('the number of commits', commits >= size, true)
      const held = (await heap()) - before
      return { value: ms, more: { 'ms of work': work, 'ms of the longest task': longest, 'MB held': held } }
    } finally {
      await browser.close()
      server.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    }
  },
}

/** The records of a long history, each after its length. */
async function logOf(commits: number): Promise<Uint8Array> {
  const history = prepareHistory({ items: ITEMS, commits })
  try {
    const storage = await openFileStorage(history.folder)
    const parts: Uint8Array[] = []
    await (
      await storage.openLog(MAIN)
    ).replay((payload) => {
      const length = new Uint8Array(4)
      new DataView(length.buffer).setUint32(0, payload.length)
      parts.push(length, payload.slice())
    })
    await storage.close()
    return Buffer.concat(parts)
  } finally {
    history.remove()
  }
}
