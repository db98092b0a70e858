/** What the command shows of a stopped server's folder. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Place, USERS, writeHistory } from './place.js'

let place: Place
beforeAll(async () => {
  place = await Place.make()
  const world = await place.serve(USERS)
  const { ada, lin } = await writeHistory(world)
  await ada.store.close()
  await lin.store.close()
  await place.save(world)
})
afterAll(() => place.remove())

/** Ids differ from run to run. */
const anonymous = (text: string): string =>
  text.replace(/\b[0-9a-f]{64}\b/g, '<commit>').replace(/\b[0-9a-f]{8}\b/g, '<id>')

interface Entry {
  readonly id: string
  readonly kind: string
  readonly by: string
  readonly at: number
  readonly label?: string
  readonly moment: string
  readonly items: readonly { readonly id: string }[]
}

async function entries(args: string): Promise<Entry[]> {
  const { lines } = await place.ibex(`log --json ${args}`)
  return lines.filter(Boolean).map((line) => JSON.parse(line) as Entry)
}

describe('ibex log', () => {
  test('shows actions as Git shows commits, the newest first', async () => {
    const { code, out } = await place.ibex('log -n 3 --date unix')
    expect(code).toBe(0)
    expect(`\n${anonymous(out)}`).toBe(`
action <commit>/0
Author: ada (session <id>)
Date:   1767225637

    delete task bread

action <commit>/0
Author: lin (session <id>)
Date:   1767225631

    task milk: votes, tags

action <commit>/0
Author: ada (session <id>)
Date:   1767225630

    Rename milk

    task milk: title`)
  })

  test('on one line each, with the graph of who wrote what at once', async () => {
    const { out } = await place.ibex('log --oneline --graph --joins')
    expect(`\n${anonymous(out)}`).toBe(`
●  <id> (seal)
●  <id> delete task bread
├─╮
● │  <id> task milk: votes, tags
│ ●  <id> Rename milk task milk: title
├─╯
●  <id> (seal)
●  <id>/1 create task bread
●  <id>/0 Add milk create task milk`)
    // Where seals are not shown, lines lead to what is below them.
    expect(`\n${anonymous((await place.ibex('log --oneline --graph')).out)}`).toBe(`
●  <id> delete task bread
├─╮
● │  <id> task milk: votes, tags
│ ●  <id> Rename milk task milk: title
├─╯
●  <id>/1 create task bread
●  <id>/0 Add milk create task milk`)
  })

  test('with what was changed', async () => {
    const { out } = await place.ibex('log -p --author LIN')
    expect(out).toContain('task milk\n- votes: 0\n+ votes: 2 (+2)\n+ tags: "urgent"')
    expect(out).not.toContain('ada')
  })

  test('filters', async () => {
    const cases: Record<string, string[]> = {
      '': ['bread', 'milk', 'milk', 'bread', 'milk'],
      '-n 2': ['bread', 'milk'],
      '-n 0': [],
      '--reverse -n 2': ['milk', 'bread'],
      '--author lin': ['milk'],
      '--author nobody': [],
      '--item bread': ['bread', 'bread'],
      '--item task/milk --field title': ['milk', 'milk'],
      '--schema task --field tags': ['milk'],
      '--grep OAT': ['milk'],
      '--grep rename': ['milk'],
      '--since 1767225631 --until 1767225631999': ['milk'],
      '--standing void': [],
      'start..@~3': ['bread', 'milk'],
      '@~1..': ['bread'],
      '@{1767225630500}..@~1': ['milk'],
    }
    const found: Record<string, string[]> = {}
    for (const args of Object.keys(cases)) {
      const list = await entries(args)
      found[args] = list.map(({ items }) => items[0]!.id)
    }
    expect(found).toEqual(cases)
    expect((await entries('--label Rename')).length).toBe(0)
    expect((await place.ibex(['log', '--json', '--label', 'Rename milk'])).lines).toHaveLength(1)
    expect((await entries('--joins')).filter(({ kind }) => kind === 'seal')).toHaveLength(2)
  })

  test('in colour where people read', async () => {
    expect((await place.ibex('log --oneline', { terminal: true })).out).toContain('\u001B[')
    expect((await place.ibex('log --oneline', { terminal: true, env: { NO_COLOR: '1' } })).out).not.toContain('\u001B[')
    expect((await place.ibex('log --oneline --color never', { terminal: true })).out).not.toContain('\u001B[')
    expect((await place.ibex('log --oneline --color')).out).toContain('\u001B[')
  })
})

describe('ibex show', () => {
  test('shows actions by everything that can name them', async () => {
    const [newest, votes, renamed] = (await entries('')) as [Entry, Entry, Entry]
    const commit = renamed.id.slice(0, 64)
    for (const name of [commit, renamed.id, commit.slice(0, 12), `${commit.slice(0, 8)}/0`, '@~2', '@^^', 'HEAD~1~1']) {
      const { code, out } = await place.ibex(['show', name])
      expect(code).toBe(0)
      expect(out).toContain('- title: "Buy milk"\n+ title: "Buy oat milk"')
    }
    expect((await place.ibex('show')).out).toContain('task bread (deleted)')
    const range = await place.ibex(['show', '--json', `${commit}..`])
    expect(range.lines.map((line) => (JSON.parse(line) as Entry).id)).toEqual([votes.id, newest.id])
    expect(JSON.parse(range.lines[0]!)).toMatchObject({ changes: [{ field: 'votes' }, { field: 'tags' }] })
    // What a commit did is all that its actions did.
    const first = (await entries('')).at(-1)!.id.slice(0, 64)
    expect((await place.ibex(['show', first])).out.match(/^action/gm)).toHaveLength(2)
    const [seal] = (await entries('--joins')) as [Entry]
    expect((await place.ibex(['show', seal.id.slice(0, 64)])).out).toMatch(/^seal /)
  })

  test('shows items as they were', async () => {
    expect((await place.ibex('show @:')).out).toBe('task milk\n  title: "Buy oat milk"\n  votes: 2\n  tags: ["urgent"]')
    expect((await place.ibex('show @~1:')).out).toContain('task bread\n  title: "Buy bread"')
    expect((await place.ibex('show @~2:task/milk')).out).toBe(
      'task milk\n  title: "Buy oat milk"\n  votes: 0\n  tags: []',
    )
    expect((await place.ibex(['show', '@{2026-01-01 00:00:10Z}:milk'])).out).toContain('title: "Buy milk"')
    expect((await place.ibex('show start:')).out).toBe('')
    const items = (await place.ibex('show @~1:task --json')).lines.map((line) => JSON.parse(line) as object)
    expect(items).toMatchObject([
      { $schema: 'task', $id: 'bread', $createdBy: 'ada', title: 'Buy bread' },
      { $schema: 'task', $id: 'milk', $updatedBy: 'lin', votes: 2 },
    ])
  })

  test('by the schemas of the configuration, with their defaults', async () => {
    const config = join(place.folder, 'shown.mjs')
    await writeFile(config, 'export default { schemas: (await import(process.env.IBEX_TEST_SCHEMAS)).schemas }')
    const schemas = `data:text/javascript,${encodeURIComponent(SCHEMAS)}`
    process.env['IBEX_TEST_SCHEMAS'] = schemas
    const { out } = await place.ibex('show @:milk --config shown.mjs')
    delete process.env['IBEX_TEST_SCHEMAS']
    expect(out).toBe('task milk\n  title: "Buy oat milk"\n  done: false')
  })
})

/** What `defineSchema` makes of two fields, in plain data, so that it loads without a built package. */
const SCHEMAS = `
const field = { merge: 'register', members: undefined, target: undefined, element: undefined, validators: [] }
const fields = {
  title: { ...field, kind: 'string', presence: 'required', fallback: undefined },
  done: { ...field, kind: 'boolean', presence: 'default', fallback: false },
}
export const schemas = [{ name: 'task', version: 1, names: ['title', 'done'], fields }]
`

describe('ibex diff', () => {
  test('exits with 1 where there are differences, as diff does', async () => {
    expect(await place.ibex('diff')).toMatchObject({ code: 1, out: 'task bread (deleted)\n- title: "Buy bread"' })
    expect(await place.ibex('diff @ @')).toMatchObject({ code: 0, out: '' })
    const twice = await place.ibex('diff @~3 @~1')
    expect(twice.out).toContain('- title: "Buy milk"\n+ title: "Buy oat milk"')
    expect(twice.out).toContain('+ votes: 2 (+2)')
    expect((await place.ibex('diff @~3..@~1')).out).toBe(twice.out)
    expect((await place.ibex('diff @~1 @~3')).out).toContain('+ title: "Buy milk"')
  })

  test('shortened, narrowed, and for other programs', async () => {
    expect((await place.ibex('diff start @~1 --name-only')).lines.toSorted()).toEqual(['task/bread', 'task/milk'])
    expect((await place.ibex('diff start @~1 --stat')).lines.toSorted()).toEqual([
      ' 2 created, 0 updated, 0 deleted',
      ' task bread | created',
      ' task milk  | created',
    ])
    expect((await place.ibex('diff start @~1 --name-only --item milk')).out).toBe('task/milk')
    expect((await place.ibex('diff start @~1 --name-only --schema none')).code).toBe(0)
    expect(JSON.parse((await place.ibex('diff --json')).out)).toMatchObject({ id: 'bread', change: 'deleted' })
  })
})

describe('ibex blame', () => {
  test('says for each field who wrote it', async () => {
    const { out } = await place.ibex('blame milk --date unix')
    expect(anonymous(out).replaceAll(/ +/g, ' ')).toBe(
      [
        '<id> (ada 1767225630) title: "Buy oat milk"',
        '<id> (lin 1767225631) votes: 2',
        '<id> (lin 1767225631) tags: "urgent"',
        '<id>/0 (ada 1767225600) (exists)',
      ].join('\n'),
    )
    expect((await place.ibex('blame milk title --at @~3')).out).toContain('title: "Buy milk"')
    expect((await place.ibex('blame /data/main/milk title')).out).toContain('title: "Buy oat milk"')
    expect((await place.ibex('blame task/bread')).out).toContain('(deleted)')
    expect(JSON.parse((await place.ibex('blame milk votes --json')).out)).toMatchObject({
      schema: 'task',
      id: 'milk',
      field: 'votes',
      value: 2,
      by: 'lin',
      verified: 'seal',
    })
  })
})

test('ibex verify finds nothing wrong where nothing is', async () => {
  const { code, out } = await place.ibex('verify')
  expect({ code, out }).toEqual({ code: 0, out: 'good 6 commits verified, 6 sealed by the authority' })
  expect(JSON.parse((await place.ibex('verify --json')).out)).toEqual({
    ok: true,
    commits: 6,
    sealed: 6,
    faults: 0,
    lost: false,
  })
})

describe('ibex export-log', () => {
  test('prints every commit, oldest first, with all that it says', async () => {
    const { code, lines } = await place.ibex('export-log')
    expect(code).toBe(0)
    const commits = lines.map((line) => JSON.parse(line) as { id: string; parents: string[]; kind: string })
    expect(commits.map(({ kind }) => kind)).toEqual(['change', 'seal', 'change', 'change', 'change', 'seal'])
    for (const [i, { parents }] of commits.entries()) {
      for (const parent of parents) expect(commits.slice(0, i).map(({ id }) => id)).toContain(parent)
    }
    expect(commits[0]).toMatchObject({
      by: 'ada',
      standing: 'accepted',
      actions: [{ label: 'Add milk' }, {}],
      items: [
        {
          schema: 'task',
          id: 'bread',
          changes: [
            { action: 1, tag: 'create' },
            { field: 'title', value: 'Buy bread' },
          ],
        },
        { schema: 'task', id: 'milk' },
      ],
      withheld: [],
    })
    expect(commits[1]).toMatchObject({ seal: { count: 1, void: [] } })
    expect(commits[0]).not.toHaveProperty('bytes')
  })

  test('or those of a range, with their bytes', async () => {
    const { lines } = await place.ibex('export-log --raw @~1..@')
    const commits = lines.map((line) => JSON.parse(line) as { kind: string; bytes: string })
    expect(commits.map(({ kind }) => kind)).toEqual(['change', 'seal'])
    expect(Buffer.from(commits[0]!.bytes, 'base64').includes('bread')).toBe(true)
  })
})

describe('what cannot be done', () => {
  const trouble: Record<string, RegExp> = {
    'show nothing': /bad-option: 'nothing' names nothing/,
    'show abc': /too short/,
    'show 0000000': /names no commit/,
    'show start': /nothing comes before it/,
    'log @{once}': /names no time/,
    'log --since once': /--since: 'once' is no time/,
    'blame nobody': /There is no item 'nobody'/,
    'blame milk nothing': /no field 'nothing'. It has title/,
    'show @:bread/': /malformed-id/,
    'diff a b c': /too many arguments|Two moments/,
    'log --data none': /storage: There is no data in .*none/,
    'log --in /data/other': /There is no \/data\/other in .*, but\n {2}--in \/data\/main/,
    'log --in other': /malformed-path/,
    'log --server nowhere:1 --replay x': /one thing at a time/,
    'log --config none.mjs': /no configuration file/,
    'log --color sometimes': /--color takes/,
    'log --graph --reverse': /neither in reverse/,
    'log --what': /unknown option/,
    'log -n many': /whole number/,
    nothing: /unknown command/,
    'bisect nothing': /too many arguments|unknown command/,
    bisect: /--expr/,
    'bisect good': /No search is under way/,
    revert: /Say what to take back/,
    'revert @ --to start': /Say what to take back/,
    'revert @ --item milk': /taken back whole/,
    'log --replay none.ibexreplay': /cannot be read/,
  }
  test.each(Object.entries(trouble))('ibex %s', async (args, message) => {
    const { code, notes } = await place.ibex(args)
    expect(notes).toMatch(message)
    expect(code).toBe(2)
  })
})

test('help and version are answers', async () => {
  expect(await place.ibex('--version')).toMatchObject({ code: 0, out: '0.0.0' })
  const help = await place.ibex('--help')
  for (const command of [
    'serve',
    'log',
    'show',
    'diff',
    'blame',
    'revert',
    'bisect',
    'verify',
    'replay',
    'export-log',
  ]) {
    expect(help.out).toContain(`\n  ${command} `)
  }
  expect(help.code).toBe(0)
  expect((await place.ibex('log --help')).out).toContain('@{2 hours ago}')
})
