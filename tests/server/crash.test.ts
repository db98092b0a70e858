import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../../src/testing/virtual-time.js'
import { bundle, Program } from './program.js'
import { type SocketClient, socketClient, until } from './socket-client.js'

let program: Awaited<ReturnType<typeof bundle>>
let folder: string
beforeAll(async () => {
  program = await bundle('src/cli/main.ts')
  folder = await mkdtemp(join(tmpdir(), 'ibex-crash-'))
})
afterAll(async () => {
  await program.remove()
  await rm(folder, { recursive: true, force: true })
})

async function start(): Promise<{ server: Program; url: string }> {
  const server = new Program(program.path, ['serve', '--port', '0', '--data', join(folder, 'data')], { cwd: folder })
  return { server, url: await server.printed(/sync\s+(ws:\S+)/) }
}

/** Writes without pause until it is told to stop; notes what the server has acknowledged. */
async function write({ store, tasks }: SocketClient, acknowledged: Set<string>, stopped: () => boolean): Promise<void> {
  for (let n = 0; !stopped(); n++) {
    const ids = Array.from({ length: 1 + (n % 3) }, (_, i) => tasks.create({ title: `${n} ${i}` }).$id)
    const done = store.synced().then(() => ids.forEach((id) => acknowledged.add(id)))
    if (n % 4 === 0) await Promise.race([done, until(stopped, 'the end of the cycle')])
    else await new Promise((resolve) => setImmediate(resolve))
    done.catch(() => {})
  }
}

test(
  'I-15: kill -9 in the middle of writes, twenty times, and nothing acknowledged is lost',
  { timeout: 120_000 },
  async () => {
    const { fraction } = seededRandom(9)
    const acknowledged = new Set<string>()
    for (let cycle = 0; cycle < 20; cycle++) {
      const { server, url } = await start()
      // What the last cycle left is all there, before any client could bring it back.
      const reader = await socketClient(url)
      await until(() => reader.store.status().complete, 'the reader is complete')
      const missing = [...acknowledged].filter((id) => !reader.tasks.get(id))
      expect({ cycle, missing }).toEqual({ cycle, missing: [] })
      const writers = await Promise.all([socketClient(url), socketClient(url)])
      const target = acknowledged.size + 5 + Math.floor(fraction() * 20)
      let stopped = false
      const writing = writers.map((writer) => write(writer, acknowledged, () => stopped))
      await until(() => acknowledged.size >= target, 'enough is acknowledged')
      await server.end('SIGKILL')
      stopped = true
      await Promise.all(writing)
      // They are closed without having met the next server.
      await Promise.all([reader, ...writers].map(({ store }) => store.close()))
    }
    const { server, url } = await start()
    const last = await socketClient(url)
    await until(() => last.store.status().complete, 'the last reader is complete')
    expect([...acknowledged].filter((id) => !last.tasks.get(id))).toEqual([])
    expect(acknowledged.size).toBeGreaterThan(150)
    await last.store.close()
    server.child.kill('SIGTERM')
    expect(await server.ended).toEqual({ code: 0, signal: null })
  },
)
