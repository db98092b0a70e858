import { expect, test } from 'vitest'
import { defineSchema, field, type Moment } from '../../../src/index.js'
import { createCell } from '../../../src/inspect/live.js'
import { createTestStore, settle } from '../../../src/testing/test-store.js'
import { createPlayer, type TimeRange } from './player.js'

const Task = defineSchema('task', { title: field.string() })

/** A player over five actions, 100 ms apart, and the places in history of what it has shown. */
async function createFilm() {
  const store = createTestStore({ schemas: [Task] })
  const tasks = store.collection(Task)
  const { $id } = tasks.create({ title: '0' })
  for (let n = 1; n < 5; n++) {
    await settle(100)
    tasks.update($id, { title: `${n}` })
  }
  await settle()
  const history = await store.history()
  const shown = createCell<Moment | null>(null)
  const range = createCell<TimeRange | null>(null)
  const places: number[] = []
  const player = createPlayer({
    history,
    shown,
    range,
    show(moment) {
      shown.set(moment)
      const { position } = history.place(moment)
      if (places.at(-1) !== position) places.push(position)
    },
  })
  const timeOf = (position: number): number => history.timeline().slice(position - 1, position)[0]!.at
  return { player, shown, range, places, timeOf, history }
}

test('all is played to its end, by so many actions a second', async () => {
  const { player, places } = await createFilm()
  player.pace.set({ by: 'actions', speed: 20 })
  player.play()
  expect(player.playing.get()).toBe(true)
  await settle(1000)
  expect(places).toEqual([0, 1, 2, 3, 4, 5])
  expect(player.playing.get()).toBe(false)
})

test('a range alone is played, from where one looks in it, and again and again in a loop until it is paused', async () => {
  const { player, shown, range, places, timeOf, history } = await createFilm()
  range.set({ from: timeOf(2), to: timeOf(4) })
  shown.set(history.at(timeOf(3)))
  player.pace.set({ by: 'actions', speed: 20 })
  player.play()
  await settle(500)
  expect(places).toEqual([3, 4])
  expect(player.playing.get()).toBe(false)

  places.length = 0
  player.loop.set(true)
  player.play()
  await settle(1000)
  expect(player.playing.get()).toBe(true)
  expect(places.length).toBeGreaterThan(6)
  expect(new Set(places)).toEqual(new Set([2, 3, 4]))
  player.pause()
  const { length } = places
  await settle(1000)
  expect(places).toHaveLength(length)
})

test('another pace counts at once', async () => {
  const { player, places } = await createFilm()
  player.pace.set({ by: 'actions', speed: 1 })
  player.play()
  await settle(1500)
  expect(places).toEqual([0, 1])
  player.pace.set({ by: 'actions', speed: 100 })
  await settle(1000)
  expect(places.at(-1)).toBe(5)
})

test('a range without an action says so, and a history without one does nothing', async () => {
  const { player, range, timeOf } = await createFilm()
  range.set({ from: timeOf(5) + 1000, to: timeOf(5) + 2000 })
  player.play()
  expect(player.playing.get()).toBe(false)
  expect(player.error.get()).toMatch('holds no action')

  const history = await createTestStore({ schemas: [Task] }).history()
  const nothing = { history, shown: createCell(null), range: createCell(null), show: () => {} }
  const idle = createPlayer(nothing)
  idle.play()
  expect(idle.playing.get()).toBe(false)
})
