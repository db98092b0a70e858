import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Place, type Ran, USERS } from './place.js'

let place: Place
/** The seventh of ten actions empties a title; the eighth fills it again, the ninth empties it for good. */
beforeAll(async () => {
  place = await Place.make()
  const world = await place.serve(USERS)
  const ada = await world.client({ token: 'ada' })
  const steps = [
    () => ada.tasks.create({ title: 'Milk' }, { id: 'milk' }),
    () => ada.tasks.create({ title: 'Bread' }, { id: 'bread' }),
    ...['b', 'c', 'd', 'e', '', 'f', '', 'g'].map((title, i) => () => {
      if (i < 7) ada.tasks.update('milk', { title: title || '-' })
      else ada.tasks.update('bread', { title })
    }),
  ]
  for (const [i, step] of steps.entries()) {
    ada.store.transact(step, { label: `Step ${i + 1}` })
    await world.settle(1000)
  }
  await ada.store.close()
  await place.save(world)
})
afterAll(() => place.remove())

const GOOD = "get('task', 'milk').title !== '-'"
const expr = (expression: string, ...more: string[]): Promise<Ran> =>
  place.ibex(['bisect', '--expr', expression, ...more])

test('finds the action after which an expression does not hold any more', async () => {
  const { code, out } = await expr(GOOD, '--good', '@~9')
  expect(code).toBe(1)
  // One of the two that made it so: halving tells no more of what was good in between.
  expect(out).toMatch(/is the first bad action\naction [0-9a-f]{64}\/0\nAuthor: ada/)
  expect(out).toMatch(/Step (7|9)\n\ntask milk\n- title: ".*"\n\+ title: "-"/)
  const first = await expr(GOOD, '--good', '@~9', '--bad', '@~3')
  expect(first.out).toContain('Step 7')
  expect(JSON.parse((await expr(GOOD, '--good', '@~9', '--bad', '@~3', '--json')).out)).toEqual({
    found: expect.stringMatching(/^[0-9a-f]{64}\/0$/),
  })
})

test('looks at few moments', async () => {
  const { notes } = await expr("items('task').length < 2")
  expect(notes.split('\n').length).toBeLessThanOrEqual(4)
  expect((await expr("items('task').length < 2")).out).toContain('Step 2')
})

test('where it holds at the end there is nothing to find', async () => {
  expect(await expr("items('task').length > 1")).toMatchObject({
    code: 0,
    out: expect.stringContaining('not bad at the end'),
  })
  expect(JSON.parse((await expr('true', '--json')).out)).toEqual({ found: null })
})

test('an expression that fails says neither', async () => {
  expect(await expr('get(')).toMatchObject({ code: 2, notes: expect.stringContaining('--expr: SyntaxError') })
  expect(await expr("get('task', 'none').title")).toMatchObject({
    code: 2,
    notes: expect.stringContaining('TypeError'),
  })
  expect(await expr("items('none')")).toMatchObject({
    code: 2,
    notes: expect.stringContaining("there is no 'none' here. There are task"),
  })
  expect(await expr('true', '--good', '@', '--bad', '@~1')).toMatchObject({
    code: 2,
    notes: expect.stringContaining('must come before'),
  })
})

test('by a command, which gets the state and answers as for git bisect run', async () => {
  const script = join(place.folder, 'judge.mjs')
  await writeFile(
    script,
    `import { readFileSync } from 'node:fs'
    const { task } = JSON.parse(readFileSync(process.env.IBEX_STATE, 'utf8'))
    const milk = task.find(({ $id }) => $id === 'milk')
    if (!process.env.IBEX_MOMENT) process.exit(200)
    process.exit(milk.title === 'e' ? 125 : milk.title === '-' ? 3 : 0)`,
  )
  const run = (command: string): Promise<Ran> =>
    place.ibex(['bisect', '--good', '@~9', '--bad', '@~3', '--run', command])
  const { code, out } = await run(`${process.execPath} ${script}`)
  expect(code).toBe(1)
  // What could not be judged may be it as well.
  expect(out).toContain('Only what was skipped is left')
  expect(out).toContain('Step 6')
  expect(out).toContain('Step 7')
  expect(await run('exit 128')).toMatchObject({ code: 2, notes: expect.stringContaining('ended with 128') })
  expect(await run('exit 125')).toMatchObject({ code: 2, notes: expect.stringContaining('bad end cannot be judged') })
})

test('by hand, step by step, with what is known in a file of its own', async () => {
  const state = async (): Promise<unknown> =>
    JSON.parse(await readFile(join(place.folder, '.ibex-bisect.json'), 'utf8'))
  const begun = await place.ibex('bisect start @~3 @~9')
  expect(begun).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Bisecting: 5 left to judge, in about 3 steps\./),
  })
  expect(begun.out).toContain('Step 4')
  expect(begun.notes).toMatch(/ibex show [0-9a-f]{8}:/)
  expect((await place.ibex('bisect good')).out).toContain('Step 5')
  expect((await place.ibex('bisect skip')).out).toContain('Step 6')
  expect(await state()).toMatchObject({ target: { data: 'data', in: '/data/main' }, skipped: [expect.any(String)] })
  const found = await place.ibex('bisect good')
  expect(found).toMatchObject({ code: 1, out: expect.stringMatching(/is the first bad action[^]*Step 7/) })
  expect((await place.ibex('bisect log')).lines.slice(2).map((line) => line.split(' ')[0])).toEqual([
    'good',
    'skip',
    'good',
  ])
  expect(await place.ibex('bisect good @')).toMatchObject({ code: 2 })
  expect((await place.ibex('bisect reset')).code).toBe(0)
  expect((await place.ibex('bisect good')).code).toBe(2)
})

test('begun by hand, finished by a command', async () => {
  await place.ibex('bisect start @~3 @~9')
  await place.ibex('bisect good')
  const { code, out } = await place.ibex(['bisect', 'run', `grep -vq '"title":"-"' "$IBEX_STATE"`])
  expect(code).toBe(1)
  expect(out).toContain('Step 7')
  await place.ibex('bisect reset')
})
