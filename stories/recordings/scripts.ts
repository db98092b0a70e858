/** What the stories' people do: each a script of real edits, which ends with the stores that a panel looks at. */
import type { Store } from 'ibex-state'
import { Person, STATES, Task } from '../scenes/tasks.js'
import type { World } from '../scenes/world.js'

/** Plays in a world that was just opened; answers stores, the first of which is shown. */
export type Script = (world: World) => Promise<readonly [Store, ...Store[]] | readonly []>

const TITLES = [
  'Fix login',
  'Write the release notes',
  'Search is slow on large projects',
  'Dark theme for the settings',
  'Crash when the clock jumps',
  'Move the build to the new machines',
  'Ask Tom about the contract',
  'Import from spreadsheets',
  'Keyboard only, everywhere',
  'Water the plants',
  'Rename projects',
  'Show who is here',
] as const

const WORDS = ['urgent', 'later', 'client', 'server', 'docs', 'bug'] as const

export const tasksOf = (store: Store) => store.collection(Task)

/** A team at work for half an hour: Ada, Lin who goes offline for a while, and Tom who comes late. */
export const team: Script = async (world) => [(await playTeam(world)).ada]

export async function playTeam(world: World): Promise<{ ada: Store; lin: Store; tom: Store }> {
  const ada = await world.person('ada')
  const lin = await world.person('lin')
  ada.transact(
    () => {
      for (const name of ['Ada', 'Lin', 'Tom']) ada.collection(Person).create({ name }, { id: name.toLowerCase() })
    },
    { label: 'Invite the team' },
  )
  await world.pass(4000)
  for (const [i, title] of TITLES.entries()) {
    const tags = [world.pick(WORDS)]
    tasksOf(i % 3 === 2 ? lin : ada).create({ title, tags, estimate: 1 + (i % 8) }, { id: `t-${i + 1}` })
    await world.pass(3000 + world.chance() * 22_000)
  }
  await work(world, [ada, lin], 60)
  await apart(world, ada, lin)

  const tom = await world.person('tom')
  await world.pass(3000)
  tom.transact(
    () => {
      for (const id of ['t-2', 't-6', 't-9']) tasksOf(tom).update(id, { owner: 'tom', state: 'doing' })
    },
    { label: 'What Tom does today' },
  )
  await world.pass(12_000)
  tasksOf(ada).update('t-3', {
    notes:
      'With 10,000 tasks the search took 400 ms. The index is built once now, and follows the changes: 3 ms, also on the phone.',
  })
  await world.pass(7000)
  tasksOf(lin).delete('t-10')
  await world.pass(6000)
  tasksOf(ada).update('t-8', {
    due: new Date(world.time.now() + 86_400_000 * 3),
    look: { colour: 'teal', pinned: true, size: { width: 320, height: 200 } },
    links: { design: 'https://example.org/design', issue: 'https://example.org/8' },
  })
  await work(world, [ada, lin, tom], 40)
  await world.pass(20_000)
  return { ada, lin, tom }
}

/** Lin leaves, and both go on. */
async function apart(world: World, ada: Store, lin: Store): Promise<void> {
  lin.setOffline(true)
  tasksOf(ada).update('t-1', { title: 'Fix login with a passkey' })
  await world.pass(5000)
  lin.transact(() => void tasksOf(lin).update('t-1', { title: 'Fix login on the phone', owner: 'lin' }), {
    label: 'Take over',
  })
  tasksOf(lin).update('t-5', { state: 'doing' })
  tasksOf(ada).update('t-5', { state: 'review' })
  await world.pass(9000)
  tasksOf(ada).update('t-3', {
    notes:
      'With 10,000 tasks the search takes 400 ms. The index should be built once, and follow the changes; see the profile of Tuesday.',
  })
  tasksOf(lin).update('t-3', { notes: 'With 10,000 tasks the search takes 400 ms on my phone.' })
  await work(world, [ada, lin], 16)
  lin.setOffline(false)
  await world.pass(8000)
}

/** Two who were apart while each gave every task another title: so many that nobody looks at all of them. */
export const disputed: Script = async (world) => {
  const ada = await world.person('ada')
  const lin = await world.person('lin')
  const ids = Array.from({ length: 230 }, (_, n) => `t-${n + 1}`)
  ada.transact(() => ids.forEach((id) => void tasksOf(ada).create({ title: 'A title' }, { id })))
  while (!tasksOf(lin).get('t-230')) await world.pass(200)
  lin.setOffline(true)
  for (const [name, store] of [
    ['Ada', ada],
    ['Lin', lin],
  ] as const)
    store.transact(() => ids.forEach((id) => void tasksOf(store).update(id, { title: `As ${name} has it` })))
  await world.pass(2000)
  lin.setOffline(false)
  await world.pass(5000)
  return [ada]
}

/** A JSON value, of which a part is another then. */
export const restyled: Script = async (world) => {
  const ada = await world.person('ada')
  const look = { colour: 'teal', pinned: true, size: { width: 320, height: 200 } }
  tasksOf(ada).create({ title: 'Dark theme for the settings', look }, { id: 't-1' })
  await world.pass(4000)
  tasksOf(ada).update('t-1', { look: { ...look, colour: 'indigo', size: { ...look.size, width: 480 } } })
  await world.pass(4000)
  return [ada]
}

/** A history for which a panel begins from a keyframe. */
export const longAgo: Script = async (world) => {
  const ada = await world.person('ada', { keyframeFrom: 20 })
  for (const [i, title] of TITLES.entries()) tasksOf(ada).create({ title }, { id: `t-${i + 1}` })
  await work(world, [ada], 400)
  return [ada]
}

/** Edits such as people make, in bursts and with pauses. */
export async function work(world: World, stores: readonly Store[], count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    edit(world, world.pick(stores))
    await world.pass(world.chance() < 0.7 ? 400 + world.chance() * 4000 : 8000 + world.chance() * 40_000)
  }
}

/** Twenty edits more, while somebody looks. */
export function goOn(world: World, [store]: readonly Store[]): void {
  let left = 20
  const next = (): void => {
    edit(world, store!)
    if (--left > 0) world.time.after(200, next)
  }
  world.time.after(200, next)
}

function edit(world: World, store: Store): void {
  const tasks = tasksOf(store)
  const { $id: id, title } = world.pick(tasks.query().get())
  const kind = world.chance()
  if (kind < 0.25) tasks.update(id, { state: world.pick(STATES) })
  else if (kind < 0.45) tasks.update(id, (task) => void task.tags.add(world.pick(WORDS)))
  else if (kind < 0.55) tasks.update(id, (task) => void task.tags.delete(world.pick(WORDS)))
  else if (kind < 0.75) tasks.update(id, (task) => task.votes.increment())
  else if (kind < 0.85) tasks.update(id, { owner: world.pick(['ada', 'lin', 'tom']) })
  else if (kind < 0.93) tasks.update(id, { estimate: 1 + Math.floor(world.chance() * 12) })
  else tasks.update(id, { title: title.endsWith('!') ? title.slice(0, -1) : `${title}!` })
}

/** A store in which nobody has done anything. */
export const nothing: Script = async (world) => [await world.person('ada')]

/** A page without a store. */
export const noStore: Script = () => Promise.resolve([])

/** Two stores in a page, one without a server. */
export const twoStores: Script = async (world) => {
  const { ada } = await playTeam(world)
  const own = await world.person('ada', { store: 'drafts', server: false })
  tasksOf(own).create({ title: 'A thought for later' }, { id: 'd-1' })
  await world.pass(2000)
  return [ada, own]
}

/** What the server would not take. */
export const refused: Script = async (world) => {
  const { ada } = await playTeam(world)
  const tasks = tasksOf(ada)
  tasks.update('t-4', { title: `Dark theme for the settings, ${'and for all other pages, '.repeat(4)}please` })
  await world.pass(5000)
  const title = 'Ask Tom, and Lin, and the lawyers, and then everybody else again, about the contract'
  ada.transact(() => void tasks.update('t-7', { title, owner: 'ada', due: new Date(world.time.now()) }), {
    label: 'Rename',
  })
  await world.pass(5000)
  return [ada]
}

/** The server is out of reach, and work goes on. */
export const offline: Script = async (world) => {
  const { ada } = await playTeam(world)
  ada.setOffline(true)
  await work(world, [ada], 8)
  return [ada]
}

/** Three who hear nothing of each other for a while, twice. */
export const scattered: Script = async (world) => {
  const { ada, lin, tom } = await playTeam(world)
  const all = [ada, lin, tom]
  for (let round = 0; round < 2; round++) {
    for (const store of all) store.setOffline(true)
    await work(world, all, 24)
    tasksOf(ada).update('t-2', { title: `Release notes, as Ada wrote them (${round + 1})`, owner: 'ada' })
    tasksOf(lin).update('t-2', { title: `Release notes, as Lin wrote them (${round + 1})`, owner: 'lin' })
    tasksOf(tom).update('t-2', { title: `Release notes, as Tom wrote them (${round + 1})` })
    tasksOf(lin).update('t-8', { links: { design: 'https://example.org/other', talk: 'https://example.org/talk' } })
    tasksOf(tom).update('t-8', { links: { design: 'https://example.org/third' } })
    await world.pass(2000)
    for (const store of all) store.setOffline(false)
    await world.pass(9000)
    if (round === 0) await work(world, all, 6)
  }
  return [ada]
}

/** Twenty who all write before anybody hears of anybody. */
export const crowd: Script = async (world) => {
  const ada = await world.person('ada')
  tasksOf(ada).create({ title: 'Say hello' }, { id: 't-1' })
  await world.pass(4000)
  const all = [ada]
  for (let n = 2; n <= 20; n++) all.push(await world.person(`guest ${n}`))
  await world.pass(4000)
  for (const store of all) store.setOffline(true)
  for (let round = 0; round < 2; round++) {
    for (const store of all) tasksOf(store).update('t-1', (task) => task.votes.increment())
    await world.pass(2000)
  }
  for (const store of all) store.setOffline(false)
  await world.pass(9000)
  return [ada]
}

/** Ada changes her mind. */
export const undone: Script = async (world) => {
  const { ada } = await playTeam(world)
  const history = await ada.history()
  const { undo, redo } = history.undoStack()
  ada.transact(() => void tasksOf(ada).update('t-9', { state: 'done', owner: 'ada' }), { label: 'Finish' })
  await world.pass(4000)
  tasksOf(ada).update('t-9', { title: 'Keyboard only' })
  await world.pass(4000)
  for (const step of [undo, undo, redo]) {
    step()
    await world.pass(3000)
  }
  history.close()
  return [ada]
}

/** An app that asks: what a list, a board and a counter would. */
export const asking: Script = async (world) => {
  const { ada, lin } = await playTeam(world)
  const tasks = tasksOf(ada)
  const views = [
    tasks.query({ where: { state: { ne: 'done' } }, orderBy: 'title' }),
    tasks.query({ where: { state: 'doing' }, orderBy: [['votes', 'desc']], limit: 50 }),
    tasks.query({ where: { tags: { has: 'urgent' }, or: [{ owner: 'ada' }, { votes: { gt: 2 } }] } }),
    tasks.query({ filter: ({ title }) => title.endsWith('!') }),
  ]
  for (const view of views) {
    view.subscribe(() => void view.get())
    view.get()
  }
  await work(world, [ada, lin], 30)
  return [ada]
}

/** Three days of one person, with pauses over night. */
export const long: Script = async (world) => {
  const ada = await world.person('ada')
  const tasks = tasksOf(ada)
  for (let i = 0; i < 120; i++) {
    tasks.create({ title: `${TITLES[i % TITLES.length]} ${i + 1}` }, { id: `t-${i + 1}` })
    if (i % 10 === 0) await world.pass(400)
  }
  for (let day = 0; day < 3; day++) {
    for (let i = 0; i < 240; i++) {
      const id = `t-${1 + Math.floor(world.chance() * 120)}`
      if (i % 3 === 0) tasks.update(id, { state: world.pick(STATES) })
      else tasks.update(id, (task) => task.votes.increment())
      await world.time.pass(350 + Math.floor(world.chance() ** 4 * 60_000))
    }
    await world.pass(57_600_000)
  }
  return [ada]
}
