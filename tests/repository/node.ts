/** A repository with its journal, alone, in virtual time. */
import { type Lane, laneOf, requireItemId, requireRepositoryPath } from '../../src/ids.js'
import { recordCreate, recordPatch } from '../../src/item/record.js'
import { checkCreate } from '../../src/schema/check.js'
import { field } from '../../src/schema/field.js'
import { defineSchema } from '../../src/schema/schema.js'
import type { Log } from '../../src/storage/port.js'
import { testCrypto, testKey } from '../../src/testing/test-crypto.js'
import { seededRandom, VirtualTime } from '../../src/testing/virtual-time.js'
import { Journal } from '../../src/repository/journal.js'
import { Repository } from '../../src/repository/repository.js'
import { Sessions } from '../../src/repository/sessions.js'
import type { AuthorityRole } from '../../src/repository/verdicts.js'
import type { FlushWindow } from '../../src/repository/window.js'

export const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  tags: field.set(field.string()),
  votes: field.counter(),
})

export interface TestNode {
  readonly repository: Repository
  readonly journal: Journal
  readonly sessions: Sessions
  readonly lane: Lane
  readonly time: VirtualTime
  create(id: string, title: string): FlushWindow
  setTitle(id: string, title: string): FlushWindow
  title(id: string): string | undefined
}

export function createNode(
  options: {
    time?: VirtualTime
    seed?: number
    authority?: AuthorityRole
    log?: Log
    path?: string
    follows?: boolean
    clockOffset?: () => number
    /** Another process of the session that `seed` decides. */
    process?: number
  } = {},
): TestNode {
  const { time = new VirtualTime(), seed = 1, authority = 'none', path = '/data/main' } = options
  const random = seededRandom(seed)
  const crypto = testCrypto(random)
  const sessions = new Sessions(crypto)
  const key = testKey(random)
  const session = sessions.addKey(key.publicKey)
  if (authority === 'self') sessions.pinAuthority(key.publicKey)
  const lane = laneOf((options.process === undefined ? random : seededRandom(options.process)).bytes(8))
  const repository = new Repository({
    path: requireRepositoryPath(path),
    schemas: [Task],
    surroundings: { clock: time, scheduler: time, random },
    session,
    authorOf: sessions.authorOf,
  })
  repository.writable = true
  const journal = new Journal({
    repository,
    crypto,
    key,
    lane,
    sessions,
    authority,
    follows: () => options.follows ?? false,
    clockOffset: options.clockOffset ?? (() => 0),
  })
  journal.storage.log = options.log
  return {
    repository,
    journal,
    sessions,
    lane,
    time,
    create: (id, title) => repository.write(requireItemId(id), Task, recordCreate(Task, checkCreate(Task, { title }))),
    setTitle: (id, title) =>
      repository.write(
        requireItemId(id),
        Task,
        recordPatch(Task, repository.state.get('task', requireItemId(id))!, { title }),
      ),
    title: (id) => repository.table(Task).get(requireItemId(id))?.['title'] as string | undefined,
  }
}
