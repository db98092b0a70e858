/** What a panel can have done, driving included. */
import { describe, expect, test, vi } from 'vitest'
import { DEVTOOLS_LABEL, SILENCE_MS } from '../../src/inspect/channel.js'
import { DRIVER, type Driver } from '../../src/inspect/driving.js'
import { openRegistry } from '../../src/inspect/registry.js'
import { decodeCommit } from '../../src/graph/commit.js'
import { sha256 } from '../../src/crypto/sha256.js'
import { rule } from '../../src/repository/rules.js'
import { openReplay } from '../../src/testing/open-replay.js'
import { settle } from '../../src/testing/test-store.js'
import { World } from '../server/world.js'
import { copied, createClient, createLookedAt, type Looking, rowsOf, Task } from './looking.js'

const MAIN = '/data/main'

/** Resolves or rejects as the command does, in virtual time. */
async function done<T>(command: Promise<T>): Promise<T> {
  command.catch(() => {})
  await settle()
  return command
}

async function connected(): Promise<Looking> {
  const looking = createLookedAt()
  looking.tasks.create({ title: 'x', votes: 0 }, { id: 'one' })
  looking.join()
  await settle()
  return looking
}

describe('editing', () => {
  test('sets fields of every kind as they are now, in one action that says where it comes from', async () => {
    const { panel, tasks, store } = await connected()
    tasks.update('one', (draft) => {
      draft.votes.increment(5)
      draft.owner = 'ada'
    })
    const patch = { title: 'y', votes: 2, tags: ['a', 'b'], due: 86_400_000, notes: { k: 'v' }, owner: null }
    await done(panel.command('edit', { repository: MAIN, schema: 'task', item: 'one', patch }))
    expect(tasks.get('one')).toMatchObject({ title: 'y', votes: 2, tags: ['a', 'b'], notes: { k: 'v' } })
    expect(tasks.get('one')!.owner).toBeUndefined()
    expect(tasks.get('one')!.due).toEqual(new Date(86_400_000))
    const { journal } = store.slots.get(store.repository)!.opened!
    const newest = decodeCommit(await journal.storage.bytesOf(journal.graph.heads()[0]!), sha256)
    expect(newest.actions.map(({ label }) => label)).toContain(DEVTOOLS_LABEL)
  })

  test('what is invalid is refused as the app would be, and nothing of it is done', async () => {
    const { panel, tasks } = await connected()
    const edit = (item: string, patch: object): Promise<null> =>
      done(panel.command('edit', { repository: MAIN, schema: 'task', item, patch: patch as never }))
    await expect(edit('one', { votes: 3, title: 5 })).rejects.toMatchObject({ code: 'invalid' })
    await expect(edit('two', { title: 'y' })).rejects.toMatchObject({ code: 'item-missing' })
    await expect(edit('one', { votes: 'many' })).rejects.toMatchObject({ code: 'bad-option' })
    await expect(
      done(panel.command('edit', { repository: MAIN, schema: 'nothing', item: 'one', patch: {} })),
    ).rejects.toMatchObject({ code: 'unknown-schema' })
    expect(tasks.get('one')).toMatchObject({ title: 'x', votes: 0 })
  })
})

describe('what was refused', () => {
  const rules = [rule(MAIN, { write: ({ after }) => after?.['title'] !== 'evil' })]

  /** Something is done that the server refuses, after `before`. */
  async function refused(act: (looking: Looking) => void, before: (looking: Looking) => void = () => {}) {
    const world = await new World().start({ schemas: [Task], rules })
    const looking = await createClient(world)
    const { panel, store } = looking
    store.onRejected(() => {})
    looking.join()
    panel.troubles.subscribe(() => {})
    before(looking)
    await world.settle(3000)
    act(looking)
    await world.settle(3000)
    const { repository, commit } = panel.troubles.get().rejected[0]!
    const { journal } = store.slots.get(store.repository)!.opened!
    const commits = journal.graph.size
    return {
      ...looking,
      refusal: { repository, commit },
      run: async <T>(command: Promise<T>): Promise<T> => {
        command.catch(() => {})
        await world.settle(3000)
        return command
      },
      settle: () => world.settle(3000),
      /** The labels of what was written since, by commit; seals have none. */
      labels: async () => {
        const ids = Array.from({ length: journal.graph.size - commits }, (_, n) => journal.graph.idAt(commits + n))
        const all = await Promise.all(ids.map((id) => journal.storage.bytesOf(id)))
        return all
          .map((bytes) => decodeCommit(bytes, sha256).actions.map(({ label }) => label))
          .filter((own) => own.length > 0)
      },
      /** Of both, for good. */
      isAccepted: () => store.status().rejected.length === 0 && store.status().pending === 0,
    }
  }

  test('a create is made anew, with its id and all else that it holds', async () => {
    const { panel, tasks, refusal, run, labels, isAccepted } = await refused((looking) =>
      looking.tasks.create({ title: 'evil', tags: ['a'], votes: 2, notes: { k: 'v' }, owner: 'ada' }, { id: 'bad' }),
    )
    expect(tasks.get('bad')).toBeUndefined()
    const edits = [
      { schema: 'task', item: 'bad', field: 'title', value: 'good' },
      { schema: 'task', item: 'bad', field: 'owner', value: null },
    ]
    await run(panel.command('retryEdited', { ...refusal, edits }))
    expect(tasks.get('bad')).toMatchObject({ title: 'good', tags: ['a'], votes: 2, notes: { k: 'v' } })
    expect(tasks.get('bad')!.owner).toBeUndefined()
    expect(await labels()).toEqual([[DEVTOOLS_LABEL]])
    expect(isAccepted()).toBe(true)
  })

  test('all of a commit is written as one action, with only the edited values different', async () => {
    const act = ({ store, tasks }: Looking): void => {
      tasks.update('one', { title: 'evil', due: new Date(5) })
      store.transact(
        () => {
          tasks.update('one', (draft) => {
            draft.votes.increment(2)
            draft.tags.add('b')
            draft.tags.delete('a')
            draft.notes['l'] = 'w'
          })
          tasks.delete('two')
          tasks.restore('three')
          tasks.create({ title: 'four' }, { id: 'four' })
        },
        { label: 'Mixed' },
      )
      tasks.update('one', { title: 'evil' })
    }
    const { panel, tasks, store, refusal, run, labels, isAccepted } = await refused(act, (looking) => {
      looking.tasks.create({ title: 'x', votes: 1, tags: ['a'], notes: { k: 'v' } }, { id: 'one' })
      for (const id of ['two', 'three']) looking.tasks.create({ title: id }, { id })
      looking.tasks.delete('three')
    })
    expect(tasks.get('one')).toMatchObject({ title: 'x', votes: 1, tags: ['a'], notes: { k: 'v' } })
    const edits = [
      { schema: 'task', item: 'one', field: 'title', value: 'y' },
      { schema: 'task', item: 'one', field: 'due', value: 86_400_000 },
    ]
    await run(panel.command('retryEdited', { ...refusal, edits }))
    expect(tasks.get('one')).toMatchObject({ title: 'y', votes: 3, tags: ['b'], notes: { k: 'v', l: 'w' } })
    expect(tasks.get('one')!.due).toEqual(new Date(86_400_000))
    expect(['two', 'three', 'four'].map((id) => store.collection(Task).statusOf(id))).toEqual([
      'deleted',
      'ready',
      'ready',
    ])
    expect(await labels()).toEqual([[DEVTOOLS_LABEL]])
    expect(isAccepted()).toBe(true)
  })

  test('an edit that is wrong leaves the refusal there, and writes nothing', async () => {
    const { panel, tasks, store, refusal, run, labels } = await refused(
      ({ tasks: all }) => {
        all.update('one', (draft) => {
          draft.title = 'evil'
          draft.votes.increment()
        })
        all.create({ title: 'new' }, { id: 'two' })
      },
      (looking) => void looking.tasks.create({ title: 'x' }, { id: 'one' }),
    )
    const good = { schema: 'task', item: 'one', field: 'title', value: 'y' }
    const wrong: [edits: unknown, code: string][] = [
      [[good, { ...good, field: 'owner' }], 'bad-option'],
      [[good, { ...good, item: 'three' }], 'bad-option'],
      [[good, { ...good, field: 'votes', value: 5 }], 'bad-option'],
      [[good, { schema: 'task', item: 'one', field: 'title' }], 'bad-option'],
      [[good, { ...good, item: 'two', value: 5 }], 'invalid'],
      [[good, { ...good, value: null }], 'invalid'],
      [[good, { ...good, schema: 'nothing' }], 'unknown-schema'],
      [[good, 'title'], 'bad-option'],
      [good, 'bad-option'],
    ]
    for (const [edits, code] of wrong) {
      await expect(run(panel.command('retryEdited', { ...refusal, edits: edits as never }))).rejects.toMatchObject({
        code,
      })
    }
    const other = { ...refusal, commit: 'x', edits: [good] }
    await expect(run(panel.command('retryEdited', other))).rejects.toMatchObject({ code: 'bad-option' })
    expect(store.status().rejected.map(({ commit }) => commit)).toEqual([refusal.commit])
    expect(await labels()).toEqual([])
    expect([tasks.get('one')!.title, tasks.get('two')]).toEqual(['x', undefined])
  })

  test('what it took out of a set again is out, also where something else is pending for the item', async () => {
    const { panel, tasks, refusal, run } = await refused(
      ({ tasks: all }) => {
        all.update('one', { title: 'evil' })
        all.update('one', (draft) => void draft.tags.add('a'))
        all.update('one', (draft) => void draft.tags.delete('a'))
      },
      (looking) => void looking.tasks.create({ title: 'x' }, { id: 'one' }),
    )
    const edits = [{ schema: 'task', item: 'one', field: 'title', value: 'y' }]
    const retried = panel.command('retryEdited', { ...refusal, edits })
    // In the page when the command comes, and in no commit yet.
    tasks.update('one', (draft) => void draft.tags.add('b'))
    await run(retried)
    expect(tasks.get('one')).toMatchObject({ title: 'y', tags: ['b'] })
  })

  test('retried as it is, it says too that a panel did it', async () => {
    const {
      panel,
      store,
      refusal,
      run,
      settle: pass,
      labels,
    } = await refused(({ store: own, tasks }) =>
      own.transact(() => void tasks.create({ title: 'evil' }), { label: 'Add' }),
    )
    await run(panel.command('retryRejection', refusal))
    expect(await labels()).toEqual([[DEVTOOLS_LABEL]])
    // Refused once more.
    expect(store.status().rejected.map(({ commit }) => commit)).not.toEqual([refusal.commit])
    expect(store.status().rejected).toHaveLength(1)
    // The app does it for itself.
    store.status().rejected[0]!.retry()
    await pass()
    expect(await labels()).toEqual([[DEVTOOLS_LABEL], [undefined]])
  })
})

test('a command that the page does not know is answered so', async () => {
  const { panel } = await connected()
  const unknown = panel.command('teleport' as never, null as never)
  await expect(done(unknown)).rejects.toMatchObject({ code: 'bad-option', message: /knows no command 'teleport'/ })
  await expect(done(panel.command('toString' as never, null as never))).rejects.toMatchObject({ code: 'bad-option' })
})

describe('driving', () => {
  /** Notes what the app would show. */
  function drive({ store }: Looking): (readonly [string, string | null])[] {
    const shown: (readonly [string, string | null])[] = []
    const driver: Driver = { show: (repository, moment) => void shown.push([repository, moment]) }
    Object.assign(store, { [DRIVER]: driver })
    return shown
  }

  test('a repository that the app has not opened is not shown, nor made for it', async () => {
    const looking = await connected()
    const shown = drive(looking)
    const { panel, store } = looking
    for (const repository of ['/data/other', 'nonsense']) {
      const wrong = [
        panel.command('drive', { repository, moment: 'a' }),
        panel.command('edit', { repository, schema: 'task', item: 'one', patch: {} }),
        panel.command('discardRejection', { repository, commit: 'x' }),
        panel.command('verify', { repository }),
      ]
      const code = repository === 'nonsense' ? 'malformed-path' : 'not-ready'
      for (const each of wrong) await expect(done(each)).rejects.toMatchObject({ code })
    }
    expect(shown).toEqual([])
    expect([...store.slots.keys()]).toEqual([MAIN])
  })

  test('a page that cannot show the past says so', async () => {
    const { panel } = await connected()
    expect(panel.about.get()!.drivable).toBe(false)
    await expect(done(panel.command('drive', { repository: MAIN, moment: 'm' }))).rejects.toMatchObject({
      code: 'bad-option',
    })
    expect(panel.driving.get()).toBeNull()
  })

  test('shows what the panel wants, as long as it is there, and then the present', async () => {
    const looking = await connected()
    const { panel, lines, store } = looking
    await store.ready('/local/x')
    const shown = drive(looking)
    await settle()
    expect(panel.about.get()!.drivable).toBe(true)
    await done(panel.command('drive', { repository: MAIN, moment: 'a' }))
    expect(panel.driving.get()).toEqual({ repository: MAIN, moment: 'a' })
    await done(panel.command('drive', { repository: MAIN, moment: 'b' }))
    // The panel says by itself that it is there.
    await settle(10 * SILENCE_MS)
    expect(shown).toEqual([
      [MAIN, 'a'],
      [MAIN, 'b'],
    ])
    await done(panel.command('drive', { repository: MAIN, moment: null }))
    expect(shown.at(-1)).toEqual([MAIN, null])
    expect(panel.driving.get()).toBeNull()
    await done(panel.command('drive', { repository: MAIN, moment: 'c' }))
    await done(panel.command('drive', { repository: '/local/x', moment: 'd' }))
    expect(shown.slice(3)).toEqual([
      [MAIN, 'c'],
      [MAIN, null],
      ['/local/x', 'd'],
    ])
    lines[0]!.sever()
    await settle(SILENCE_MS + 500)
    expect(shown.at(-1)).toEqual(['/local/x', null])
  })

  test('another panel that looks on does not keep the page in the past', async () => {
    const looking = await connected()
    const { panel, lines, another } = looking
    const shown = drive(looking)
    const other = another().end.store
    await done(panel.command('drive', { repository: MAIN, moment: 'a' }))
    expect(other.driving.get()).toEqual({ repository: MAIN, moment: 'a' })
    lines[0]!.sever()
    await settle(SILENCE_MS + 500)
    expect(shown.at(-1)).toEqual([MAIN, null])
  })

  test('a panel that is there and silent is gone after two seconds', async () => {
    const looking = await connected()
    const { panel, lines } = looking
    const shown = drive(looking)
    await done(panel.command('drive', { repository: MAIN, moment: 'a' }))
    // What the panel says does not arrive any more, and the page is not told of it.
    lines[0]!.setFaults({ loss: 1 })
    await settle(SILENCE_MS - 600)
    expect(shown).toHaveLength(1)
    await settle(1200)
    expect(shown.at(-1)).toEqual([MAIN, null])
  })

  test('a line that breaks and is made again within that time changes nothing', async () => {
    const looking = await connected()
    const { panel, lines, join } = looking
    const shown = drive(looking)
    await done(panel.command('drive', { repository: MAIN, moment: 'a' }))
    lines[0]!.sever()
    await settle(1000)
    join()
    await settle(5 * SILENCE_MS)
    expect(shown).toEqual([[MAIN, 'a']])
    expect(panel.driving.get()).toEqual({ repository: MAIN, moment: 'a' })
  })
})

describe('export and import', () => {
  test('what one store gives another one takes, checked like any other commits, once', async () => {
    const world = new World()
    const from = await createClient(world, { server: false })
    const to = await createClient(world, { server: false })
    const run = async <T>(command: Promise<T>): Promise<T> => {
      let over = false
      command.then(
        () => (over = true),
        () => (over = true),
      )
      for (let turn = 0; turn < 100 && !over; turn++) await world.settle(100)
      return command
    }
    for (let n = 0; n < 10; n++) {
      from.tasks.create({ title: `task ${n} ${'x'.repeat(40_000)}` })
      await world.settle(400)
    }
    from.join()
    to.join()
    await world.settle()
    const bytes = await run(from.panel.exportAll())
    expect(bytes.length).toBeGreaterThan(300_000)
    const text = JSON.parse(new TextDecoder().decode(bytes)) as {
      repositories: { commits: string[] }[]
      sessions: string[]
    }
    expect(text).toMatchObject({ store: 'main', repositories: [{ path: MAIN, commits: { length: 10 } }] })
    expect(text.sessions).toHaveLength(1)
    expect(await run(to.panel.importAll(bytes))).toEqual({ commits: 10, refused: 0 })
    expect(to.tasks.query({ orderBy: '$id' }).get()).toEqual(from.tasks.query({ orderBy: '$id' }).get())
    expect(await run(to.panel.importAll(bytes))).toEqual({ commits: 0, refused: 0 })

    // One bit of a title, and the whole is refused; a session that nobody vouches for, and its commits are.
    const { commits } = text.repositories[0]!
    const bad = Buffer.from(commits[3]!, 'base64')
    bad[bad.length - 100]! ^= 1
    const forged = { ...text, repositories: [{ path: MAIN, commits: [bad.toString('base64')] }] }
    const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
    const third = await createClient(world, { server: false })
    third.join()
    await world.settle()
    await expect(run(third.panel.importAll(encode(forged)))).rejects.toMatchObject({ code: 'bad-hash' })
    expect(await run(third.panel.importAll(encode({ ...text, sessions: [] })))).toEqual({ commits: 0, refused: 10 })
    for (const nonsense of ['', '[]', '{}', '{"sessions":[],"repositories":[{"path":"x","commits":[]}]}']) {
      await expect(run(third.panel.importAll(new TextEncoder().encode(nonsense)))).rejects.toMatchObject({
        code: 'invalid',
      })
    }
    expect(third.tasks.query().get()).toEqual([])
  })
})

test('clearing needs the name of the store, and empties it', async () => {
  const world = new World()
  const { panel, tasks, store, join } = await createClient(world, { server: false })
  tasks.create({ title: 'x' })
  await world.settle()
  join()
  await world.settle()
  const wrong = panel.command('clear', { confirm: 'yes' })
  wrong.catch(() => {})
  await world.settle()
  await expect(wrong).rejects.toMatchObject({ code: 'bad-option', message: /the store's name, 'main'/ })
  expect(tasks.query().get()).toHaveLength(1)
  void panel.command('clear', { confirm: 'main' }).catch(() => {})
  await world.settle(3000)
  expect(store.collection(Task).query().get()).toEqual([])
  expect(rowsOf(await copied(panel, (ms) => world.settle(ms)))).toEqual([])
})

describe('where actions come from', () => {
  const headOf = ({ store }: Looking): string => store.slots.get(store.repository)!.opened!.journal.graph.heads()[0]!

  test('is kept in development before anybody looks, and before and after the commit', async () => {
    const looking = createLookedAt()
    const { panel, tasks, store, join } = looking
    await settle()
    store.transact(function transacting() {
      tasks.create({ title: 'x' }, { id: 'one' })
      tasks.create({ title: 'y' }, { id: 'two' })
    })
    tasks.update('one', { title: 'z' })
    const { repository } = store.slots.get(store.repository)!.opened!
    const [window] = repository.waiting
    expect(window!.actions).toHaveLength(2)
    expect(looking.exposed.sources.of(window!, 1)!.file).toMatch(/commands\.test\.ts/)
    await settle()
    join()
    await settle()
    const commit = headOf(looking)
    const first = await done(panel.command('sourceOf', { repository: MAIN, commit, action: 0 }))
    const second = await done(panel.command('sourceOf', { repository: MAIN, commit, action: 1 }))
    expect(first!.file).toMatch(/commands\.test\.ts/)
    expect(second!.file).toMatch(/commands\.test\.ts/)
    expect(second!.line).toBe(first!.line + 4)
    expect(await done(panel.command('sourceOf', { repository: MAIN, commit, action: 9 }))).toBeNull()
  })

  test('is kept of the last actions, and not of all', async () => {
    const looking = createLookedAt()
    const { tasks, exposed } = looking
    tasks.create({ title: 'x' }, { id: 'one' })
    await settle()
    const old = headOf(looking)
    expect(exposed.sources.find(old, 0)).not.toBeNull()
    for (let n = 0; n < 2000; n++) tasks.update('one', { title: `${n}` })
    await settle()
    expect(exposed.sources.find(headOf(looking), 0)).not.toBeNull()
    expect(exposed.sources.find(old, 0)).toBeNull()
  })

  test('is kept in production only while a devtools hook is in the page', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    const looking = createLookedAt()
    vi.unstubAllEnvs()
    const { tasks, exposed } = looking
    const { watchers } = openRegistry()
    const watcher = (): void => {}
    tasks.create({ title: 'nobody looks' }, { id: 'zero' })
    await settle()
    expect(exposed.sources.find(headOf(looking), 0)).toBeNull()
    watchers.add(watcher)
    try {
      tasks.create({ title: 'somebody does' }, { id: 'one' })
      await settle()
      expect(exposed.sources.find(headOf(looking), 0)).not.toBeNull()
    } finally {
      watchers.delete(watcher)
    }
  })
})

/** As {@link done}, for what waits for the platform too: recordings are deflated. */
async function doneInTheEnd<T>(command: Promise<T>): Promise<T> {
  let settled = false
  const end = (): void => {
    settled = true
  }
  command.then(end, end)
  while (!settled) {
    await settle()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return command
}

describe('recordings', () => {
  test('what happened between two moments comes as a replay file, which opens without the page', async () => {
    const { panel, tasks, store } = await connected()
    tasks.update('one', { title: 'second' })
    await settle()
    const range = { repository: MAIN, from: null, to: null, title: 'Two titles' }
    const replay = await openReplay(await doneInTheEnd(panel.record(range)))
    expect(replay.info).toMatchObject({ title: 'Two titles', repository: MAIN, commits: 2 })
    expect(replay.items()).toMatchObject({ task: [{ title: 'second' }] })
    replay.close()

    const history = await store.history()
    const first = await openReplay(
      await doneInTheEnd(panel.record({ ...range, to: history.timeline().slice(0, 1)[0]!.moment! })),
    )
    expect(first.items()).toMatchObject({ task: [{ title: 'x' }] })
    first.close()
    history.close()
    await expect(doneInTheEnd(panel.record({ ...range, to: 'never' }))).rejects.toMatchObject({ code: 'malformed-id' })
  })

  test('a store that masks values is not recorded', async () => {
    const { panel, join } = createLookedAt({ redact: () => 'x' })
    join()
    await settle()
    const refused = doneInTheEnd(panel.record({ repository: MAIN, from: null, to: null, title: '' }))
    await expect(refused).rejects.toMatchObject({ code: 'forbidden' })
  })
})
