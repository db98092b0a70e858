import { expect, test, vi } from 'vitest'
import { IbexError, type Moment } from '../../../src/index.js'
import type { StoreStanding } from '../../../src/inspect/face.js'
import type { DrivingAbout } from '../../../src/inspect/topics.js'
import { createCell } from '../../../src/inspect/live.js'
import { createDrive } from './drive.js'

const at = (name: string): Moment => name as Moment

/** A page that answers when the test says so. */
function createPage() {
  const shown = createCell<Moment | null>(null)
  const driving = createCell<DrivingAbout | null>(null)
  const standing = createCell<StoreStanding>({ state: 'connected', message: '' })
  const asked: { moment: string | null; time?: number }[] = []
  const waiting: ((error?: Error) => void)[] = []
  const command = vi.fn((_: string, args: { moment: string | null; time?: number }) => {
    asked.push(args)
    return new Promise<null>((resolve, reject) => waiting.push((error) => (error ? reject(error) : resolve(null))))
  })
  const drive = createDrive({
    store: { command, driving, standing } as never,
    path: '/data/main',
    shown,
    history: { place: (moment: string) => ({ time: moment.length }) } as never,
    goLive: () => shown.set(null),
  })
  const answer = async (error?: Error): Promise<void> => {
    waiting.shift()!(error)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { shown, driving, standing, drive, asked: () => asked.splice(0).map(({ moment }) => moment), answer }
}

test('the page follows: one word at a time, and what was overtaken meanwhile is never said', async () => {
  const { shown, drive, asked, answer } = createPage()
  shown.set(at('a'))
  drive.begin()
  expect(asked()).toEqual(['a'])
  shown.set(at('b'))
  shown.set(at('c'))
  expect(asked()).toEqual([])
  await answer()
  expect(asked()).toEqual(['c'])
  await answer()
  drive.end()
  expect(asked()).toEqual([null])
  shown.set(at('d'))
  expect(asked()).toEqual([])
})

test('whoever goes back in the page goes back here, and drives no longer', async () => {
  const { shown, driving, drive, answer } = createPage()
  shown.set(at('a'))
  drive.begin()
  await answer()
  driving.set({ repository: '/data/main', moment: 'a' })
  driving.set(null)
  expect(drive.on.get()).toBe(false)
  expect(shown.get()).toBeNull()
})

test('a page that cannot be driven says why', async () => {
  const { shown, drive, answer } = createPage()
  shown.set(at('a'))
  drive.begin()
  await answer(new Error('nothing listens'))
  expect(drive.on.get()).toBe(false)
  expect(drive.error.get()).toBe('nothing listens')
})

test('what is asked while the line is broken is said once it is there again', async () => {
  const { shown, standing, drive, asked, answer } = createPage()
  shown.set(at('a'))
  drive.begin()
  await answer()
  asked()
  standing.set({ state: 'lost', message: '' })
  shown.set(at('b'))
  await answer(new IbexError('unreachable', 'The page cannot be reached at the moment.'))
  expect(drive.on.get()).toBe(true)
  expect(asked()).toEqual(['b'])
  standing.set({ state: 'connected', message: '' })
  expect(asked()).toEqual(['b'])
  await answer(new IbexError('unreachable', 'The page cannot be reached at the moment.'))
  expect(drive.error.get()).not.toBeNull()
  expect(drive.on.get()).toBe(false)
})

test('it is said that it is over also where nothing of late was heard', async () => {
  const { shown, standing, drive, asked, answer } = createPage()
  shown.set(at('a'))
  drive.begin()
  standing.set({ state: 'lost', message: '' })
  await answer(new IbexError('unreachable', 'gone for a moment'))
  asked()
  drive.end()
  expect(asked()).toEqual([null])
})
