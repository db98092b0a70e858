/** A folder with a server's data, made by clients in virtual time, and the command run on it in this process. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Io } from '../../src/cli/io.js'
import { run } from '../../src/cli/program.js'
import type { Config } from '../../src/repository/rules.js'
import { openAuthorityKey } from '../../src/server/authority-key.js'
import { createNodeCrypto } from '../../src/server/node-crypto.js'
import { openFileStorage } from '../../src/server/file-disk.js'
import { type Client, Task, World } from '../server/world.js'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly lines: readonly string[]
  readonly notes: string
}

export class Place {
  readonly folder: string
  /** When people look. */
  now: number = Date.UTC(2026, 0, 1, 12)

  private constructor(folder: string) {
    this.folder = folder
  }

  static async make(): Promise<Place> {
    return new Place(await mkdtemp(join(tmpdir(), 'ibex-cli-')))
  }

  get data(): string {
    return join(this.folder, 'data')
  }

  /** A server in memory, on a clock that the test owns, with the key that lies beside the folder. */
  async serve(config?: Config): Promise<World> {
    const world = new World()
    world.key = await openAuthorityKey(`${this.data}.authority`, createNodeCrypto(), () => {})
    return world.start(config)
  }

  /** Ends a server, and writes what it stored into the folder, as it would have done itself. */
  async save(world: World): Promise<void> {
    await world.server.settle()
    await world.server.close()
    const storage = await openFileStorage(this.data)
    await storage.put('authority', await world.storage.get('authority'))
    for (const name of await world.storage.list()) {
      const log = await storage.openLog(name)
      const records: Uint8Array[] = []
      await (await world.storage.openLog(name)).replay((payload) => void records.push(payload.slice()))
      for (const record of records) await log.append(record)
    }
    await storage.close()
  }

  /** Runs the command, as typed. */
  async ibex(args: string | readonly string[], io: Partial<Io> = {}): Promise<Ran> {
    const out: string[] = []
    const notes: string[] = []
    const around: Io = {
      cwd: this.folder,
      env: {},
      terminal: false,
      out: (line) => out.push(line),
      note: (line) => notes.push(line),
      now: () => this.now,
      ...io,
    }
    const code = await run(
      typeof args === 'string' ? args.split(' ').filter(Boolean) : args,
      '0.0.0',
      around,
      async () => {},
    )
    const text = out.join('\n')
    return { code, out: text, lines: text.split('\n'), notes: notes.join('\n') }
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

export const USERS: Config = {
  schemas: [Task],
  authenticate: ({ token }) => token ?? null,
}

/**
 * Ada makes two tasks in one commit, and renames one in another; Lin, who was away, votes for it and tags it meanwhile; then
 * Ada deletes the other.
 */
export async function writeHistory(world: World): Promise<{ ada: Client; lin: Client }> {
  const ada = await world.client({ token: 'ada' })
  const lin = await world.client({ token: 'lin' })
  ada.store.transact(() => ada.tasks.create({ title: 'Buy milk' }, { id: 'milk' }), { label: 'Add milk' })
  ada.tasks.create({ title: 'Buy bread' }, { id: 'bread' })
  await world.settle(30_000)
  lin.store.setOffline(true)
  ada.store.transact(() => ada.tasks.update('milk', { title: 'Buy oat milk' }), { label: 'Rename milk' })
  await world.settle(1000)
  lin.tasks.update('milk', (task) => {
    task.votes.increment(2)
    task.tags.add('urgent')
  })
  await world.settle(1000)
  lin.store.setOffline(false)
  await world.settle(5000)
  ada.tasks.delete('bread')
  await world.settle(30_000)
  return { ada, lin }
}
