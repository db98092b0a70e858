import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toHex } from '../../src/ids.js'
import { copyAsTest, openReplay } from '../../src/testing/open-replay.js'
import { createTestStore, settle } from '../../src/testing/test-store.js'
import { Task } from '../server/world.js'
import { runTests } from './copied-tests.js'
import { Place, USERS, writeHistory } from './place.js'

let place: Place
let authority: string
beforeAll(async () => {
  place = await Place.make()
  const world = await place.serve(USERS)
  authority = toHex(world.key.publicKey)
  const { ada, lin } = await writeHistory(world)
  // What a client records, it signs with a session that the authority has certified.
  await writeFile(join(place.folder, 'by-ada.ibexreplay'), await ada.store.record({}, { title: 'By Ada' }))
  await ada.store.close()
  await lin.store.close()
  await place.save(world)
})
afterAll(() => place.remove())

describe('ibex replay', () => {
  test('records a range, and says what is in a file', async () => {
    expect(await place.ibex(['replay', 'record', 'a.ibexreplay', '@~3..@', '--title', 'Milk'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^a\.ibexreplay: \d+ bytes$/),
    })
    const { code, lines } = await place.ibex('replay a.ibexreplay --color never')
    expect(code).toBe(0)
    expect(lines).toEqual([
      'Milk',
      'Repository: /data/main',
      expect.stringMatching(/^Recorded: {3}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4} by [0-9a-f]{32}$/),
      expect.stringMatching(/^Range: {6}2026-01-01 \d\d:\d\d:30 [+-]\d{4} to 2026-01-01 \d\d:\d\d:37 [+-]\d{4}$/),
      'Holds:      3 actions in 5 commits, 4 of them sealed',
      `Authority:  ${authority} (as the file says)`,
      'good every hash and signature holds',
    ])
  })

  test('a client’s recording is certified by its authority, and no other', async () => {
    const shown = await place.ibex(`replay by-ada.ibexreplay --authority ${authority} --json`)
    expect(JSON.parse(shown.out)).toMatchObject({
      ok: true,
      title: 'By Ada',
      recordedBy: 'ada',
      trust: 'as asked',
      authority,
      commits: 6,
      sealed: 5,
      actions: 5,
    })
    const other = '11'.repeat(32)
    expect(await place.ibex(`replay by-ada.ibexreplay --authority ${other}`)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^bad bad-(certificate|signature): /),
    })
    expect(await place.ibex('replay by-ada.ibexreplay --authority 12')).toMatchObject({ code: 2 })
  })

  test('whoever cannot sign for the authority can vouch for no state that came before', async () => {
    const whole = await place.ibex('replay record whole.ibexreplay --authority nowhere')
    expect(whole).toMatchObject({ code: 0, notes: expect.stringContaining('nobody whom the authority knows') })
    expect((await place.ibex('replay whole.ibexreplay')).code).toBe(0)
    await place.ibex('replay record part.ibexreplay @~2.. --authority nowhere')
    expect(await place.ibex('replay part.ibexreplay')).toMatchObject({
      code: 1,
      out: expect.stringContaining('bad-certificate'),
    })
    expect((await place.ibex('replay record part.ibexreplay @~2..')).notes).toBe('')
    expect((await place.ibex(`replay part.ibexreplay --authority ${authority}`)).code).toBe(0)
  })

  test('a file that was altered, and what is none, are told', async () => {
    const bytes = await readFile(join(place.folder, 'by-ada.ibexreplay'))
    bytes[bytes.length - 30]! ^= 1
    await writeFile(join(place.folder, 'altered.ibexreplay'), bytes)
    for (const file of ['altered.ibexreplay', 'other.txt']) {
      if (file === 'other.txt') await writeFile(join(place.folder, file), 'nothing')
      const { code, out } = await place.ibex(`replay ${file} --json`)
      expect(code).toBe(1)
      expect(JSON.parse(out)).toMatchObject({ ok: false, code: expect.stringMatching(/malformed-bytes|bad-signature/) })
    }
    expect((await place.ibex('log --replay altered.ibexreplay')).code).toBe(2)
  })

  test('every other command looks into a file as into a folder, and sees the same', async () => {
    const commands = [
      'log',
      'log --oneline --graph',
      'log -p',
      'diff @~3 @',
      'blame milk',
      'show @:',
      'show @~2:',
      'show start:',
    ]
    for (const command of commands) {
      const [here, there] = [await place.ibex(command), await place.ibex(`${command} --replay by-ada.ibexreplay`)]
      expect(there).toEqual(here)
    }
    expect((await place.ibex('verify --replay by-ada.ibexreplay')).out).toMatch(/^good 6 commits verified/)
    expect(
      (await place.ibex(['bisect', '--replay', 'by-ada.ibexreplay', '--expr', "!get('task', 'milk')?.votes"])).out,
    ).toContain('Author: lin')
    expect(await place.ibex('revert @ --replay by-ada.ibexreplay')).toMatchObject({
      code: 2,
      notes: expect.stringContaining('past-is-read-only'),
    })
    expect((await place.ibex('log --in /data/other --replay by-ada.ibexreplay')).notes).toContain('is of /data/main')
  })

  test('and a test sees the same', async () => {
    const replay = await openReplay(await readFile(join(place.folder, 'by-ada.ibexreplay')), {
      schemas: [Task],
      authority,
    })
    const count = replay.history.timeline().count
    for (let back = 0; back <= count; back++) {
      const moment =
        back === count ? replay.from : replay.history.timeline().slice(count - back - 1, count - back)[0]!.moment!
      replay.seek(moment)
      const { lines } = await place.ibex(`show --json @~${back}:`)
      const shown = lines.filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>)
      // The command has no schema here, and so no defaults.
      const stored = replay.items()['task']!.map((item) => ({ $schema: 'task', ...item }))
      expect(shown).toEqual(stored.map(({ done: _, ...item }: Record<string, unknown>) => item))
    }
    replay.close()
  })

  test('leaves out what is named', async () => {
    await place.ibex('replay record hidden.ibexreplay --redact task.title')
    const { out } = await place.ibex('replay hidden.ibexreplay --json')
    expect(out).not.toContain('Buy')
    const all = await place.ibex('replay record all.ibexreplay --redact task')
    expect(all.code).toBe(0)
  })

  test('plays what happened, with its pauses shortened', async () => {
    const { code, lines } = await place.ibex('replay play by-ada.ibexreplay --speed 1000 --idle 0.01')
    expect(code).toBe(0)
    expect(lines.map((line) => line.replace(/^[0-9a-f/]+ /, ''))).toEqual([
      'Add milk create task milk',
      'create task bread',
      'Rename milk task milk: title',
      'task milk: votes, tags',
      'delete task bread',
    ])
    expect((await place.ibex('replay play by-ada.ibexreplay --idle 0.01 -p')).out).toContain('+ title: "Buy oat milk"')
    expect((await place.ibex('replay play by-ada.ibexreplay --speed 0')).code).toBe(2)
  })
})

describe('a copied test', () => {
  test('of the command runs, and fails where what it holds is not so', async () => {
    const made = await place.ibex('replay test by-ada.ibexreplay milk.test.ts')
    expect(made).toMatchObject({ code: 0, out: 'milk.test.ts' })
    const code = await readFile(join(place.folder, 'milk.test.ts'), 'utf8')
    expect(code).toContain('title: "Buy oat milk"')
    const wrong = code.replace('title: "Buy oat milk"', 'title: "Buy soy milk"')
    expect(await runTests({ 'milk.test.ts': code, 'wrong.test.ts': wrong })).toMatchObject({
      passed: ['milk.test.ts'],
      failed: ['wrong.test.ts'],
      output: expect.stringContaining('Buy soy milk'),
    })
  })

  test('with the app’s schemas, and the recording in a file beside it', async () => {
    const store = createTestStore({ schemas: [Task], seed: 77 })
    const tasks = store.collection(Task)
    tasks.createMany(Array.from({ length: 400 }, (_, i) => ({ title: `Task ${i * 7919}` })))
    await settle()
    const from = (await store.history()).now()
    const [first] = tasks.query({ orderBy: '$id', limit: 1 }).get()
    tasks.update(first!.$id, (task) => {
      task.done = true
      task.tags.add('seen')
    })
    const made = await copyAsTest(
      store,
      { from },
      {
        title: 'One of many',
        schemas: "import { schemas } from './schemas'",
      },
    )
    // Only what is different is written down.
    expect(made.code.match(/\$id:/g)).toHaveLength(2)
    const schemas = `import { defineSchema, field } from 'ibex-state'
    export const schemas = [defineSchema('task', { title: field.string(), done: field.boolean().default(false),
      owner: field.string().optional(), tags: field.set(field.string()), votes: field.counter() })]`
    const files = {
      'many.test.ts': made.code,
      [made.file!.name]: made.file!.bytes,
      'schemas.ts': schemas,
      'changed.test.ts': made.code.replace('./schemas', './changed'),
      'changed.ts': schemas.replace('default(false)', 'default(true)'),
    }
    expect(await runTests(files)).toMatchObject({
      passed: ['many.test.ts'],
      failed: ['changed.test.ts'],
      output: expect.stringContaining('AssertionError'),
    })
    await store.close()
  })
})
