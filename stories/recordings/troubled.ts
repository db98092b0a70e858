/** Scripts of what goes wrong on a device, and of what a panel is not to see. */
import type { Store } from 'ibex-state'
import { encodeBlock } from '../../src/storage/block.js'
import { createFaultyDisk, createFaultyStorage, type FaultyDisk } from '../../src/testing/faulty-disk.js'
import { crc32c } from '../../src/value/crc32c.js'
import { Task } from '../scenes/tasks.js'
import type { World } from '../scenes/world.js'
import { playTeam, type Script, tasksOf, work } from './scripts.js'

const diskOf = (world: World): FaultyDisk => createFaultyDisk({ random: () => world.chance() })

/** Ada's store on a disk of which a stretch was lost while her computer was off. */
export const damaged: Script = async (world) => {
  const { ada, lin } = await playTeam(world)
  const disk = diskOf(world)
  const open = (): Promise<Store> =>
    world.person('ada', { store: 'laptop', storage: createFaultyStorage(disk, () => world.chance()) })
  const laptop = await open()
  while (!tasksOf(laptop).get('t-12')) await world.pass(200)
  await work(world, [ada, lin, laptop], 12)
  await world.settle(laptop.flush())
  await world.settle(laptop.close())
  const [path, bytes] = Array.from(disk.snapshot()).find(([name]) => name.includes('main') && name.includes('segment'))!
  disk.overwrite(path, bytes.length >> 1, new Uint8Array(600))
  return [await open()]
}

/** A repository that another version of the app has written, in a format that this one cannot read. */
export const ofAnotherVersion: Script = async (world) => {
  const disk = diskOf(world)
  const storage = createFaultyStorage(disk, () => world.chance())
  await (await storage.openLog('/data/main')).close()
  const [path] = Array.from(disk.snapshot()).find(([name]) => name.endsWith('manifest'))!
  disk.overwrite(path, 0, manifestOfTheFuture())
  const ada = await world.person('ada', { storage, waits: false })
  await world.settle(ada.ready().catch(() => {}))
  return [ada]
}

function manifestOfTheFuture(): Uint8Array {
  const slot = encodeBlock('man', [1, 2, 1000, 3, 0, 0, 0, 0])
  slot[7] = 2
  new DataView(slot.buffer).setUint32(slot.length - 4, crc32c(slot, 0, slot.length - 4))
  return slot
}

/** Titles are nobody's business. */
export const masked: Script = async (world) => {
  await playTeam(world)
  const ada = await world.person('ada', {
    store: 'masked',
    redact: (value, { field }) => (field === 'title' && typeof value === 'string' ? '•••' : value),
  })
  while (!tasksOf(ada).get('t-12')) await world.pass(200)
  await work(world, [ada], 6)
  return [ada]
}

/** Titles are nobody's business, not even one that was refused. */
export const maskedAndRefused: Script = async (world) => {
  const [ada] = await masked(world)
  tasksOf(ada!).update('t-4', { title: TOO_LONG })
  await world.pass(5000)
  return [ada!]
}

/** One title that is too long, and with it all that was done at once is refused. */
export const refusedWithMuch: Script = async (world) => {
  const { ada } = await playTeam(world)
  const tasks = tasksOf(ada)
  tasks.update('t-4', { owner: 'ada', tags: ['bug'], links: { design: 'https://example.org' } })
  await world.pass(5000)
  const split = (): void => {
    tasks.update('t-4', (draft) => {
      draft.title = TOO_LONG
      draft.state = 'review'
      draft.due = new Date(world.time.now())
      draft.votes.increment(40)
      draft.tags.add('split')
      draft.tags.delete('bug')
      draft.links['talk'] = 'https://example.org/talk'
    })
    tasks.delete('t-5')
    tasks.create({ title: 'Dark theme for the other pages', votes: 3 }, { id: 'rest' })
  }
  ada.transact(split, { label: 'Split' })
  await world.pass(5000)
  return [ada]
}

const TOO_LONG = `Dark theme for the settings, ${'and for all other pages, '.repeat(4)}please`

/** A device that joined late, and has of what came before no more than a keyframe. */
export const late: Script = async (world) => {
  await playTeam(world)
  // The server is idle, and makes one.
  await world.pass(60_000)
  const ada = await world.person('ada', { store: 'new device', history: 'on-demand' })
  await work(world, [ada], 4)
  return [ada]
}

/** A store of this device alone. */
export const alone: Script = async (world) => {
  const ada = await world.person('ada', { server: false })
  for (const title of ['Buy bread', 'Call the bank', 'Mend the bicycle']) {
    ada.collection(Task).create({ title })
    await world.pass(9000)
  }
  await work(world, [ada], 20)
  return [ada]
}

/** An app that can show the past, which is said on the page only. */
export const drivable: Script = async (world) => {
  const { ada } = await playTeam(world)
  Object.assign(ada, { [Symbol.for('ibex-state.driver')]: { show() {} } })
  return [ada]
}
